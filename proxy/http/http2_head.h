// Puts one HTTP/2 header block together, field by field (RFC 9113 section 8), into the same heads as HTTP/1:
// pseudo-fields become the first line's parts, cookie crumbs one Cookie. Every field counts against the
// limits as RFC 9113 section 6.5.2 counts it, crumbs included and whether it is kept or not: a block of a few
// bytes can unpack into megabytes. Field syntax and the order of pseudo-fields are nghttp2's to refuse.
#pragma once

#include <string>
#include <string_view>

#include "proxy/base/result.h"
#include "proxy/http/limits.h"
#include "proxy/http/message.h"

namespace portvakt::http {

class Http2HeadReader {
 public:
  /// For the next block of the same stream.
  void clear() { *this = Http2HeadReader(); }
  void add(std::string_view name, std::string_view value, const MessageLimits& limits);

  /// Unpacked size so far: names and values, and 32 bytes for each field.
  std::size_t size() const { return size_; }

  /// `ends`: no body follows. The scheme is left empty: the connection knows it. Errors: Malformed,
  /// TargetTooLong, HeadTooLarge, TooManyFields, Unsupported (CONNECT, TRACE).
  Result<RequestHead> take_request(bool ends, BodyLength& length);
  /// `to_head`: the request was a HEAD.
  Result<ResponseHead> take_response(bool to_head, bool ends, BodyLength& length);
  Result<HeaderMap> take_trailers();

 private:
  void add_pseudo(std::string_view name, std::string_view value);
  Result<void> settle_authority();
  Result<void> settle_target();
  void join_cookies();

  HeaderMap fields_;
  std::string method_;
  std::string scheme_;
  std::string authority_;
  std::string target_;
  std::string status_;
  std::string host_;
  std::string cookie_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  bool too_large_ = false;
  bool too_many_ = false;
  bool target_too_long_ = false;
};

}  // namespace portvakt::http
