// WebSockets: the handshake is a request like any other, the 101 turns the connection into two streams of
// bytes, and nothing that came before the 101 is taken for more than it was.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using test::kGet;
using test::UpstreamPeer;

const std::string kHandshake =
    "GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const std::string kForwarded =
    "GET /chat HTTP/1.1\r\nHost: a.test\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string kAgreed =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const std::string kAgreedForClient =
    "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class Tunnel : public test::ExchangeTest {
 protected:
  Tunnel() {
    upstream_.on_bytes = [](UpstreamPeer& peer) {
      if (peer.received.ends_with("\r\n\r\n")) peer.send(kAgreed);
    };
  }
  UpstreamPeer& peer() { return *upstream_.peers.at(0); }
  std::string tunnelled() {
    return peer().received.substr(std::min(kForwarded.size(), peer().received.size()));
  }
  bool until_upstream_got(std::string_view text) {
    return until([&] { return upstream_.received().ends_with(text); });
  }
  test::TestClient& open() {
    auto& client = connect();
    client.send(kHandshake);
    EXPECT_TRUE(until_got(client, "\r\n\r\n"));
    return client;
  }
};

TEST_F(Tunnel, PassesTheHandshakeAndThenBytesBothWays) {
  auto& client = open();
  EXPECT_EQ(peer().received, kForwarded);
  EXPECT_EQ(client.wire.written, kAgreedForClient);
  turns();
  client.send(std::string("\x81\x05hello\0\r\n\r\nGET / HTTP/1.1\r\n\r\n", 31));
  EXPECT_TRUE(until([&] { return tunnelled().size() == 31; }));
  EXPECT_EQ(tunnelled(), std::string("\x81\x05hello\0\r\n\r\nGET / HTTP/1.1\r\n\r\n", 31));
  peer().send("HTTP/1.1 200 OK\r\n\r\nfrom above");
  EXPECT_TRUE(until_got(client, kAgreedForClient + "HTTP/1.1 200 OK\r\n\r\nfrom above"));
  EXPECT_EQ(records(), "");
}

TEST_F(Tunnel, HoldsWhatFollowsTheHandshakeUntilTheAnswer) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send(kHandshake + "early");
  EXPECT_TRUE(until_upstream_got("\r\n\r\n"));
  client.send(" bytes");
  turns();
  EXPECT_EQ(peer().received, kForwarded);
  peer().send(kAgreed);
  EXPECT_TRUE(until_upstream_got("\r\n\r\nearly bytes"));
  EXPECT_EQ(client.wire.written, kAgreedForClient);
}

TEST_F(Tunnel, ReadsWhatFollowsARefusedHandshakeAsTheNextRequest) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("\r\n\r\n")) peer.send(kOk);
  };
  auto& client = connect();
  client.send(kHandshake + kGet + "G\n");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.wire.written.starts_with(std::string(kOk) + std::string(kOk) + "HTTP/1.1 400 "));
  EXPECT_EQ(upstream_.received(), kForwarded + kGet);
  EXPECT_EQ(upstream_.peers.size(), 1U);
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\n- 400\n");
}

TEST_F(Tunnel, ItsAnswersBytesMayComeRightBehindItsHead) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("\r\n\r\n")) peer.send(kAgreed + "at once");
  };
  auto& client = connect();
  client.send(kHandshake);
  EXPECT_TRUE(until_got(client, kAgreedForClient + "at once"));
}

TEST_F(Tunnel, TheClientsEndIsPassedOnAndTheOtherDirectionGoesOn) {
  auto& client = open();
  client.send("last words");
  client.half_close();
  EXPECT_TRUE(until([&] { return peer().gone; }));
  EXPECT_EQ(tunnelled(), "last words");
  EXPECT_FALSE(client.closed);
  peer().send("answer");
  EXPECT_TRUE(until_got(client, "answer"));
  peer().end();
  EXPECT_TRUE(until_closed(client));
  EXPECT_FALSE(client.wire.reset);
  EXPECT_EQ(records(), "GET 101 6\n");
}

TEST_F(Tunnel, TheUpstreamsEndIsPassedOnAndTheOtherDirectionGoesOn) {
  auto& client = open();
  peer().send("bye");
  peer().end();
  EXPECT_TRUE(until([&] { return client.wire.write_shut; }));
  EXPECT_TRUE(client.wire.written.ends_with("bye"));
  client.send("still here");
  EXPECT_TRUE(until_upstream_got("still here"));
  EXPECT_FALSE(client.closed);
  client.half_close();
  EXPECT_TRUE(until([&] { return peer().gone && client.closed; }));
  EXPECT_FALSE(client.wire.reset);
  EXPECT_EQ(records(), "GET 101 3\n");
}

TEST_F(Tunnel, AClientThatEndedBeforeTheAnswerHasEndedItsSide) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.wire.incoming.push_back(kHandshake + "all");
  client.half_close();
  EXPECT_TRUE(until_upstream_got("\r\n\r\n"));
  peer().send(kAgreed + "reply");
  EXPECT_TRUE(until([&] { return peer().gone; }));
  EXPECT_EQ(tunnelled(), "all");
  peer().end();
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.wire.written.ends_with("reply"));
}

