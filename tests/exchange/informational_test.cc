// What comes before the final answer: early hints, 100 in all its orders, and uploads that are answered
// early.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using test::kGet;
using test::UpstreamPeer;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
const std::string kExpecting =
    "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

/// Takes every Link to `held.test` out of early hints, as the guard would.
class HoldsLinks : public filters::Filter {
 public:
  void on_hints(filters::ResponseContext& context) const override {
    context.head.headers.remove_if(
        [](const auto& field) { return field.value.find("held.test") != std::string_view::npos; });
  }
};

class Informational : public test::ExchangeTest {
 protected:
  Informational() {
    limits_.continue_timeout = std::chrono::seconds(20);
    add_filters = [](Site& site) { site.filters.push_back(std::make_unique<HoldsLinks>()); };
    use_limits();
  }
  void answer_with(std::string bytes) {
    upstream_.on_bytes = [bytes = std::move(bytes)](UpstreamPeer& peer) {
      if (peer.received.ends_with("\r\n\r\n")) peer.send(bytes);
    };
  }
  bool until_upstream_got(std::string_view text) {
    return until([&] { return upstream_.received().ends_with(text); });
  }
};

TEST_F(Informational, PassesEarlyHintsWithTheirLinksAlone) {
  answer_with(
      "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nSet-Cookie: a=b\r\nX: y\r\n"
      "Link: <https://held.test/>; rel=preload\r\n\r\n" +
      std::string(kOk));
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written,
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + std::string(kOk));
  EXPECT_EQ(records(), "GET 200 2\n");
}

TEST_F(Informational, DropsHintsOfWhichNothingRemainsAndThoseThatAnOldClientCannotRead) {
  answer_with("HTTP/1.1 103 Early Hints\r\nLink: <https://held.test/>\r\n\r\n" + std::string(kOk));
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, kOk);
  answer_with("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + std::string(kOk));
  auto& old = connect();
  old.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
  EXPECT_TRUE(until_got(old, "ok"));
  EXPECT_TRUE(old.wire.written.starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(Informational, PassesHintsBeforeTheAnswerIsThere) {
  answer_with("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"));
  upstream_.peers[0]->send(kOk);
  EXPECT_TRUE(until_got(client, kOk));
}

TEST_F(Informational, OtherInformationalAnswersGoToNobody) {
  answer_with(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nLink: </a>\r\n\r\nHTTP/1.1 199 X\r\n\r\n" +
      std::string(kOk));
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, kOk);
}

TEST_F(Informational, EndsAFloodOfThem) {
  for (const std::string one :
       {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    upstream_.on_bytes = [&one](UpstreamPeer& peer) {
      peer.endless = one;
      peer.send(one);
    };
    auto& client = connect();
    client.send(kGet);
    EXPECT_TRUE(until_got(client, "HTTP/1.1 502 "));
    EXPECT_LT(client.wire.written.size(), 2000U);
    EXPECT_TRUE(until([&] { return upstream_.peers.back()->gone; }));
  }
}

TEST_F(Informational, TheUpstreamSaysContinueToAClientThatWaits) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("hello")) peer.send(kOk);
  };
  auto& client = connect();
  client.send(kExpecting);
  EXPECT_TRUE(until_upstream_got("\r\n\r\n"));
  EXPECT_NE(upstream_.received().find("Expect: 100-continue\r\n"), std::string::npos);
  turns();
  EXPECT_EQ(client.wire.written, "");
  upstream_.peers[0]->send(kGoOn);
  EXPECT_TRUE(until_got(client, kGoOn));
  client.send("hello");
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, std::string(kGoOn) + std::string(kOk));
  client.send(kGet);
  upstream_.peers[0]->received.clear();
  EXPECT_TRUE(until_upstream_got(kGet));
  EXPECT_EQ(upstream_.peers.size(), 1U);
}

