// One end of a connection without a socket: the test says what can be read, and sees what was written.
// Nothing happens behind the test's back: it calls ready() as the loop would.
#pragma once

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <string>

#include "proxy/net/transport.h"

namespace portvakt::test {

/// Shared by the transport (which its owner destroys) and the test.
struct MemoryWire {
  std::deque<std::string> incoming;  // each is one read
  bool peer_ended = false;
  bool broken = false;
  std::size_t write_room = SIZE_MAX;  // how many more bytes may be written
  std::string written;
  bool write_shut = false;
  bool reset = false;
  std::string foreign;  // a host that this connection may not carry
  std::function<void()> on_ready;

  void ready() { on_ready(); }
};

class MemoryTransport : public net::Transport {
 public:
  explicit MemoryTransport(MemoryWire& wire) : wire_(wire) {}

  void set_on_ready(std::function<void()> on_ready) override { wire_.on_ready = std::move(on_ready); }

  net::IoResult read(char* into, std::size_t room) override {
    if (wire_.broken) return {net::IoState::Failed, 0};
    if (wire_.incoming.empty()) return {wire_.peer_ended ? net::IoState::Ended : net::IoState::Blocked, 0};
    auto& next = wire_.incoming.front();
    const std::size_t count = std::min(room, next.size());
    std::memcpy(into, next.data(), count);
    next.erase(0, count);
    if (next.empty()) wire_.incoming.pop_front();
    return {net::IoState::Moved, count};
  }

  net::IoResult write(std::string_view bytes) override {
    if (wire_.broken) return {net::IoState::Failed, 0};
    const std::size_t count = std::min(bytes.size(), wire_.write_room);
    if (count == 0) return {net::IoState::Blocked, 0};
    wire_.written.append(bytes.substr(0, count));
    wire_.write_room -= count;
    return {net::IoState::Moved, count};
  }

  void shutdown_write() override { wire_.write_shut = true; }
  void reset_on_close() override { wire_.reset = true; }
  bool may_carry(std::string_view authority) const override { return authority != wire_.foreign; }

 private:
  MemoryWire& wire_;
};

}  // namespace portvakt::test
