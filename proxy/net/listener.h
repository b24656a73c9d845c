// Accepts connections on one address for one worker. Lives on the worker's loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "proxy/base/address.h"
#include "proxy/net/event_loop.h"
#include "proxy/net/file_descriptor.h"

namespace portvakt::net {

class Listener {
 public:
  /// `peer` is empty for a Unix socket.
  using OnConnection = std::function<void(FileDescriptor, std::optional<IpAddress> peer)>;

  /// `on_exhausted`: there are no descriptors, or no memory, for one more; accepting pauses for a moment.
  Listener(
      EventLoop& loop, FileDescriptor fd, OnConnection on_connection,
      std::function<void()> on_exhausted = [] {});

  /// Accepts what the kernel has already queued, then no more.
  void close();

 private:
  /// False: there are none left, or none can be had now.
  bool accept_some();

  EventLoop& loop_;
  FileDescriptor fd_;
  OnConnection on_connection_;
  std::function<void()> on_exhausted_;
  bool exhausted_ = false;  // told so already
  Timer retry_;
  std::unique_ptr<Readiness> readiness_;
};

}  // namespace portvakt::net
