// Many exchanges on one connection: each with its own end, its own pace and its own record.
#include "proxy/http/http2_codec.h"
#include "tests/exchange/exchange_fixture.h"
#include "tests/support/codec_recorder.h"
#include "tests/support/http2_frames.h"

namespace portvakt::exchange {
namespace {

namespace h2 = test::h2;
using test::TestClient;
using test::UpstreamPeer;

/// What a client understands of what it got, by stream.
class Understood : public http::CodecEvents {
 public:
  struct Answer {
    int status = 0;
    std::string body;
    bool ended = false;
    std::string reset;
  };
  void on_response(http::StreamId stream, http::ResponseHead&& head, http::BodyLength) override {
    answers[stream].status = head.status;
  }
  void on_body(http::StreamId stream, std::string_view bytes) override { answers[stream].body.append(bytes); }
  void on_end(http::StreamId stream, http::HeaderMap&&) override { answers[stream].ended = true; }
  void on_reset(http::StreamId stream, const Error& error) override { answers[stream].reset = error.detail; }
  std::map<http::StreamId, Answer> answers;
};

class Http2 : public test::ExchangeTest {
 protected:
  /// Sends a request through the client's codec.
  http::StreamId ask(std::string_view target, std::string_view method = "GET", std::string_view body = {}) {
    http::RequestHead head;
    head.method = method;
    head.authority = "a.test";
    head.target = target;
    const auto stream = codec_.send_request(head, {.none = body.empty(), .bytes = {}});
    if (!body.empty()) {
      EXPECT_EQ(codec_.send_body(stream, body), body.size());
      codec_.send_end(stream, {});
    }
    exchange_bytes();
    return stream;
  }
  /// Lets both sides read what the other has written.
  void exchange_bytes() {
    const auto got = std::exchange(client_.wire.written, {});
    EXPECT_TRUE(got.empty() || codec_.receive(got));
    if (reads_) {
      for (auto& [stream, answer] : told_.answers) codec_.consumed(stream, answer.body.size());
    }
    codec_.fill();
    if (codec_.output().empty()) return;
    const std::string bytes(codec_.output().view());
    codec_.output().clear();
    client_.send(bytes);
  }
  bool until_ended(http::StreamId stream) {
    return until([&] {
      exchange_bytes();
      return told_.answers[stream].ended;
    });
  }
  bool until_story(std::string_view part) {
    return until([&] { return h2::story_of(client_.wire.written).find(part) != std::string::npos; });
  }
  std::string story() const { return h2::story_of(client_.wire.written); }

  Understood told_;
  http::Http2Codec codec_{http::Http2Codec::Role::Client, told_, {}, "http"};
  bool reads_ = true;
  TestClient& client_ = connect();
};

TEST_F(Http2, IsChosenByItsPrefaceHoweverItIsCut) {
  const std::string text = h2::opening() + h2::get(1);
  for (std::size_t cut = 1; cut < 30; ++cut) {
    auto& client = connect();
    client.send(text.substr(0, cut));
    turns();
    client.send(text.substr(cut));
    EXPECT_TRUE(until([&] { return h2::story_of(client.wire.written).find("end\n") != std::string::npos; }))
        << cut;
  }
  auto& old = connect();
  old.send("P");
  turns();
  old.send("OST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(until_got(old, "HTTP/1.1 200 OK"));
}

TEST_F(Http2, IsNotChosenWhereItIsOff) {
  TestClient client;
  ClientConnection connection(
      *worker_, std::make_unique<test::MemoryTransport>(client.wire), std::nullopt, false,
      [](ClientConnection&) {}, nullptr, Protocols::Http1);
  client.wire.incoming.emplace_back(h2::opening());
  client.wire.ready();
  EXPECT_TRUE(until_got(client, "HTTP/1.1 400"));
}

TEST_F(Http2, AnswersManyRequestsAtOnceAndRecordsEach) {
  std::vector<http::StreamId> streams;
  for (int i = 0; i < 50; ++i) streams.push_back(ask("/" + std::to_string(i)));
  for (const auto stream : streams) {
    ASSERT_TRUE(until_ended(stream)) << stream;
    EXPECT_EQ(told_.answers[stream].status, 200);
    EXPECT_EQ(told_.answers[stream].body, "ok");
  }
  const auto lines = records();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 50);
}

TEST_F(Http2, PassesABodyOn) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("0\r\n\r\n")) peer.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  };
  const auto stream = ask("/up", "POST", "hello");
  ASSERT_TRUE(until_ended(stream));
  EXPECT_EQ(told_.answers[stream].status, 201);
  EXPECT_NE(upstream_.received().find("POST /up HTTP/1.1\r\nHost: a.test\r\n"), std::string::npos);
  EXPECT_NE(upstream_.received().find("5\r\nhello\r\n0\r\n\r\n"), std::string::npos);
}

