#include <isa-l/igzip_lib.h>

#include <array>

#include "proxy/base/buffer.h"
#include "proxy/http/content_coding.h"

namespace portvakt::http {
namespace {

constexpr std::size_t kPiece = 16 * 1024;
/// A rewriter hands over many small slices; the library is called for this many bytes at once.
constexpr std::size_t kGathered = 8 * 1024;
constexpr std::size_t kLevelRoom = ISAL_DEF_LVL1_MEDIUM;

std::uint8_t* as_octets(const char* bytes) {
  return const_cast<std::uint8_t*>(
      reinterpret_cast<const std::uint8_t*>(bytes));  // the library does not write to its input
}

}  // namespace

struct Deflater::State {
  isal_zstream stream;
  std::array<std::uint8_t, kLevelRoom> level_room;
  std::array<char, kPiece> piece;
  Buffer gathered;
};

// Not zeroed: the library sets up what it reads.
Deflater::Deflater(Coding coding) : state_(std::make_unique_for_overwrite<State>()) {
  auto& stream = state_->stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = state_->level_room.data();
  stream.level_buf_size = static_cast<std::uint32_t>(kLevelRoom);
  stream.gzip_flag = coding == Coding::Gzip ? IGZIP_GZIP : IGZIP_ZLIB;
}

Deflater::~Deflater() = default;

void Deflater::run(std::string_view bytes, Mode mode, const ByteSink& out) {
  auto& stream = state_->stream;
  auto& piece = state_->piece;
  stream.next_in = as_octets(bytes.data());
  stream.avail_in = static_cast<std::uint32_t>(bytes.size());
  stream.flush = mode == Mode::Flush ? SYNC_FLUSH : NO_FLUSH;
  stream.end_of_stream = mode == Mode::End ? 1 : 0;
  do {
    stream.next_out = as_octets(piece.data());
    stream.avail_out = static_cast<std::uint32_t>(piece.size());
    isal_deflate(&stream);
    const std::size_t made = piece.size() - stream.avail_out;
    if (made > 0) out({piece.data(), made});
  } while (stream.avail_out == 0 || stream.avail_in > 0);
}

void Deflater::write(std::string_view bytes, const ByteSink& out) {
  auto& gathered = state_->gathered;
  if (gathered.size() + bytes.size() < kGathered) {
    gathered.append(bytes);
    return;
  }
  run(gathered.view(), Mode::More, out);
  gathered.clear();
  run(bytes, Mode::More, out);
}

void Deflater::flush(const ByteSink& out) {
  run(state_->gathered.view(), Mode::Flush, out);
  state_->gathered.clear();
}

void Deflater::end(const ByteSink& out) {
  run(state_->gathered.view(), Mode::End, out);
  state_->gathered.clear();
}

}  // namespace portvakt::http
