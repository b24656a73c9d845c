// What upstreams do: early and late answers, faults, closed connections, slowness; and what may be tried
// again.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using test::kGet;
using test::UpstreamPeer;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class UpstreamSide : public test::ExchangeTest {
 protected:
  void answer_with(std::string bytes, bool then_end = false) {
    upstream_.on_bytes = [bytes = std::move(bytes), then_end](UpstreamPeer& peer) {
      if (!peer.received.ends_with("\r\n\r\n")) return;
      peer.send(bytes);
      if (then_end) peer.end();
    };
  }
};

TEST_F(UpstreamSide, UsesAConnectionAgain) {
  auto& client = connect();
  for (int i = 1; i <= 3; ++i) {
    client.send(kGet);
    EXPECT_TRUE(until([&] { return client.wire.written.size() == i * kOk.size(); }));
  }
  EXPECT_EQ(upstream_.peers.size(), 1U);
}

TEST_F(UpstreamSide, NeverUsesAConnectionAgainThatSaidMoreThanItsAnswer) {
  answer_with(std::string(kOk) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 2 * kOk.size(); }));
  EXPECT_FALSE(client.got("evil"));
  EXPECT_EQ(upstream_.peers.size(), 2U);
}

TEST_F(UpstreamSide, TriesAgainWhenAKeptConnectionWasClosedUnderUs) {
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  upstream_.on_bytes = [this](UpstreamPeer& peer) {
    if (&peer == upstream_.peers[0].get()) {
      peer.end();  // instead of an answer
    } else {
      peer.send(kOk);
    }
  };
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 2 * kOk.size(); }));
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 3 * kOk.size(); }));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\nPOST 200 2\n");
}

TEST_F(UpstreamSide, RepeatsNoPostThatAnUpstreamMayHaveSeen) {
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.end(); };
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(until_got(client, "HTTP/1.1 502 "));
  EXPECT_EQ(upstream_.peers.size(), 1U);
}

TEST_F(UpstreamSide, AnswersAndRecordsWhenItCannotBeReached) {
  use_upstreams({dead_port()});
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "</html>"));
  EXPECT_TRUE(client.got("HTTP/1.1 502 "));
  EXPECT_EQ(records(), "GET 502\n");
}

TEST_F(UpstreamSide, TakesTheOtherServerWhenOneIsDown) {
  use_upstreams({dead_port(), upstream_.port()});
  for (int i = 0; i < 4; ++i) {
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_got(client, "\r\n\r\nok")) << client.wire.written;
  }
}

TEST_F(UpstreamSide, TakesTheOtherServerForAnUploadToo) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("hello")) peer.send(kOk);
  };
  use_upstreams({dead_port(), upstream_.port()});
  for (int i = 0; i < 2; ++i) {
    auto& client = connect();
    client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_TRUE(until_got(client, "\r\n\r\nok")) << client.wire.written;
  }
}

/// The first upstream closes every connection without a word; the second answers.
TEST_F(UpstreamSide, AsksAnotherServerWhenOneClosesWithoutAnAnswer) {
  test::ScriptedUpstream other(loop_);
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.end(); };
  use_upstreams({upstream_.port(), other.port()});
  for (int i = 0; i < 4; ++i) {
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_got(client, "\r\n\r\nok")) << client.wire.written;
  }
  EXPECT_FALSE(upstream_.peers.empty());
  const auto& first = *worker_->snapshot->sites[0]->upstreams[0]->status;
  EXPECT_EQ(first.counters.failures.value(), upstream_.peers.size());
}

TEST_F(UpstreamSide, RepeatsNoPostOnAnotherServer) {
  test::ScriptedUpstream other(loop_);
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.end(); };
  use_upstreams({upstream_.port(), other.port()});
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(until_got(client, "HTTP/1.1 502 "));
  EXPECT_TRUE(other.peers.empty());
}

TEST_F(UpstreamSide, RetriesOnlyWithinItsBudget) {
  test::ScriptedUpstream other(loop_);
  upstream_.on_bytes = other.on_bytes = [](UpstreamPeer& peer) { peer.end(); };
  balancing_.retry_percent = 0;
  use_upstreams({upstream_.port(), other.port()});
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 502 "));
  EXPECT_EQ(upstream_.peers.size() + other.peers.size(), 1U);
}

TEST_F(UpstreamSide, AnUploadWaitsForAPlaceAndGoesOnWhole) {
  balancing_.queue_timeout = std::chrono::seconds(20);
  max_connections_ = 1;
  use_upstreams({upstream_.port()});
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("world")) peer.send(kOk);
  };
  auto& first = connect();
  auto& second = connect();
  first.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhello");
  second.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhello");
  EXPECT_TRUE(until([&] { return upstream_.received().ends_with("hello"); }));
  second.send("world");
  turns();
  EXPECT_EQ(upstream_.peers.size(), 1U) << "the other one waits";
  first.send("world");
  EXPECT_TRUE(until_got(first, "\r\n\r\nok"));
  EXPECT_TRUE(until_got(second, "\r\n\r\nok"));
  EXPECT_EQ(records(), "POST 200 2\nPOST 200 2\n");
}

