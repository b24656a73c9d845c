// One connection's bytes, plain or encrypted, without blocking: try first, wait for readiness only after
// Blocked. Made by a listener or a connector; owned by one connection on one worker.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace portvakt::net {

enum class IoState {
  Moved,    // `bytes` were read or written; there may be room for more
  Blocked,  // nothing now: on_ready will tell
  Ended,    // the peer closed its sending side (reads only)
  Failed,   // the connection is broken
};

struct IoResult {
  IoState state = IoState::Blocked;
  std::size_t bytes = 0;
  /// Reads: nothing is left for now, as if the next had been Blocked.
  bool drained = false;
};

class Transport {
 public:
  virtual ~Transport() = default;

  /// Called whenever a blocked read or write may go on. Set once, before the first read. The transport may be
  /// destroyed inside the callback only through EventLoop::delete_later.
  virtual void set_on_ready(std::function<void()> on_ready) = 0;
  virtual IoResult read(char* into, std::size_t room) = 0;
  virtual IoResult write(std::string_view bytes) = 0;
  /// Says that no more will be written. The peer can still send.
  virtual void shutdown_write() = 0;
  /// What the peers have agreed on while shaking hands (ALPN, RFC 7301); empty without that.
  virtual std::string_view protocol() const { return {}; }
  /// The next close resets the connection, so that a message cut short cannot be taken for a whole one.
  virtual void reset_on_close() = 0;
  /// Whether requests for this `host[:port]` belong on this connection; else the answer is 421.
  virtual bool may_carry([[maybe_unused]] std::string_view authority) const { return true; }
  /// Why it is Failed, in words for an operator; empty if there is nothing to add.
  virtual std::string fault() const { return {}; }
};

}  // namespace portvakt::net
