// Clients that are slow, large or never done meet the limit that is meant for them; each is counted under its
// name.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using namespace std::chrono_literals;
using test::kGet;
using test::UpstreamPeer;

class ClientLimits : public test::ExchangeTest {
 protected:
  std::uint64_t hits(Limit limit) const { return worker_->limit_hits->value(limit); }
  /// Calls `step` every few milliseconds until the client is closed; how often it did.
  int drip(test::TestClient& client, const std::function<void()>& step) {
    int steps = 0;
    net::Timer again(loop_, [&] {
      step();
      ++steps;
      if (!client.closed) again.start(10ms);
    });
    again.start(1ms);
    EXPECT_TRUE(until_closed(client));
    return steps;
  }
  /// An answer too large for the client to have before somebody waits.
  void answer_without_end() {
    upstream_.on_bytes = [](UpstreamPeer& peer) {
      peer.endless = std::string(16 * 1024, 'x');
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
    };
  }
};

TEST_F(ClientLimits, ASlowHeadCannotBuyTimeByDripping) {
  limits_.header_timeout = 200ms;
  use_limits();
  auto& client = connect();
  const int drips = drip(client, [&] { client.send("G"); });
  EXPECT_LT(drips, 100);
  EXPECT_TRUE(client.got("HTTP/1.1 408 "));
  EXPECT_EQ(hits(Limit::HeadTime), 1U);
}

TEST_F(ClientLimits, ABodyThatTricklesIsAnsweredWith408) {
  limits_.min_upload_rate = 100000;
  limits_.upload_grace = 200ms;
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\n");
  const int drips = drip(client, [&] { client.send("x"); });
  EXPECT_LT(drips, 200);
  EXPECT_TRUE(client.got("HTTP/1.1 408 "));
  EXPECT_TRUE(client.got("Connection: close"));
  EXPECT_EQ(hits(Limit::UploadRate), 1U);
  EXPECT_EQ(records(), "POST 408\n");
}

TEST_F(ClientLimits, ABodyThatNeverComesIsAStall) {
  limits_.idle_timeout = 50ms;
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(until_closed(client));
  EXPECT_EQ(hits(Limit::IdleTime), 1U);
  EXPECT_EQ(hits(Limit::UploadRate), 0U);
}

TEST_F(ClientLimits, ASlowUploadIsLeftAloneOnceItsAnswerHasBegun) {
  limits_.min_upload_rate = 100000;
  limits_.upload_grace = 500ms;
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.endless_sent++ == 0) peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    if (peer.received.ends_with("0\r\n\r\n")) peer.send("0\r\n\r\n");
  };
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_TRUE(until_got(client, "200 OK"));
  bool over = false;
  net::Timer later(loop_, [&] { over = true; });
  later.start(1200ms);
  EXPECT_TRUE(until([&] { return over; }));
  client.send("0\r\n\r\n");
  EXPECT_TRUE(until_got(client, "\r\n0\r\n\r\n"));
  EXPECT_EQ(hits(Limit::UploadRate), 0U);
}

TEST_F(ClientLimits, AReaderThatTakesNothingIsCut) {
  limits_.write_timeout = 100ms;
  use_limits();
  answer_without_end();
  auto& client = connect();
  client.wire.write_room = 1000;
  client.send(kGet);
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.wire.reset);
  EXPECT_EQ(hits(Limit::WriteTime), 1U);
}

TEST_F(ClientLimits, AReaderThatTakesLittleByLittleIsCut) {
  limits_.min_download_rate = 100000;
  limits_.download_grace = 200ms;
  use_limits();
  answer_without_end();
  auto& client = connect();
  client.wire.write_room = 1000;
  client.send(kGet);
  const int drips = drip(client, [&] { client.take(1); });
  EXPECT_LT(drips, 200);
  EXPECT_TRUE(client.wire.reset);
  EXPECT_EQ(hits(Limit::DownloadRate), 1U);
}

TEST_F(ClientLimits, TheLastRequestOfAConnectionIsAnsweredWithClose) {
  limits_.max_requests_per_connection = 2;
  use_limits();
  auto& client = connect();
  client.send(kGet + kGet + kGet);
  EXPECT_TRUE(until_closed(client));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\n");
  EXPECT_TRUE(client.wire.written.ends_with("Connection: close\r\n\r\nok"));
  EXPECT_EQ(hits(Limit::RequestsPerConnection), 1U);
}

