#include "proxy/net/signals.h"

#include <pthread.h>
#include <sys/signalfd.h>

#include <csignal>

namespace portvakt::net {

BlockedSignals::BlockedSignals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  fd_ = FileDescriptor(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

SignalWatch::SignalWatch(EventLoop& loop, const BlockedSignals& signals, std::function<void(int)> on_signal)
    : fd_(signals.descriptor()),
      on_signal_(std::move(on_signal)),
      readiness_(loop, fd_, Readiness::Mode::LevelRead, [this](bool, bool) {
        signalfd_siginfo info{};
        while (::read(fd_, &info, sizeof info) == sizeof info) on_signal_(static_cast<int>(info.ssi_signo));
      }) {}

}  // namespace portvakt::net
