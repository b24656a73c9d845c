#include "proxy/logs/shipping/visitor_index.h"

namespace portvakt::logs {
namespace {

constexpr std::size_t kTimeBytes = 6;
constexpr std::size_t kEntryBytes = 10;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

IndexValue parse_index(std::string_view value) {
  IndexValue index;
  for (; value.size() >= kEntryBytes; value.remove_prefix(kEntryBytes)) {
    const std::uint64_t time = big_endian(value.substr(0, kTimeBytes));
    const std::uint64_t count = big_endian(value.substr(kTimeBytes, kEntryBytes - kTimeBytes));
    if (time == 0) {
      index.moved = count;
    } else {
      index.entries.push_back(std::to_string(time) + "-" + std::to_string(count));
    }
  }
  return index;
}

}  // namespace portvakt::logs
