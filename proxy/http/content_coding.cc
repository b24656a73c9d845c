#include "proxy/http/content_coding.h"

#include <zlib.h>

#include <array>
#include <cstdlib>

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;

Bytef* as_bytef(std::string_view bytes) {
  return const_cast<Bytef*>(
      reinterpret_cast<const Bytef*>(bytes.data()));  // zlib does not write to its input
}

}  // namespace

Coding parse_content_coding(std::string_view content_encoding) {
  const auto codings = ascii::split(content_encoding, ',');
  if (codings.empty() || (codings.size() == 1 && ascii::iequals(codings[0], "identity")))
    return Coding::Identity;
  if (codings.size() > 1) return Coding::Other;
  if (ascii::iequals(codings[0], "gzip") || ascii::iequals(codings[0], "x-gzip")) return Coding::Gzip;
  return ascii::iequals(codings[0], "deflate") ? Coding::Deflate : Coding::Other;
}

struct Inflater::State {
  z_stream stream{};
  Coding coding = Coding::Gzip;
  bool sniffed = false;  // deflate: zlib wrapper or raw, told by the first byte
  bool started = false;
  bool ended = false;
  std::array<char, kPiece> piece;
};

Inflater::Inflater(Coding coding) : state_(std::make_unique<State>()) {
  state_->coding = coding;
  if (inflateInit2(&state_->stream, coding == Coding::Gzip ? kGzipWindow : kZlibWindow) != Z_OK) std::abort();
}

Inflater::~Inflater() {
  inflateEnd(&state_->stream);
}

Result<void> Inflater::write(std::string_view bytes, const ByteSink& out) {
  auto& s = *state_;
  if (bytes.empty()) return {};
  s.started = true;
  if (s.coding == Coding::Deflate && !s.sniffed) {
    // Senders disagree on what "deflate" is: RFC 9110 says zlib format, some send raw deflate.
    s.sniffed = true;
    const bool wrapped = (static_cast<unsigned char>(bytes[0]) & 0x0f) == Z_DEFLATED;
    if (!wrapped && inflateReset2(&s.stream, kRawWindow) != Z_OK) std::abort();
  }
  s.stream.next_in = as_bytef(bytes);
  s.stream.avail_in = static_cast<uInt>(bytes.size());
  while (true) {
    if (s.ended) {
      if (s.stream.avail_in == 0) return {};
      if (s.coding != Coding::Gzip) return failure(ErrorKind::Malformed, "bytes after the compressed body");
      inflateReset(&s.stream);
      s.ended = false;
    }
    s.stream.next_out = reinterpret_cast<Bytef*>(s.piece.data());
    s.stream.avail_out = kPiece;
    const int status = inflate(&s.stream, Z_NO_FLUSH);
    const std::size_t made = kPiece - s.stream.avail_out;
    if (made > 0) out({s.piece.data(), made});
    s.ended = status == Z_STREAM_END;
    if (status == Z_BUF_ERROR || (status == Z_OK && s.stream.avail_in == 0 && s.stream.avail_out > 0))
      return {};
    if (status != Z_OK && status != Z_STREAM_END) {
      return failure(ErrorKind::Malformed, "the body is not of its content coding", ErrorSide::Upstream);
    }
  }
}

Result<void> Inflater::end() {
  if (state_->ended || !state_->started) return {};
  return failure(ErrorKind::Closed, "the compressed body stops before its end", ErrorSide::Upstream);
}

}  // namespace portvakt::http
