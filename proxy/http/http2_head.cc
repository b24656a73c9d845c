#include "proxy/http/http2_head.h"

#include "proxy/base/ascii.h"
#include "proxy/http/framing_guard.h"
#include "proxy/http/request_target.h"
#include "proxy/http/syntax.h"

namespace portvakt::http {
namespace {

constexpr std::size_t kFieldOverhead = 32;

}  // namespace

void Http2HeadReader::add(std::string_view name, std::string_view value, const MessageLimits& limits) {
  size_ += name.size() + value.size() + kFieldOverhead;
  const bool pseudo = name.starts_with(':');
  if (!pseudo) ++count_;
  if (name == ":path" && value.size() > limits.max_line) target_too_long_ = true;
  too_large_ = too_large_ || size_ > limits.max_header_bytes;
  too_many_ = too_many_ || count_ > limits.max_header_count;
  if (too_large_ || too_many_ || target_too_long_) return;  // what was kept answers; the rest is only counted
  if (pseudo) {
    add_pseudo(name, value);
  } else if (name == "cookie") {
    // RFC 9113 section 8.2.3: clients may send a cookie field in crumbs; HTTP/1 knows one field.
    if (!cookie_.empty()) cookie_ += "; ";
    cookie_ += value;
  } else if (name == "host") {
    host_ = value;
  } else {
    fields_.add(name, value);
  }
}

void Http2HeadReader::add_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") method_ = value;
  if (name == ":scheme") scheme_ = value;
  if (name == ":authority") authority_ = value;
  if (name == ":path") target_ = value;
  if (name == ":status") status_ = value;
}

/// RFC 9113 section 8.3.1: a Host that names another server than :authority is how caches and virtual hosts
/// get confused.
Result<void> Http2HeadReader::settle_authority() {
  if (authority_.empty()) {
    authority_ = host_;
  } else if (!host_.empty() && !ascii::iequals(authority_, host_)) {
    return failure(ErrorKind::Malformed, "Host differs from :authority");
  }
  if (!is_authority(authority_)) return failure(ErrorKind::Malformed, "bad :authority");
  return {};
}

Result<void> Http2HeadReader::settle_target() {
  if (scheme_ != "http" && scheme_ != "https") return failure(ErrorKind::Malformed, "bad :scheme");
  if (!is_target_text(target_)) return failure(ErrorKind::Malformed, "bad character in :path");
  if (target_ == "*" && method_ == "OPTIONS") return {};
  if (!target_.starts_with('/')) return failure(ErrorKind::Malformed, ":path is no path");
  target_ = canonical_target(target_);
  return {};
}

void Http2HeadReader::join_cookies() {
  if (!cookie_.empty()) fields_.add("cookie", cookie_);
}

Result<RequestHead> Http2HeadReader::take_request(bool ends, BodyLength& length) {
  if (target_too_long_) return failure(ErrorKind::TargetTooLong, ":path too long");
  if (too_large_) return failure(ErrorKind::HeadTooLarge, "head too large");
  if (too_many_) return failure(ErrorKind::TooManyFields, "too many header fields");
  // As in HTTP/1: CONNECT would make a tunnel of us; TRACE sends a visitor's own headers back.
  if (method_ == "CONNECT" || method_ == "TRACE") {
    return failure(ErrorKind::Unsupported, "a method that is not served here");
  }
  if (!is_token(method_)) return failure(ErrorKind::Malformed, "bad :method");
  if (auto settled = settle_target(); !settled) return tl::unexpected(settled.error());
  if (auto settled = settle_authority(); !settled) return tl::unexpected(settled.error());
  join_cookies();
  RequestHead head;
  head.method = std::move(method_);
  head.authority = std::move(authority_);
  head.target = std::move(target_);
  head.version = Version::Http2;
  head.headers = std::move(fields_);
  const auto framing = guard_request(head);
  if (!framing) return tl::unexpected(framing.error());
  length = {.none = ends, .bytes = framing->length.bytes};
  return head;
}

Result<ResponseHead> Http2HeadReader::take_response(bool to_head, bool ends, BodyLength& length) {
  if (too_large_ || too_many_) {
    return failure(ErrorKind::HeadTooLarge, "head too large", ErrorSide::Upstream);
  }
  const auto status = ascii::parse_uint(status_);
  if (status_.size() != 3 || !status || *status < 100 || *status > 599) {
    return failure(ErrorKind::Malformed, "bad :status", ErrorSide::Upstream);
  }
  join_cookies();
  ResponseHead head;
  head.status = static_cast<int>(*status);
  head.version = Version::Http2;
  head.headers = std::move(fields_);
  const auto framing = guard_response(head, to_head);
  if (!framing) return tl::unexpected(framing.error());
  const bool bodiless = to_head || head.informational() || head.status == 204 || head.status == 304;
  length = {.none = ends || bodiless, .bytes = framing->length.bytes};
  return head;
}

Result<HeaderMap> Http2HeadReader::take_trailers() {
  if (too_large_ || too_many_) return failure(ErrorKind::HeadTooLarge, "trailers too large");
  guard_trailers(fields_);
  return std::move(fields_);
}

}  // namespace portvakt::http