TEST_F(ClientLimits, WhatIsTooLargeIsCountedByWhatItWas) {
  limits_.max_body = 4;
  use_limits();
  const std::string host = "Host: a.test\r\n";
  std::string many;
  for (int i = 0; i < 200; ++i) many += "X: y\r\n";
  for (const auto& request : {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
                              "GET / HTTP/1.1\r\n" + host + "X: " + std::string(40000, 'a') + "\r\n\r\n",
                              "GET / HTTP/1.1\r\n" + host + many + "\r\n",
                              "PUT / HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello"}) {
    auto& client = connect();
    client.send(request);
    EXPECT_TRUE(until_closed(client));
  }
  EXPECT_EQ(hits(Limit::RequestLine), 1U);
  EXPECT_EQ(hits(Limit::HeaderBytes), 1U);
  EXPECT_EQ(hits(Limit::HeaderCount), 1U);
  EXPECT_EQ(hits(Limit::BodySize), 1U);
}

TEST_F(ClientLimits, AnUpstreamThatIsWaitedForTooLongIsCounted) {
  limits_.response_timeout = 50ms;
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "HTTP/1.1 504 "));
  EXPECT_EQ(hits(Limit::ResponseTime), 1U);
}

TEST_F(ClientLimits, UnderMemoryPressureNewWorkIsRefusedAndOldWorkGoesOn) {
  answer_without_end();
  auto& old = connect();
  old.wire.write_room = 1000;
  old.send(kGet);
  EXPECT_TRUE(until([&] { return worker_->memory->held() > 60000; }));
  worker_->memory->set_most(worker_->memory->held() * 9 / 8);  // between the soft mark and the hard one
  auto& fresh = connect();
  fresh.send(kGet);
  EXPECT_TRUE(until_closed(fresh));
  EXPECT_TRUE(fresh.got("HTTP/1.1 503 "));
  EXPECT_TRUE(fresh.got("Connection: close"));
  EXPECT_EQ(records(), "GET 503\n");
  EXPECT_EQ(hits(Limit::Buffered), 1U);
  EXPECT_FALSE(old.closed);
  const auto had = old.wire.written.size();
  old.take(5000);
  EXPECT_TRUE(until([&] { return old.wire.written.size() == had + 5000; }));
}

TEST_F(ClientLimits, PastTheHardMarkAReaderThatTakesNothingIsCut) {
  answer_without_end();
  auto& greedy = connect();
  greedy.wire.write_room = 1000;
  greedy.send(kGet);
  EXPECT_TRUE(until([&] { return worker_->memory->held() > 60000; }));
  worker_->memory->set_most(1000);
  // Whatever else moves makes the worker look for somebody to cut.
  auto& other = connect();
  other.wire.write_room = 10;
  int sent = 0;
  net::Timer again(loop_, [&] {
    if (++sent % 2 == 1) other.send("G");
    if (other.closed && !greedy.closed) connect().send(kGet);
    if (!greedy.closed) again.start(50ms);
  });
  again.start(1ms);
  EXPECT_TRUE(until_closed(greedy));
  EXPECT_TRUE(greedy.wire.reset);
}

TEST_F(ClientLimits, WhatConnectionsHeldIsGivenBack) {
  answer_without_end();
  for (int i = 0; i < 5; ++i) {
    auto& client = connect();
    client.wire.write_room = 1000;
    client.send(kGet);
    EXPECT_TRUE(until([&] { return worker_->memory->held() > 60000; }));
    client.vanish();
    EXPECT_TRUE(until([&] { return worker_->memory->held() == 0; }));
  }
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(100000, 'x'));
  };
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() > 100000; }));
  turns();
  EXPECT_FALSE(client.closed);
  EXPECT_EQ(worker_->memory->held(), 0U);
}

TEST_F(ClientLimits, AConnectionIdleOrInUseTellsItsPlace) {
  ConnectionCounts counts;
  worker_->gate = std::make_unique<ConnectionGate>(counts, *worker_->limit_hits);
  limits_.max_connections = 2;
  use_limits();
  auto& first = connect();
  auto& second = connect();
  first.send(kGet);
  second.send(kGet);
  EXPECT_TRUE(until([&] { return worker_->gate->idle_connections() == 2; }));
  second.send("GET / HT");
  EXPECT_EQ(worker_->gate->idle_connections(), 1U);
  auto& third = connect();
  EXPECT_TRUE(until_closed(first));
  EXPECT_FALSE(first.wire.reset);
  EXPECT_FALSE(second.closed);
  EXPECT_FALSE(third.closed);
  EXPECT_EQ(counts.open(), 2U);
  clients_.clear();
  EXPECT_EQ(counts.open(), 0U);
}

}  // namespace
}  // namespace portvakt::exchange