TEST_F(UpstreamSide, WhoWaitsInVainIsTold) {
  balancing_.queue_timeout = std::chrono::milliseconds(20);
  balancing_.queue = 1;
  max_connections_ = 1;
  upstream_.on_bytes = [](UpstreamPeer&) {};
  use_upstreams({upstream_.port()});
  auto& first = connect();
  first.send(kGet);
  EXPECT_TRUE(until([&] { return !upstream_.peers.empty(); }));
  for (int i = 0; i < 2; ++i) {
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_got(client, "HTTP/1.1 503 "));
    EXPECT_TRUE(client.got("Retry-After: "));
  }
  auto& gone = connect();
  gone.send(kGet);
  gone.vanish();
  EXPECT_TRUE(until_closed(gone)) << "who leaves while waiting does no harm";
  turns();
}

TEST_F(UpstreamSide, TakesTheOtherAddressOfAServerWhenOneIsDown) {
  std::vector<std::unique_ptr<const upstream::UpstreamServer>> servers;
  servers.push_back(std::make_unique<const upstream::UpstreamServer>(upstream::UpstreamServer{
      "http://localhost", "localhost", {loopback(dead_port()), loopback(upstream_.port())}, nullptr}));
  use_servers(std::move(servers));
  for (int i = 0; i < 4; ++i) {
    auto& client = connect();
    client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(until_got(client, "\r\n\r\nok")) << client.wire.written;
  }
}

TEST_F(UpstreamSide, AnswersBadAnswersItself) {
  for (const std::string bytes :
       {"nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n"}) {
    answer_with(bytes);
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_got(client, "HTTP/1.1 502 ")) << bytes;
  }
}

TEST_F(UpstreamSide, CutsAnAnswerShortThatWasCutShort) {
  for (const std::string bytes : {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npart"}) {
    answer_with(bytes, true);
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_closed(client));
    EXPECT_TRUE(client.got("part"));
    EXPECT_TRUE(client.wire.reset);
  }
  EXPECT_EQ(records(), "GET 200 4\nGET 200 4\n");
}

TEST_F(UpstreamSide, PassesAnAnswerThatEndsWithItsConnection) {
  answer_with("HTTP/1.1 200 OK\r\n\r\nall of it", true);
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "9\r\nall of it\r\n0\r\n\r\n"));
  auto& old = connect();
  old.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
  EXPECT_TRUE(until_closed(old));
  EXPECT_EQ(old.wire.written, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
  EXPECT_FALSE(old.wire.reset);
}

TEST_F(UpstreamSide, SendsNoBodyWhereNoneMayBe) {
  auto& client = connect();
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  client.send("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  EXPECT_TRUE(until_got(client, "Content-Length: 1000\r\n\r\n"));
  answer_with("HTTP/1.1 204 No Content\r\n\r\n");
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 204 No Content\r\n\r\n"));
  answer_with("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"));
  answer_with(std::string(kOk));
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.ends_with(kOk); }));
  EXPECT_EQ(upstream_.peers.size(), 1U);
  EXPECT_EQ(records(), "HEAD 200 0\nGET 204 0\nGET 304 0\nGET 200 2\n");
}

TEST_F(UpstreamSide, PassesTrailers) {
  answer_with(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: "
      "a=b\r\n\r\n");
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"));
}

TEST_F(UpstreamSide, TimesOutWhenNothingComes) {
  limits_.response_timeout = std::chrono::milliseconds(30);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 504 "));
  EXPECT_EQ(records(), "GET 504\n");
}

TEST_F(UpstreamSide, PassesAnAnswerThatComesBeforeTheRequestIsWhole) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("part")) peer.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
  };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\npart");
  EXPECT_TRUE(until_got(client, "\r\n\r\nno"));
  EXPECT_TRUE(client.got("Connection: close"));
  client.send(std::string(1000, 'x'));
  EXPECT_TRUE(until_closed(client));
  EXPECT_FALSE(client.wire.reset);
  EXPECT_EQ(records(), "POST 403\n");
}

TEST_F(UpstreamSide, AnEarlyAnswerIsNotLostWhenTheUpstreamThenRefusesTheRest) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    peer.stop_reading();
    peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    peer.end();
  };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_TRUE(until([&] { return !upstream_.peers.empty() && !upstream_.peers[0]->received.empty(); }));
  for (int i = 0; i < 400; ++i) client.send(std::string(16000, 'x'));
  EXPECT_TRUE(until_got(client, "\r\n\r\nno")) << client.wire.written;
}

}  // namespace
}  // namespace portvakt::exchange
