#include "proxy/http/chunked_decoder.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/http/framing_guard.h"
#include "proxy/http/http1_head.h"
#include "proxy/http/limits.h"
#include "proxy/http/syntax.h"

namespace portvakt::http {
namespace {

constexpr std::size_t kMaxSizeDigits = 15;  // 60 bits: no overflow, more than any body

/// The size of a chunk from its line without CRLF; empty if the line is malformed.
std::optional<std::uint64_t> parse_chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  while (digits < line.size() && ascii::hex_value(line[digits]) >= 0) {
    if (digits == kMaxSizeDigits) return std::nullopt;
    size = size * 16 + static_cast<std::uint64_t>(ascii::hex_value(line[digits]));
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  // What follows is an extension or nothing. Blanks before it are refused: readers disagree about them.
  const auto rest = line.substr(digits);
  if (!rest.empty() && (rest[0] != ';' || !is_field_value(rest))) return std::nullopt;
  return size;
}

}  // namespace

Result<ChunkedDecoder::Step> ChunkedDecoder::next(std::string_view input, std::size_t max_trailers) {
  if (input.empty()) return Step{};
  switch (state_) {
    case State::Size:
      return read_size(input);
    case State::Data:
      return read_data(input);
    case State::DataEnd:
      return read_data_end(input);
    case State::Trailers:
      return read_trailers(input, max_trailers);
  }
  return Step{};
}

Result<ChunkedDecoder::Step> ChunkedDecoder::read_size(std::string_view input) {
  const auto end = input.find('\n');
  if (end == std::string_view::npos) {
    if (input.size() > kMaxChunkLine) return failure(ErrorKind::Malformed, "chunk-size line too long");
    return Step{};
  }
  if (end == 0 || input[end - 1] != '\r' || end > kMaxChunkLine) {
    return failure(ErrorKind::Malformed, "bad end of a chunk-size line");
  }
  const auto size = parse_chunk_size(input.substr(0, end - 1));
  if (!size) return failure(ErrorKind::Malformed, "bad chunk size");
  left_ = *size;
  state_ = left_ == 0 ? State::Trailers : State::Data;
  return Step{.used = end + 1, .body = {}, .done = false};
}

Result<ChunkedDecoder::Step> ChunkedDecoder::read_data(std::string_view input) {
  const auto body = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
  left_ -= body.size();
  if (left_ == 0) state_ = State::DataEnd;
  return Step{.used = body.size(), .body = body, .done = false};
}

Result<ChunkedDecoder::Step> ChunkedDecoder::read_data_end(std::string_view input) {
  if (input[0] != '\r' || (input.size() > 1 && input[1] != '\n')) {
    return failure(ErrorKind::Malformed, "no CRLF after a chunk");
  }
  if (input.size() < 2) return Step{};
  state_ = State::Size;
  return Step{.used = 2, .body = {}, .done = false};
}

Result<ChunkedDecoder::Step> ChunkedDecoder::read_trailers(std::string_view input, std::size_t max_trailers) {
  std::size_t end = 2;
  if (!input.starts_with("\r\n")) {
    if (input == "\r") return Step{};
    const auto last = input.find("\r\n\r\n");
    const bool whole = last != std::string_view::npos;
    // Up to three bytes of the end may be here already.
    if ((whole ? last : input.size()) > kMaxTrailerBytes + (whole ? 0 : 3)) {
      return failure(ErrorKind::HeadTooLarge, "trailer section too long");
    }
    if (!whole) return Step{};
    end = last + 4;
    if (auto read = parse_fields(input.substr(0, end), max_trailers, trailers_); !read) {
      return tl::unexpected(read.error());
    }
    guard_trailers(trailers_);
  }
  return Step{.used = end, .body = {}, .done = true};
}

}  // namespace portvakt::http
