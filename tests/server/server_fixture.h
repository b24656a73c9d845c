// What the server's tests share: a configuration with one site on a scratch folder, and a plain client that
// waits for what it asked.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/model.h"
#include "proxy/net/file_descriptor.h"
#include "proxy/net/socket.h"
#include "tests/support/source_file.h"

namespace portvakt::test {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "portvakt-server-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline net::Endpoint loopback(std::uint16_t port) {
  return {*IpAddress::parse("127.0.0.1"), port, {}};
}

inline config::Listener listener_at(std::uint16_t port) {
  config::Listener listener;
  listener.address.tcp = {"127.0.0.1", port};
  return listener;
}

/// A site `a` for a.test, whose upstream is on `port`; no listener.
inline config::Model one_site(const std::filesystem::path& folder, std::uint16_t port) {
  config::Model model;
  model.workers = 2;
  model.vendors_file = source_file("config/vendors.yaml");
  model.locales = source_file("config/locales");
  model.log.spool.path = folder / "spool";
  model.log.spool.max_size = 16U << 20;
  model.consent.signing_keys.push_back({{}, folder / "consent.key"});
  config::Site site;
  site.name = "a";
  site.hosts = {"a.test"};
  config::Upstream upstream;
  upstream.address = {"127.0.0.1", port};
  site.upstreams.push_back(upstream);
  model.sites.push_back(site);
  return model;
}

/// A connection of a client. Every wait is bounded by half a minute.
class PlainClient {
 public:
  explicit PlainClient(std::uint16_t port) : fd_(connect(port)) {}
  bool connected() const { return fd_.open(); }

  void send(std::string_view bytes) {
    EXPECT_EQ(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// Reads until `text` has come; false if the connection ended before.
  bool got(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
      if (!read_some()) return false;
    }
    return true;
  }
  /// Reads until the server has closed.
  bool closed() {
    while (read_some()) {
    }
    return ended_;
  }
  const std::string& received() const { return received_; }

 private:
  static net::FileDescriptor connect(std::uint16_t port) {
    net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
    return fd;
  }
  bool read_some() {
    pollfd wait{fd_.get(), POLLIN, 0};
    if (::poll(&wait, 1, 30000) != 1) return false;
    char bytes[4096];
    const auto count = ::recv(fd_.get(), bytes, sizeof bytes, 0);
    ended_ = count <= 0;
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  net::FileDescriptor fd_;
  std::string received_;
  bool ended_ = false;
};

/// Whether a connection is taken at once.
inline bool accepts(std::uint16_t port) {
  return PlainClient(port).connected();
}

/// Looks again and again for half a minute.
inline bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

}  // namespace portvakt::test
