// Takes a chunked body apart (RFC 9112 section 7.1), strictly: hexadecimal sizes without sign or prefix, CRLF
// after every line and chunk, extensions bounded and dropped. Keeps no bytes: what is not yet decidable stays
// with the caller, who feeds it again with more behind it.
#pragma once

#include <cstdint>
#include <string_view>

#include "proxy/base/result.h"
#include "proxy/http/header_map.h"

namespace portvakt::http {

class ChunkedDecoder {
 public:
  struct Step {
    std::size_t used = 0;   // bytes of the input that are done with
    std::string_view body;  // a part of the input that is body
    bool done = false;      // the message is whole; trailers() is set
  };

  /// One step forward: body bytes, or a line taken off, or used == 0 when more input is needed.
  Result<Step> next(std::string_view input, std::size_t max_trailers);

  HeaderMap& trailers() { return trailers_; }

 private:
  enum class State : std::uint8_t { Size, Data, DataEnd, Trailers };

  Result<Step> read_size(std::string_view input);
  Result<Step> read_data(std::string_view input);
  Result<Step> read_data_end(std::string_view input);
  Result<Step> read_trailers(std::string_view input, std::size_t max_trailers);

  State state_ = State::Size;
  std::uint64_t left_ = 0;
  HeaderMap trailers_;
};

}  // namespace portvakt::http
