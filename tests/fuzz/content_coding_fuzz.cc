// The first byte chooses coding and cut. What is encoded decodes to itself however it is cut and flushed;
// bytes of a stranger decode to the same, or fail, whatever the cut, and come out in bounded pieces.
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/http/content_coding.h"

namespace {

using portvakt::http::Coding;
using portvakt::http::Deflater;
using portvakt::http::Inflater;

constexpr std::size_t kLargestPiece = 16 * 1024;
constexpr std::size_t kEnough = 4 * 1024 * 1024;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string inflate(std::string_view bytes, Coding coding, std::size_t piece) {
  std::string out;
  Inflater inflater(coding);
  for (std::size_t at = 0; at < bytes.size() && out.size() < kEnough; at += piece) {
    const auto read = inflater.write(bytes.substr(at, piece), [&](std::string_view made) {
      require(!made.empty() && made.size() <= kLargestPiece);
      out.append(made);
    });
    if (!read) return out + "|malformed";
  }
  return inflater.end() ? out : out + "|cut short";
}

std::string deflate(std::string_view text, Coding coding, std::size_t piece) {
  std::string out;
  Deflater deflater(coding);
  const auto sink = [&](std::string_view made) { out.append(made); };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    deflater.write(text.substr(at, piece), sink);
    if (at % 3 == 0) deflater.flush(sink);
  }
  deflater.end(sink);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const Coding coding = (data[0] & 1) != 0 ? Coding::Gzip : Coding::Deflate;
  const std::size_t piece = 1 + (data[0] >> 1);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = inflate(bytes, coding, bytes.size() + 1);
  if (whole.size() < kEnough) require(inflate(bytes, coding, piece) == whole);
  require(inflate(deflate(bytes, coding, piece), coding, piece) == bytes);
  return 0;
}
