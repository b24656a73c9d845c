// A client's connection in memory, the whole way of a request behind it, an upstream on a loopback port, and
// a real spool: so that a test says what both sides do, and sees what both got and what was recorded.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "proxy/exchange/client_connection.h"
#include "proxy/logs/spool/spool.h"
#include "proxy/logs/spool/spool_dump.h"
#include "tests/exchange/scripted_upstream.h"
#include "tests/support/memory_transport.h"
#include "tests/support/turns.h"

namespace portvakt::test {

/// One client. `wire.written` is what it got.
struct TestClient {
  MemoryWire wire;
  std::unique_ptr<exchange::ClientConnection> connection;
  bool closed = false;

  void send(std::string_view bytes) {
    wire.incoming.emplace_back(bytes);
    if (!closed) wire.ready();
  }
  void half_close() {
    wire.peer_ended = true;
    if (!closed) wire.ready();
  }
  void vanish() {
    wire.broken = true;
    if (!closed) wire.ready();
  }
  void take(std::size_t bytes) {
    wire.write_room = bytes;
    if (!closed) wire.ready();
  }
  bool got(std::string_view text) const { return wire.written.find(text) != std::string::npos; }
};

class ExchangeTest : public testing::Test {
 protected:
  ExchangeTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "portvakt-exchange-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    spool_ = std::move(*logs::Spool::open({.path = folder_ / "spool"}, clock_));
    limits_.idle_timeout = limits_.response_timeout = limits_.header_timeout = std::chrono::seconds(30);
    limits_.write_timeout = std::chrono::seconds(30);
    limits_.linger = std::chrono::milliseconds(50);
    worker_ = std::make_unique<exchange::WorkerContext>(
        exchange::WorkerContext{loop_, clock_, pool_, spool_->writer(0), nullptr, {}, false});
    use_upstreams({upstream_.port()});
  }
  ~ExchangeTest() override {
    clients_.clear();
    worker_.reset();
    spool_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// A new snapshot of one site, `a.test`, with upstreams at these ports; each is one server with one
  /// address.
  void use_upstreams(const std::vector<std::uint16_t>& ports) {
    std::vector<std::unique_ptr<const upstream::UpstreamServer>> servers;
    for (const auto port : ports) {
      auto server = std::make_unique<upstream::UpstreamServer>(upstream::UpstreamServer{
          "http://127.0.0.1:" + std::to_string(port), "127.0.0.1", {loopback(port)}, nullptr});
      server->max_connections = max_connections_;
      servers.push_back(std::move(server));
    }
    use_servers(std::move(servers));
  }
  void use_servers(std::vector<std::unique_ptr<const upstream::UpstreamServer>> servers) {
    auto snapshot = std::make_shared<exchange::Snapshot>();
    auto site = std::make_unique<exchange::Site>();
    site->name = "a";
    site->hosts = {"a.test"};
    site->upstreams = std::move(servers);
    site->balancing = balancing_;
    site->counters = &counters_;
    if (add_filters) add_filters(*site);
    snapshot->sites.push_back(std::move(site));
    snapshot->router.add(*snapshot->sites[0]);
    snapshot->limits = limits_;
    worker_->snapshot = std::move(snapshot);
  }
  /// Takes changed `limits_` into use.
  void use_limits() { use_upstreams({upstream_.port()}); }

  TestClient& connect() {
    auto& client = *clients_.emplace_back(std::make_unique<TestClient>());
    client.connection = std::make_unique<exchange::ClientConnection>(
        *worker_, std::make_unique<MemoryTransport>(client.wire), std::nullopt, false,
        [this, &client](exchange::ClientConnection&) {
          client.closed = true;
          loop_.delete_later(std::move(client.connection));
        },
        worker_->gate ? worker_->gate->admit(std::nullopt, limits_, loop_.now()) : nullptr);
    return client;
  }

  bool until(const std::function<bool()>& condition) { return run_until(loop_, condition); }
  bool until_got(TestClient& client, std::string_view text) {
    return until([&] { return client.got(text); });
  }
  bool until_closed(TestClient& client) {
    return until([&] { return client.closed; });
  }
  /// Lets everything happen that is already under way.
  void turns() {
    int left = 20;
    until([&] { return --left == 0; });
  }

  /// Method and status of every record, a line each; with the body's bytes where the answer is the
  /// upstream's.
  std::string records() const {
    std::ostringstream out;
    EXPECT_TRUE(logs::dump(folder_ / "spool", out));
    std::string lines;
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) {
      const auto status = value(line, "status");
      lines += value(line, "method") + " " + status;
      if (status < "400") lines += " " + value(line, "bytes");
      lines += "\n";
    }
    return lines;
  }

  static net::Endpoint loopback(std::uint16_t port) { return {*IpAddress::parse("127.0.0.1"), port, {}}; }
  /// A port of this machine that nobody listens on.
  static std::uint16_t dead_port() { return net::local_port(*net::listen_on(loopback(0), false)); }

  std::filesystem::path folder_;
  SystemClock clock_;
  std::unique_ptr<logs::Spool> spool_;
  exchange::Limits limits_;
  exchange::SiteCounters counters_;
  upstream::Balancing balancing_;
  unsigned max_connections_ = 0;  // of each upstream
  std::function<void(exchange::Site&)> add_filters;
  net::EventLoop loop_;
  ScriptedUpstream upstream_{loop_};
  upstream::UpstreamPool pool_{loop_, {}};
  std::unique_ptr<exchange::WorkerContext> worker_;
  std::vector<std::unique_ptr<TestClient>> clients_;

 private:
  static std::string value(const std::string& line, const std::string& name) {
    const auto at = line.find("\"" + name + "\":\"");
    if (at == std::string::npos) return "-";
    const auto begin = at + name.size() + 4;
    return line.substr(begin, line.find('"', begin) - begin);
  }
};

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

}  // namespace portvakt::test
