// Stands between a client and a Redis server on a Unix socket and, when told to, lets a command through but
// cuts the connection instead of passing the answer on: the client cannot know whether it was done.
#pragma once

#include <atomic>
#include <cstring>
#include <string>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/logs/scratch_folder.h"

namespace portvakt::logs {

class CuttingRelay {
 public:
  explicit CuttingRelay(std::string server) : server_(std::move(server)), thread_([this] { serve(); }) {}
  ~CuttingRelay() {
    ending_ = true;
    thread_.join();
    ::close(listener_);
  }
  CuttingRelay(const CuttingRelay&) = delete;
  CuttingRelay& operator=(const CuttingRelay&) = delete;

  std::string path() const { return (folder_.path() / "relay.sock").string(); }
  /// The next answers to a script call are swallowed, so many times.
  void cut_answers(int times) { cuts_ = times; }
  int cuts_left() const { return cuts_; }

 private:
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
  }

  static int listen_at(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(path);
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd, 8);
    return fd;
  }

  void serve() {
    while (!ending_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 10) <= 0) continue;
      const int client = ::accept(listener_, nullptr, nullptr);
      const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_un address = address_of(server_);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        relay(client, server);
      ::close(client);
      ::close(server);
    }
  }

  void relay(int client, int server) {
    bool script_called = false;
    char bytes[1 << 16];
    while (!ending_) {
      pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      ::poll(ends, 2, 10);
      for (int i = 0; i < 2; ++i) {
        if (ends[i].revents == 0) continue;
        const ssize_t got = ::recv(ends[i].fd, bytes, sizeof bytes, 0);
        if (got <= 0) return;
        const std::string_view text(bytes, static_cast<std::size_t>(got));
        script_called = script_called || text.find("EVALSHA") != std::string_view::npos;
        if (i == 1 && script_called && cuts_ > 0) {
          --cuts_;
          return;
        }
        if (i == 1) script_called = false;
        for (ssize_t sent = 0; sent < got;) {
          const ssize_t some =
              ::send(ends[1 - i].fd, bytes + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
          if (some <= 0) return;
          sent += some;
        }
      }
    }
  }

  ScratchFolder folder_;
  std::string server_;
  std::atomic<int> cuts_{0};
  std::atomic<bool> ending_{false};
  int listener_ = listen_at(path());
  std::thread thread_;
};

}  // namespace portvakt::logs
