// A plain TCP or Unix-domain connection.
#pragma once

#include "proxy/net/event_loop.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/transport.h"

namespace portvakt::net {

class TcpTransport : public Transport {
 public:
  /// `fd` is connected or connecting, and non-blocking. A failed connect shows as Failed on the first write
  /// or read.
  TcpTransport(EventLoop& loop, FileDescriptor fd);

  void set_on_ready(std::function<void()> on_ready) override { on_ready_ = std::move(on_ready); }
  IoResult read(char* into, std::size_t room) override;
  IoResult write(std::string_view bytes) override;
  void shutdown_write() override;
  void reset_on_close() override;

  int descriptor() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
  std::function<void()> on_ready_;
  Readiness readiness_;  // last: gone before the descriptor closes
};

}  // namespace portvakt::net
