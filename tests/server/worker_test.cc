// A worker with real sockets: what is handed to it while it serves, and how it ends.
#include "proxy/server/worker.h"

#include <gtest/gtest.h>

#include "proxy/logs/spool/spool.h"
#include "proxy/server/snapshot_compiler.h"
#include "tests/server/server_fixture.h"

namespace portvakt::server {
namespace {

using test::accepts;
using test::eventually;
using test::listener_at;
using test::PlainClient;

const std::string kPage = "GET /.privacy/state.json HTTP/1.1\r\nHost: a.test\r\n\r\n";

/// The site's own pages are answered without an upstream.
class WorkerTest : public testing::Test {
 protected:
  WorkerTest() {
    logs::SpoolSettings settings;
    settings.path = folder.path() / "spool";
    settings.max_size = 16U << 20;
    spool = std::move(*logs::Spool::open(settings, clock));
    listen(2);
    worker = std::make_unique<Worker>(compile(), spool->writer(0), clock, part(), counts);
    worker->start();
  }

  std::shared_ptr<const exchange::Snapshot> compile() {
    Diagnostics diagnostics;
    return std::move(*compile_snapshot(model, ++generation, counters, diagnostics));
  }
  void listen(std::size_t count) {
    listeners.resize(count, listener_at(0));
    auto next = set.prepare(listeners, {});
    ASSERT_TRUE(next);
    set.commit(std::move(*next));
  }
  std::vector<WorkerListener> part() { return std::move(*set.for_worker(0)); }
  std::uint16_t port(std::size_t entry) { return net::local_port(set.entries()[entry].sockets.front()); }
  void take(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    worker->take(compile(), part(), limit);
  }

  test::Scratch folder;
  SystemClock clock;
  config::Model model = test::one_site(folder.path(), 9);
  std::uint64_t generation = 0;
  SiteCounterMap counters;
  std::unique_ptr<logs::Spool> spool;
  std::vector<config::Listener> listeners;
  ListenerSet set{1};
  exchange::ConnectionCounts counts;
  std::unique_ptr<Worker> worker;
};

TEST_F(WorkerTest, AnswersTheNextRequestOfAConnectionByTheNewSnapshot) {
  PlainClient client(port(0));
  client.send(kPage);
  EXPECT_TRUE(client.got("200 OK"));
  model.sites[0].hosts = {"b.test"};
  take();
  bool taken = false;  // in a turn of the worker's own
  for (int i = 0; i < 1000 && !taken; ++i) {
    PlainClient other(port(0));
    other.send(kPage);
    ASSERT_TRUE(other.got("\r\n\r\n"));
    taken = other.received().starts_with("HTTP/1.1 421 ");
  }
  ASSERT_TRUE(taken);
  client.send(kPage);
  EXPECT_TRUE(client.got("HTTP/1.1 421 ")) << client.received();
}

TEST_F(WorkerTest, GoesOnServingAListenerThatStays) {
  PlainClient client(port(0));
  client.send(kPage);
  EXPECT_TRUE(client.got("200 OK"));
  for (int i = 0; i < 20; ++i) take();
  client.send("GET /.privacy/nothing HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.closed());
  EXPECT_NE(client.received().find("Connection: close"), std::string::npos);
}

TEST_F(WorkerTest, BeginsToServeANewListener) {
  listen(3);
  PlainClient early(port(2));
  early.send(kPage);
  take();
  EXPECT_TRUE(early.got("200 OK"));
}

TEST_F(WorkerTest, EndsTheConnectionsOfARemovedListenerAfterTheirRequest) {
  const auto removed = port(1);
  PlainClient stays(port(0));
  PlainClient goes(removed);
  for (auto* client : {&stays, &goes}) {
    client->send(kPage);
    EXPECT_TRUE(client->got("200 OK"));
  }
  listen(1);
  take();
  EXPECT_TRUE(eventually([&] { return !accepts(removed); }));
  goes.send(kPage);
  EXPECT_TRUE(goes.closed());
  EXPECT_NE(goes.received().find("Connection: close"), std::string::npos);
  stays.send("GET /.privacy/nothing HTTP/1.1\r\nHost: a.test\r\n\r\n");
  EXPECT_TRUE(stays.got("HTTP/1.1 404 ")) << stays.received();
}

TEST_F(WorkerTest, CutsOffWhatOutlastsTheTimeOfARemovedListener) {
  PlainClient stuck(port(1));
  stuck.send("GET / HTTP/1.1\r\nHost: a");
  EXPECT_TRUE(eventually([&] { return worker->connections() == 1; }));
  listen(1);
  take(std::chrono::milliseconds(30));
  EXPECT_TRUE(stuck.closed());
  EXPECT_TRUE(eventually([&] { return worker->connections() == 0; }));
}

TEST_F(WorkerTest, DrainsWhatIsOpenAndAcceptsNoMore) {
  PlainClient client(port(0));
  client.send(kPage);
  EXPECT_TRUE(client.got("200 OK"));
  worker->drain();
  client.send(kPage);  // on its way while the worker hears of the drain: it is answered all the same
  EXPECT_TRUE(client.closed());
  const auto answers = client.received();
  EXPECT_NE(answers.find("200 OK"), answers.rfind("200 OK")) << answers;
  EXPECT_TRUE(eventually([&] { return worker->connections() == 0; }));
}

TEST_F(WorkerTest, RecordsWhatItAbandonsWhenItIsStopped) {
  PlainClient client(port(0));
  client.send("POST /.privacy/choice HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nab");
  EXPECT_TRUE(eventually([&] { return worker->connections() == 1; }));
  client.send("c");
  PlainClient second(port(0));
  second.send(kPage);
  EXPECT_TRUE(second.got("200 OK"));
  worker->stop();
  EXPECT_EQ(spool->appended(), 2U);
}

}  // namespace
}  // namespace portvakt::server
