// Connections that begin with a PROXY header: who gets through, as whom, and what is left for the reader
// after it.
#include "proxy/net/proxy_gate.h"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include "tests/support/turns.h"

namespace portvakt::net {
namespace {

class ProxyGateTest : public testing::Test {
 protected:
  /// The proxy's end of a new connection.
  FileDescriptor connect(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    gates_.await_header(FileDescriptor(ends[0]), *IpAddress::parse("10.0.0.1"), limit,
                        [this](FileDescriptor fd, const IpAddress& client) {
                          opened_ = std::move(fd);
                          client_ = client;
                        });
    return FileDescriptor(ends[1]);
  }
  static void send(const FileDescriptor& to, std::string_view bytes) {
    ASSERT_EQ(::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  bool until_decided() {
    return test::run_until(loop_, [this] { return gates_.waiting() == 0; });
  }
  std::string rest() const {
    std::array<char, 64> bytes{};
    const auto count = ::recv(opened_.get(), bytes.data(), bytes.size(), 0);
    return count < 0 ? "" : std::string(bytes.data(), static_cast<std::size_t>(count));
  }

  EventLoop loop_;
  ProxyGates gates_{loop_};
  FileDescriptor opened_;
  IpAddress client_;
};

TEST_F(ProxyGateTest, LeavesEverythingAfterTheHeader) {
  const auto proxy = connect();
  send(proxy, "PROXY TCP4 203.0.113.9 10.0.0.2 1 2\r\nGET / HTTP/1.1\r\n");
  ASSERT_TRUE(until_decided());
  ASSERT_TRUE(opened_.open());
  EXPECT_TRUE(client_ == IpAddress::parse("203.0.113.9"));
  EXPECT_EQ(rest(), "GET / HTTP/1.1\r\n");
}

TEST_F(ProxyGateTest, TakesAHeaderByteByByte) {
  const auto proxy = connect();
  const auto header = make_proxy_header(IpAddress::parse("2001:db8::9"));
  for (std::size_t i = 0; i < header.size(); ++i) {
    int turns = 2;
    ASSERT_TRUE(test::run_until(loop_, [&] { return --turns == 0; }));
    ASSERT_FALSE(opened_.open());
    send(proxy, std::string_view(header).substr(i, 1));
  }
  ASSERT_TRUE(until_decided());
  ASSERT_TRUE(opened_.open());
  EXPECT_TRUE(client_ == IpAddress::parse("2001:db8::9"));
  EXPECT_EQ(rest(), "");
}

TEST_F(ProxyGateTest, APeerThatSpeaksForItselfIsTheClient) {
  const auto proxy = connect();
  send(proxy, make_proxy_header(std::nullopt));
  ASSERT_TRUE(until_decided());
  EXPECT_TRUE(client_ == IpAddress::parse("10.0.0.1"));
}

TEST_F(ProxyGateTest, AnUnknownClientIsNotThePeerWhomOneTrusts) {
  const auto proxy = connect();
  send(proxy, "PROXY UNKNOWN\r\n");
  ASSERT_TRUE(until_decided());
  ASSERT_TRUE(opened_.open());
  EXPECT_TRUE(client_ == IpAddress());
}

TEST_F(ProxyGateTest, ClosesConnectionsWithoutAHeader) {
  const auto request = connect();
  send(request, "GET / HTTP/1.1\r\n");
  ASSERT_TRUE(until_decided());
  {
    const auto gone = connect();
  }
  ASSERT_TRUE(until_decided());
  EXPECT_FALSE(opened_.open());
  EXPECT_EQ(gates_.counters().malformed.value(), 2U);
}

TEST_F(ProxyGateTest, ClosesConnectionsWhoseHeaderTakesTooLong) {
  const auto proxy = connect(std::chrono::milliseconds(20));
  send(proxy, "PROXY TCP4 203.0.113.9");
  ASSERT_TRUE(until_decided());
  EXPECT_FALSE(opened_.open());
  EXPECT_EQ(gates_.counters().late.value(), 1U);
  char byte = 0;
  EXPECT_LE(::recv(proxy.get(), &byte, 1, 0), 0) << "closed";
}

}  // namespace
}  // namespace portvakt::net