TEST_F(Informational, ARepeatedContinueIsSaidOnce) {
  answer_with(std::string(kGoOn) + std::string(kGoOn) + std::string(kGoOn));
  auto& client = connect();
  client.send(kExpecting);
  EXPECT_TRUE(until_got(client, kGoOn));
  turns();
  EXPECT_EQ(client.wire.written, kGoOn);
}

TEST_F(Informational, SaysContinueItselfWhenTheUpstreamNeverDoes) {
  limits_.continue_timeout = std::chrono::milliseconds(30);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("hello")) peer.send(std::string(kGoOn) + std::string(kOk));
  };
  auto& client = connect();
  client.send(kExpecting);
  EXPECT_TRUE(until_got(client, kGoOn));
  client.send("hello");
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, std::string(kGoOn) + std::string(kOk));
}

TEST_F(Informational, DoesNotSayContinueToAClientThatDoesNotWait) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("hello")) peer.send(std::string(kGoOn) + std::string(kOk));
  };
  auto& client = connect();
  client.send(kExpecting + "hello");
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, kOk);
}

TEST_F(Informational, ARefusalInsteadOfContinueEndsTheConnectionsOnBothSides) {
  answer_with("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
  auto& client = connect();
  client.send(kExpecting);
  EXPECT_TRUE(until_got(client, "\r\n\r\nno"));
  EXPECT_TRUE(client.got("Connection: close\r\n"));
  // What would be the body is not a next request, and neither is what follows it.
  client.send("GET /evil HTTP/1.1\r\nHost: a.test\r\n\r\n" + kGet);
  EXPECT_TRUE(until_closed(client));
  EXPECT_FALSE(client.wire.reset);
  EXPECT_TRUE(until([&] { return upstream_.peers[0]->gone; }));
  EXPECT_EQ(upstream_.received().find("evil"), std::string::npos);
  EXPECT_EQ(records(), "POST 401\n");
}

TEST_F(Informational, NobodyWaitsWithoutABody) {
  for (const std::string request :
       {"GET / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-Continue\r\nContent-Length: 0\r\n\r\n"}) {
    auto& client = connect();
    client.send(request);
    EXPECT_TRUE(until_got(client, "ok"));
    EXPECT_EQ(client.wire.written, kOk);
  }
  EXPECT_EQ(upstream_.received().find("Expect"), std::string::npos);
}

TEST_F(Informational, AnUpstreamWhoseUploadWasNotFinishedIsNotUsedAgain) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("part") || peer.received.ends_with("\r\n\r\n")) peer.send(kOk);
  };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_TRUE(client.got("Connection: close\r\n"));
  EXPECT_TRUE(until([&] { return upstream_.peers[0]->gone; }));
  auto& next = connect();
  next.send(kGet);
  EXPECT_TRUE(until_got(next, "ok"));
  EXPECT_EQ(upstream_.peers.size(), 2U);
}

TEST_F(Informational, TheRestOfAnAnsweredUploadIsReadForAWhileOnly) {
  limits_.linger = std::chrono::milliseconds(80);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.find("\r\n\r\n") != std::string::npos)
      peer.send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno");
  };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_TRUE(until_got(client, "\r\n\r\nno"));
  int sent = 0;
  net::Timer more(loop_, [] {});
  net::Timer again(loop_, [&] {
    client.send(std::string(1000, 'x'));
    if (++sent < 2000 && !client.closed) again.start(std::chrono::milliseconds(2));
  });
  again.start(std::chrono::milliseconds(1));
  EXPECT_TRUE(until_closed(client));
  EXPECT_LT(sent, 2000);
}

TEST_F(Informational, EventsArePassedOnAsTheyCome) {
  answer_with("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "\r\n\r\n"));
  for (const std::string event : {"data: 1\n\n", "x", "data: 3\n\n"}) {
    upstream_.peers[0]->send(event);
    EXPECT_TRUE(until_got(client, "\r\n" + event + "\r\n")) << event;
  }
}

}  // namespace
}  // namespace portvakt::exchange
