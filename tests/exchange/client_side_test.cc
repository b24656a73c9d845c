// What clients do to a connection: cuts, pipelines, half-closes, stalls, malformed messages.
#include "tests/exchange/exchange_fixture.h"

namespace portvakt::exchange {
namespace {

using test::kGet;
using test::UpstreamPeer;
using ClientSide = test::ExchangeTest;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(ClientSide, AnswersARequestAndLeavesOneRecord) {
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(client.wire.written, kOk);
  EXPECT_FALSE(client.closed);
  EXPECT_EQ(records(), "GET 200 2\n");
}

TEST_F(ClientSide, AnswersPipelinedRequestsInOrderWithARecordEach) {
  auto& client = connect();
  client.send(kGet + kGet + kGet.substr(0, 9));
  client.send(kGet.substr(9));
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 3 * kOk.size(); }));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\nGET 200 2\n");
}

TEST_F(ClientSide, PassesAChunkedUploadThatIsCutAnywhere) {
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    if (peer.received.ends_with("0\r\n\r\n")) peer.send(kOk);
  };
  auto& client = connect();
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
      "world\r\n0\r\n\r\n";
  for (const char c : request) client.send(std::string_view(&c, 1));
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_EQ(records(), "POST 200 2\n");
}

TEST_F(ClientSide, AnswersAClientThatClosedItsSendingSideAtOnce) {
  for (const std::string& request : {kGet, std::string("GET / HTTP/1.1\r\nHost: unknown.test\r\n\r\n")}) {
    auto& client = connect();
    client.wire.incoming.push_back(request);
    client.half_close();
    EXPECT_TRUE(until_closed(client));
    EXPECT_TRUE(client.got("HTTP/1.1 ")) << request;
    EXPECT_TRUE(client.got("ok") || client.got("</html>")) << client.wire.written;
    EXPECT_FALSE(client.wire.reset);
  }
  EXPECT_EQ(records(), "GET 200 2\nGET 421\n");
}

TEST_F(ClientSide, SendsTheWholeAnswerToASlowClientThatHasHalfClosed) {
  auto& client = connect();
  client.wire.write_room = 10;
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 10; }));
  client.half_close();
  turns();
  EXPECT_FALSE(client.closed);
  client.take(1000);
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("\r\n\r\nok"));
}

TEST_F(ClientSide, SendsTheWholeAnswerToASlowClientWhileDraining) {
  auto& client = connect();
  client.wire.write_room = 10;
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 10; }));
  turns();
  client.connection->drain();
  turns();
  EXPECT_FALSE(client.closed);
  client.take(1000);
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("\r\n\r\nok"));
  EXPECT_FALSE(client.wire.reset);
}

TEST_F(ClientSide, ServesARequestThatIsOnItsWayWhenTheDrainBegins) {
  auto& client = connect();
  worker_->draining = true;
  client.connection->drain();
  EXPECT_FALSE(client.closed);
  client.send(kGet);
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("Connection: close\r\n"));
  EXPECT_TRUE(client.got("\r\n\r\nok"));
}

TEST_F(ClientSide, LetsTheRunningExchangeEndWhenTheDrainBegins) {
  auto& client = connect();
  client.send(kGet);
  client.connection->drain();
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("\r\n\r\nok"));
  EXPECT_EQ(records(), "GET 200 2\n");
}

TEST_F(ClientSide, ClosesConnectionsThatWaitForTheNextRequestWhenTheDrainBegins) {
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  turns();
  client.connection->drain();
  EXPECT_TRUE(until_closed(client));
}

TEST_F(ClientSide, AnswersTheNextRequestOfAClientThatWasNotToldOfTheDrain) {
  limits_.linger = std::chrono::seconds(30);
  use_limits();
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "ok"));
  EXPECT_FALSE(client.got("Connection: close\r\n"));
  client.connection->drain();
  turns();
  EXPECT_FALSE(client.closed);
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "Connection: close\r\n"));
  EXPECT_TRUE(until([&] { return client.wire.write_shut; }));
  EXPECT_EQ(records(), "GET 200 2\nGET 200 2\n");
}

TEST_F(ClientSide, RecordsAClientThatLeftBeforeItsAnswer) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until([&] { return !upstream_.received().empty(); }));
  client.vanish();
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(records(), "GET 499\n");
  EXPECT_TRUE(until([&] { return upstream_.peers[0]->gone; }));
}