TEST_F(Http2, AnUploadThatNobodyTakesHoldsOneStreamOnly) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.starts_with("POST")) {
      peer.stop_reading();
    } else if (peer.received.ends_with("\r\n\r\n")) {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  };
  http::RequestHead head;
  head.method = "POST";
  head.authority = "a.test";
  head.target = "/up";
  const auto upload = codec_.send_request(head, {});
  std::size_t sent = 0;
  std::size_t before = 1;
  const std::string piece(16 * 1024, 'x');
  EXPECT_TRUE(until([&] {
    sent += codec_.send_body(upload, piece);
    exchange_bytes();
    return sent > 1000000 && std::exchange(before, sent) == sent;
  }));
  turns();
  EXPECT_EQ(codec_.send_body(upload, piece), 0U);
  const auto other = ask("/other");
  EXPECT_TRUE(until_ended(other));
  EXPECT_EQ(told_.answers[other].body, "ok");
}

TEST_F(Http2, AStreamThatIsNotReadDoesNotStopTheOthers) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.starts_with("GET /big")) {
      peer.endless = std::string(16 * 1024, 'x');
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
    } else if (peer.received.ends_with("\r\n\r\n")) {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  };
  client_.send(h2::kPreface + h2::settings({{4, 1000}}) + h2::get(1, "/big"));
  EXPECT_TRUE(until_story("data 1 1000\n"));
  std::size_t last = 0;
  EXPECT_TRUE(
      until([&] { return std::exchange(last, upstream_.peers[0]->endless_sent) == last && last > 100000; }));
  client_.send(h2::get(3, "/small"));
  EXPECT_TRUE(until_story("data 3 2 end\n"));
  client_.send(h2::window_update(1, 5));
  EXPECT_TRUE(until_story("data 1 5\n"));
}

TEST_F(Http2, AResetStreamIsAnExchangeThatWasAbandoned) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  client_.send(h2::opening() + h2::get(1));
  EXPECT_TRUE(until([&] { return !upstream_.received().empty(); }));
  client_.send(h2::rst(1, 8));
  EXPECT_TRUE(until([&] { return upstream_.peers[0]->gone; }));
  EXPECT_EQ(records(), "GET 499\n");
  upstream_.on_bytes = [](UpstreamPeer& peer) { peer.send("HTTP/1.1 204 No Content\r\n\r\n"); };
  client_.send(h2::get(3));
  EXPECT_TRUE(until_story("headers 3 end\n"));
}

TEST_F(Http2, RefusesARequestOnItsStreamAlone) {
  auto elsewhere = h2::request();
  elsewhere[2].second = "elsewhere.test";
  auto two_hosts = h2::request();
  two_hosts.emplace_back("host", "b.test");
  const auto large = h2::request("/", "GET", {{"x", std::string(40000, 'x')}});
  const auto block = h2::block(large);
  client_.send(h2::opening() + h2::headers(1, elsewhere) + h2::headers(3, two_hosts) +
               h2::headers(5, h2::request("/", "TRACE")) +
               h2::headers(7, h2::request("/" + std::string(9000, 'p'))) +
               h2::frame(h2::Headers, h2::EndStream, 9, block.substr(0, 16000)) +
               h2::frame(h2::Continuation, h2::NoFlag, 9, block.substr(16000, 16000)) +
               h2::frame(h2::Continuation, h2::EndHeaders, 9, block.substr(32000)) + h2::get(11));
  EXPECT_TRUE(until([&] { return records().find("GET 200") != std::string::npos; }));
  EXPECT_EQ(records(), "GET 421\n- 400\n- 501\n- 414\n- 431\nGET 200 2\n");
}

