// A server on a loopback port, on the test's own loop, that does what the test says and keeps what reached
// it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "proxy/net/listener.h"
#include "proxy/net/socket.h"
#include "proxy/net/stream_pump.h"
#include "proxy/net/tcp_transport.h"

namespace portvakt::test {

/// One connection that the proxy has opened.
class UpstreamPeer : private net::PumpEvents {
 public:
  using OnBytes = std::function<void(UpstreamPeer&)>;

  UpstreamPeer(net::EventLoop& loop, net::FileDescriptor fd, const OnBytes& on_bytes)
      : on_bytes_(on_bytes),
        pump_(loop, std::make_unique<net::TcpTransport>(loop, std::move(fd)), output_, *this) {}

  void send(std::string_view bytes) {
    output_.append(bytes);
    pump_.flush_soon();
  }
  /// Says that no more will come, after what was sent.
  void end() { pump_.shutdown_when_flushed(); }
  void stop_reading() { pump_.pause(net::StreamPump::BackPressure); }
  void go_on_reading() { pump_.resume(net::StreamPump::BackPressure); }
  /// Everything sent has gone to the kernel.
  bool flushed() const { return pump_.flushed(); }

  std::string received;
  bool gone = false;  // the proxy has closed it
  /// Bytes to send without end, as long as the proxy takes them.
  std::string endless;
  std::size_t endless_sent = 0;

 private:
  std::size_t on_bytes(std::string_view bytes) override {
    received.append(bytes);
    on_bytes_(*this);
    return bytes.size();
  }
  void on_peer_end() override { gone = true; }
  void on_broken() override { gone = true; }
  void on_written() override {
    if (endless.empty() || !pump_.flushed()) return;
    endless_sent += endless.size();
    send(endless);
  }

  const OnBytes& on_bytes_;
  Buffer output_;
  net::StreamPump pump_;
};

class ScriptedUpstream {
 public:
  explicit ScriptedUpstream(net::EventLoop& loop) : ScriptedUpstream(loop, listening()) {}

  std::uint16_t port() const { return port_; }
  /// Called whenever bytes came. By default every head is answered with "ok".
  UpstreamPeer::OnBytes on_bytes = [](UpstreamPeer& peer) {
    if (!peer.received.ends_with("\r\n\r\n")) return;
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  };
  std::vector<std::unique_ptr<UpstreamPeer>> peers;

  /// All that came, over all connections.
  std::string received() const {
    std::string all;
    for (const auto& peer : peers) all += peer->received;
    return all;
  }

 private:
  static net::FileDescriptor listening() {
    auto fd = std::move(*net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false));
    const int small = 256 * 1024;  // so that a test need not send megabytes before anybody has to wait
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    return fd;
  }
  ScriptedUpstream(net::EventLoop& loop, net::FileDescriptor fd)
      : port_(net::local_port(fd)),
        listener_(loop, std::move(fd),
                  [this, &loop](net::FileDescriptor connection, std::optional<IpAddress>) {
                    peers.push_back(std::make_unique<UpstreamPeer>(loop, std::move(connection), on_bytes));
                  }) {}

  std::uint16_t port_;
  net::Listener listener_;
};

}  // namespace portvakt::test
