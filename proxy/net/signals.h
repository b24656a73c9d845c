// Process signals as events of a loop. Made on the main thread before any other thread starts, so that no
// thread is interrupted by them.
#pragma once

#include <functional>
#include <initializer_list>

#include "proxy/net/event_loop.h"
#include "proxy/net/file_descriptor.h"

namespace portvakt::net {

/// Blocks the signals for this thread and all that it will start; also ignores SIGPIPE.
class BlockedSignals {
 public:
  explicit BlockedSignals(std::initializer_list<int> signals);
  int descriptor() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
};

class SignalWatch {
 public:
  SignalWatch(EventLoop& loop, const BlockedSignals& signals, std::function<void(int)> on_signal);

 private:
  int fd_;
  std::function<void(int)> on_signal_;
  Readiness readiness_;
};

}  // namespace portvakt::net