TEST_F(Http2, ARuleBrokenOnTheConnectionEndsItWithTheReason) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  client_.send(h2::opening() + h2::get(1));
  EXPECT_TRUE(until([&] { return !upstream_.received().empty(); }));
  client_.send(h2::data(0, "x"));
  EXPECT_TRUE(until_closed(client_));
  EXPECT_NE(story().find("goaway 1 PROTOCOL_ERROR\n"), std::string::npos) << story();
  EXPECT_TRUE(client_.wire.write_shut);
  EXPECT_EQ(records(), "GET 499\n");
}

TEST_F(Http2, AFloodIsCountedAndEndsTheConnection) {
  std::string flood = h2::opening();
  for (std::uint32_t i = 0; i < 300; ++i) flood += h2::get(2 * i + 1) + h2::rst(2 * i + 1, 8);
  client_.send(flood);
  EXPECT_TRUE(until_closed(client_));
  EXPECT_NE(story().find("ENHANCE_YOUR_CALM"), std::string::npos) << story();
  const auto kind = static_cast<std::size_t>(http::Http2Abuse::ResetsReceived);
  EXPECT_EQ(worker_->http2_counters->abuse[kind].value(), 1U);
}

TEST_F(Http2, DrainsInTwoSteps) {
  const auto first = ask("/1");
  client_.connection->drain();
  const auto second = ask("/2");
  EXPECT_TRUE(until_ended(first));
  EXPECT_TRUE(until_ended(second));
  EXPECT_TRUE(until([&] {
    exchange_bytes();
    return client_.closed;
  }));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\n");
}

TEST_F(Http2, AnIdleConnectionIsToldThatItEnds) {
  limits_.idle_timeout = std::chrono::milliseconds(200);
  use_limits();
  auto& client = connect();
  client.send(h2::opening());
  EXPECT_TRUE(until_closed(client));
  EXPECT_EQ(h2::story_of(client.wire.written), "goaway 0 NO_ERROR\n");
}

TEST_F(Http2, FramesThatMoveNothingDoNotKeepAConnectionOpen) {
  limits_.idle_timeout = std::chrono::milliseconds(300);
  use_limits();
  auto& client = connect();
  client.send(h2::opening());
  EXPECT_TRUE(until([&] {
    if (!client.closed) client.send(h2::window_update(0, 1));
    return client.closed;
  }));
}

TEST_F(Http2, AStreamWhoseWindowStaysShutIsReset) {
  limits_.write_timeout = std::chrono::milliseconds(300);
  use_limits();
  auto& client = connect();
  client.send(h2::kPreface + h2::settings({{4, 0}}) + h2::get(1));
  EXPECT_TRUE(
      until([&] { return h2::story_of(client.wire.written).find("reset 1 CANCEL") != std::string::npos; }));
}

TEST_F(Http2, AHeaderBlockThatDoesNotEndIsCutOff) {
  limits_.header_timeout = std::chrono::milliseconds(200);
  use_limits();
  auto& client = connect();
  client.send(h2::opening() + h2::frame(h2::Headers, h2::EndStream, 1, h2::block(h2::request())));
  EXPECT_TRUE(until_closed(client));
  EXPECT_NE(h2::story_of(client.wire.written).find("ENHANCE_YOUR_CALM"), std::string::npos);
}

TEST_F(Http2, AClientThatVanishesLeavesRecordsOnly) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  client_.send(h2::opening() + h2::get(1) + h2::get(3));
  EXPECT_TRUE(until([&] { return upstream_.peers.size() == 2; }));
  client_.vanish();
  EXPECT_TRUE(client_.closed);
  EXPECT_EQ(records(), "GET 499\nGET 499\n");
}

TEST_F(Http2, AnAnswerCutShortIsReset) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.end();
  };
  client_.send(h2::opening() + h2::get(1));
  EXPECT_TRUE(until_story("reset 1 INTERNAL_ERROR\n"));
  EXPECT_FALSE(client_.closed);
}

}  // namespace
}  // namespace portvakt::exchange