TEST_F(Tunnel, ABrokenSideEndsTheOther) {
  auto& client = open();
  client.vanish();
  EXPECT_TRUE(until([&] { return peer().gone; }));
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(records(), "GET 101 0\n");
}

TEST_F(Tunnel, EndsWhenNothingMovesForTooLong) {
  limits_.tunnel_timeout = std::chrono::milliseconds(60);
  use_limits();
  auto& client = open();
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.wire.reset);
  EXPECT_TRUE(until([&] { return peer().gone; }));
  EXPECT_EQ(records(), "GET 101 0\n");
}

TEST_F(Tunnel, LivesLongerThanTheWaitsOfRequests) {
  limits_.idle_timeout = limits_.response_timeout = limits_.header_timeout = std::chrono::milliseconds(250);
  use_limits();
  auto& client = open();
  bool over = false;
  net::Timer wait(loop_, [&] { over = true; });
  wait.start(std::chrono::milliseconds(700));
  EXPECT_TRUE(until([&] { return over; }));
  EXPECT_FALSE(client.closed);
  client.send("here");
  EXPECT_TRUE(until_upstream_got("here"));
}

TEST_F(Tunnel, HoldsLittleForAClientThatDoesNotRead) {
  auto& client = open();
  client.wire.write_room = 0;
  peer().endless = std::string(16 * 1024, 'x');
  peer().send("x");
  std::size_t last = 0;
  EXPECT_TRUE(until([&] { return std::exchange(last, peer().endless_sent) == last && last > 1000000; }));
  EXPECT_LT(last, 32U << 20);
  client.take(SIZE_MAX);
  EXPECT_TRUE(until([&] { return client.wire.written.size() > last + 1000000; }));
}

TEST_F(Tunnel, HoldsLittleForAnUpstreamThatDoesNotRead) {
  auto& client = open();
  peer().stop_reading();
  for (int i = 0; i < 1000; ++i) client.wire.incoming.emplace_back(16 * 1024, 'x');
  client.wire.ready();
  std::size_t left = 0;
  EXPECT_TRUE(until([&] { return std::exchange(left, client.wire.incoming.size()) == left; }));
  turns();
  EXPECT_GT(client.wire.incoming.size(), 100U);
  peer().go_on_reading();
  EXPECT_TRUE(until([&] { return tunnelled().size() == 1000U * 16 * 1024; }));
}

TEST_F(Tunnel, GoesOnWhileDrainingUntilItIsAbandoned) {
  auto& client = open();
  worker_->draining = true;
  client.connection->drain();
  turns();
  client.send("still");
  EXPECT_TRUE(until_upstream_got("still"));
  client.connection->abandon();
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(records(), "GET 101 0\n");
}

TEST_F(Tunnel, OtherUpgradesAreNotHeard) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("\r\n\r\n")) peer.send(kOk);
  };
  for (const std::string fields :
       {"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n", "Upgrade: websocket\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket/13\r\n", "Connection: Upgrade\r\n"}) {
    auto& client = connect();
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\n" + fields + "\r\n");
    EXPECT_TRUE(until_got(client, kOk)) << fields;
    EXPECT_EQ(peer().received, kGet) << fields;
    peer().received.clear();
  }
}

TEST_F(Tunnel, OnlyAGetOfHttp11WithoutABodyUpgrades) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("\r\n\r\n") || peer.received.ends_with("abc")) peer.send(kOk);
  };
  const std::string asked = " / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  for (const std::string& request :
       {"POST" + asked + "\r\n", "GET" + asked + "Content-Length: 3\r\n\r\nabc",
        "GET" + asked + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        std::string("GET / HTTP/1.0\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")}) {
    auto& client = connect();
    client.send(request);
    EXPECT_TRUE(until_got(client, "\r\n\r\nok")) << request;
  }
  EXPECT_EQ(upstream_.received().find("pgrade"), std::string::npos);
}

TEST_F(Tunnel, A101ThatAgreesToSomethingElseIsABadAnswer) {
  for (const std::string answer :
       {"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.0 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Content-Length: 4\r\n\r\n"}) {
    upstream_.on_bytes = [&](UpstreamPeer& peer) { peer.send(answer + "evil"); };
    auto& client = connect();
    client.send(kHandshake + "secret");
    EXPECT_TRUE(until_got(client, "HTTP/1.1 502 ")) << answer;
    EXPECT_FALSE(client.got("evil")) << answer;
    EXPECT_EQ(upstream_.received().find("secret"), std::string::npos) << answer;
  }
}

TEST_F(Tunnel, A101ToAUsualRequestIsABadAnswer) {
  auto& client = connect();
  client.send(kGet + kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 502 "));
  EXPECT_EQ(records().substr(0, 8), "GET 502\n");
}

TEST_F(Tunnel, IsTriedAgainWhenAKeptConnectionWasClosedUnderUs) {
  upstream_.on_bytes = [this](UpstreamPeer& peer) {
    if (peer.received == kGet) {
      peer.send(kOk);
    } else if (&peer == upstream_.peers[0].get()) {
      peer.end();
    } else {
      peer.send(kAgreed);
    }
  };
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  client.send(kHandshake + "bytes");
  EXPECT_TRUE(until_got(client, kAgreedForClient));
  EXPECT_TRUE(until([&] { return upstream_.peers[1]->received == kForwarded + "bytes"; }));
}

}  // namespace
}  // namespace portvakt::exchange
