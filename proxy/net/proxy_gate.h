// Connections that must begin with a PROXY header, until it is there: within a limit of bytes and of time.
// The header is looked at without being taken, so that not one byte of what follows it (a request, a TLS
// handshake) is read here. Who may connect was decided before. One per worker, on its loop.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "proxy/base/counters.h"
#include "proxy/net/event_loop.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/proxy_protocol.h"

namespace portvakt::net {

/// Why connections were closed instead of being served.
struct ProxyGateCounters {
  Counter untrusted;  // not from a trusted proxy
  Counter malformed;  // no header, or a bad one
  Counter late;       // the header took too long, or never came
};

class ProxyGates {
 public:
  /// `client` is whom the connection is for: the header's client, the peer itself where it speaks for itself,
  /// and the unspecified address, which nobody trusts, where the peer cannot say.
  using OnOpen = std::function<void(FileDescriptor, const IpAddress& client)>;

  explicit ProxyGates(EventLoop& loop);
  ~ProxyGates();
  ProxyGates(const ProxyGates&) = delete;
  ProxyGates& operator=(const ProxyGates&) = delete;

  void await_header(FileDescriptor fd, const IpAddress& peer, std::chrono::milliseconds limit,
                    OnOpen on_open);
  void refuse_untrusted() { counters_.untrusted.add(); }
  /// Closes those that still wait.
  void clear();
  std::size_t waiting() const { return waiting_.size(); }
  /// Any thread.
  const ProxyGateCounters& counters() const { return counters_; }

 private:
  class Gate;
  void forget(Gate& gate);

  EventLoop& loop_;
  ProxyGateCounters counters_;
  std::unordered_map<Gate*, std::unique_ptr<Gate>> waiting_;
};

}  // namespace portvakt::net
