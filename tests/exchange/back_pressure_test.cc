// Who is slow makes the other side wait: nothing grows, nobody is given up who does his part.
#include <malloc.h>

#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using test::kGet;
using test::UpstreamPeer;

class BackPressure : public test::ExchangeTest {
 protected:
  void wait(std::chrono::milliseconds time) {
    bool over = false;
    net::Timer timer(loop_, [&] { over = true; });
    timer.start(time);
    EXPECT_TRUE(until([&] { return over; }));
  }
};

std::size_t allocated() {
  return ::mallinfo2().uordblks;
}

TEST_F(BackPressure, ASlowClientIsNoReasonToGiveUpOnTheUpstream) {
  limits_.response_timeout = std::chrono::milliseconds(500);
  use_limits();
  std::string body;
  for (int i = 0; i < 20; ++i) body += "4e20\r\n" + std::string(20000, 'x') + "\r\n";
  upstream_.on_bytes = [&body](UpstreamPeer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n");
  };
  auto& client = connect();
  client.wire.write_room = 100;
  client.send(kGet);
  wait(std::chrono::milliseconds(1200));
  EXPECT_FALSE(client.closed);
  client.take(SIZE_MAX);
  EXPECT_TRUE(until([&] { return client.wire.written.ends_with("\r\n0\r\n\r\n"); }));
}

TEST_F(BackPressure, AnEarlyAnswerReachesASlowClientThatGoesOnSending) {
  limits_.response_timeout = std::chrono::milliseconds(500);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("part"))
      peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 90000\r\n\r\n" + std::string(90000, 'n'));
  };
  auto& client = connect();
  client.wire.write_room = 100;
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\npart");
  EXPECT_TRUE(until_got(client, "403"));
  turns();
  client.send(std::string(1000, 'x'));
  wait(std::chrono::milliseconds(1200));
  client.take(SIZE_MAX);
  EXPECT_TRUE(until([&] { return client.wire.written.ends_with(std::string(1000, 'n')); }));
  EXPECT_FALSE(client.wire.reset);
}

TEST_F(BackPressure, HoldsLittleOfAHugeAnswerForASlowClient) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    peer.endless = std::string(16 * 1024, 'x');
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
  };
  const auto before = allocated();
  auto& client = connect();
  client.wire.write_room = 100;
  client.send(kGet);
  EXPECT_TRUE(until([&] { return !upstream_.peers.empty() && upstream_.peers[0]->endless_sent > 0; }));
  std::size_t last = 0;
  EXPECT_TRUE(
      until([&] { return std::exchange(last, upstream_.peers[0]->endless_sent) == last && last > 1000000; }));
  turns();
  EXPECT_LT(allocated() - std::min(before, allocated()), 400U * 1024);
}

TEST_F(BackPressure, HoldsLittleOfAHugeUploadForASlowUpstream) {
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.stop_reading(); };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10000000000\r\n\r\n");
  EXPECT_TRUE(until([&] { return !upstream_.peers.empty() && !upstream_.peers[0]->received.empty(); }));
  for (int i = 0; i < 1000; ++i) client.wire.incoming.emplace_back(16 * 1024, 'x');
  const auto before = allocated();
  client.wire.ready();
  std::size_t left = 0;
  EXPECT_TRUE(until([&] { return std::exchange(left, client.wire.incoming.size()) == left; }));
  turns();
  EXPECT_GT(client.wire.incoming.size(), 100U);
  EXPECT_LT(allocated() - std::min(before, allocated()), 400U * 1024);
}

TEST_F(BackPressure, AClientIsNotBlamedForAnUpstreamThatDoesNotTakeItsUpload) {
  // Long enough for a slow machine between the head and the body, and passed twice while the upstream waits.
  limits_.idle_timeout = std::chrono::seconds(1);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.stop_reading(); };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 16000000\r\n\r\n");
  EXPECT_TRUE(until([&] { return !upstream_.peers.empty() && !upstream_.peers[0]->received.empty(); }));
  for (int i = 0; i < 1000; ++i) client.wire.incoming.emplace_back(16000, 'x');
  client.wire.ready();
  wait(std::chrono::milliseconds(2200));
  EXPECT_GT(client.wire.incoming.size(), 100U);
  EXPECT_EQ(client.wire.written, "");
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.size() > 16000000) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  };
  upstream_.peers[0]->go_on_reading();
  EXPECT_TRUE(until_got(client, "\r\n\r\nok"));
}

}  // namespace
}  // namespace portvakt::exchange
