// Any bytes as a server's answer, in pieces whose size the first byte says.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "proxy/logs/redis/redis_reply.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = data[0] + 1U;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  portvakt::logs::RedisReplyReader reader;
  while (!bytes.empty()) {
    if (!reader.feed(bytes.substr(0, piece))) return 0;
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (true) {
      auto reply = reader.next();
      if (!reply) return 0;
      if (!*reply) break;
      if ((*reply)->is_error()) (void)(*reply)->fault();
    }
  }
  return 0;
}