TEST_F(ClientSide, RecordsExchangesThatAreAbandonedAtTheEnd) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send(kGet);
  client.connection->abandon();
  EXPECT_EQ(records(), "GET 499\n");
}

TEST_F(ClientSide, AnswersAndRecordsWhatCannotBeRead) {
  for (const std::string bytes :
       {"GET / HTTP/1.1\nHost: a.test\n\n", "G(T / HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n"}) {
    auto& client = connect();
    client.send(bytes);
    EXPECT_TRUE(until_closed(client));
    EXPECT_TRUE(client.got("HTTP/1.1 400 ")) << bytes;
    EXPECT_TRUE(client.got("Connection: close")) << bytes;
  }
  EXPECT_EQ(records(), "- 400\n- 400\n- 400\n");
  EXPECT_EQ(upstream_.received(), "");
}

TEST_F(ClientSide, AnswersABodyThatTurnsOutMalformed) {
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  client.send("zz\r\n");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("HTTP/1.1 400 "));
  EXPECT_EQ(records(), "POST 400\n");
}

TEST_F(ClientSide, KeepsTheAnswerToABodyThatWasTooLargeWhateverFollows) {
  limits_.max_body = 4;
  use_limits();
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("HTTP/1.1 413 "));
  EXPECT_TRUE(client.got("</html>"));
  EXPECT_FALSE(client.wire.reset);
}

TEST_F(ClientSide, GivesUpOnAHeadThatDoesNotEnd) {
  limits_.header_timeout = std::chrono::milliseconds(30);
  use_limits();
  auto& client = connect();
  client.send("GET / HT");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("HTTP/1.1 408 "));
  auto& silent = connect();
  EXPECT_TRUE(until_closed(silent));
  EXPECT_EQ(silent.wire.written, "");
  EXPECT_EQ(records(), "- 408\n");
}

TEST_F(ClientSide, GivesUpOnABodyThatDoesNotCome) {
  limits_.idle_timeout = std::chrono::milliseconds(30);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer&) {};
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.got("HTTP/1.1 408 "));
  EXPECT_EQ(records(), "POST 408\n");
}

TEST_F(ClientSide, ClosesAConnectionThatIsIdleForTooLong) {
  limits_.idle_timeout = std::chrono::milliseconds(30);
  use_limits();
  auto& client = connect();
  client.send(kGet);
  EXPECT_TRUE(until_closed(client));
  EXPECT_EQ(client.wire.written, kOk);
}

TEST_F(ClientSide, GivesUpOnAClientThatTakesNothingMoreWhereverItsBufferEnds) {
  limits_.write_timeout = std::chrono::milliseconds(300);
  use_limits();
  upstream_.on_bytes = [](UpstreamPeer& peer) {
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
  };
  auto& client = connect();
  client.wire.write_room = std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst").size();
  client.send(kGet);
  EXPECT_TRUE(until_got(client, "first"));
  turns();
  upstream_.peers[0]->send("again");
  EXPECT_TRUE(until_closed(client));
  EXPECT_TRUE(client.wire.reset);
}

TEST_F(ClientSide, ASlowReaderCannotBuyTimeByDrippingTheNextRequest) {
  limits_.write_timeout = std::chrono::milliseconds(60);
  use_limits();
  auto& client = connect();
  client.wire.write_room = 10;
  client.send(kGet);
  EXPECT_TRUE(until([&] { return client.wire.written.size() == 10; }));
  net::Timer drip(loop_, [] {});
  int drips = 0;
  net::Timer again(loop_, [&] {
    client.send("G");
    if (++drips < 200 && !client.closed) again.start(std::chrono::milliseconds(10));
  });
  again.start(std::chrono::milliseconds(1));
  EXPECT_TRUE(until_closed(client));
  EXPECT_LT(drips, 100);
}

TEST_F(ClientSide, RefusesOtherExpectationsAndUnknownHosts) {
  auto& client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 200-ok\r\n\r\n");
  EXPECT_TRUE(until_got(client, "HTTP/1.1 417 "));
  auto& lost = connect();
  lost.send("POST / HTTP/1.1\r\nHost: b.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(until_got(lost, "HTTP/1.1 421 "));
  EXPECT_FALSE(lost.got("100 Continue"));
  EXPECT_TRUE(until_closed(lost));
  EXPECT_EQ(upstream_.peers.size(), 0U);
}

}  // namespace
}  // namespace portvakt::exchange
