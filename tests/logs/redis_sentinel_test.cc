// A master, its replica and a sentinel, all real: the shipper finds the master, follows failovers, and
// refills one that lagged behind.
#include <algorithm>
#include <cstring>

#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

/// One sentinel whose word alone counts.
class SentinelProcess {
 public:
  SentinelProcess(std::uint16_t master, const std::string& more = "") : port_(RedisProcess::free_port()) {
    const auto file = folder_.path() / "sentinel.conf";
    std::ofstream(file)
        << "port " << port_ << "\nbind 127.0.0.1\ndir " << folder_.path().string()
        << "\nsentinel monitor shop 127.0.0.1 " << master
        << " 1\nsentinel down-after-milliseconds shop 1000\nsentinel failover-timeout shop 3000\n"
        << more;
    process_ = ::fork();
    if (process_ == 0) {
      const int null = ::open("/dev/null", O_RDWR);
      ::dup2(null, 1);
      ::dup2(null, 2);
      ::execlp("redis-server", "redis-server", file.c_str(), "--sentinel", nullptr);
      ::_exit(127);
    }
  }
  ~SentinelProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  SentinelProcess(const SentinelProcess&) = delete;
  SentinelProcess& operator=(const SentinelProcess&) = delete;

  std::string text(const std::string& sign_in = "") const {
    return "redis+sentinel://" + sign_in + "127.0.0.1:1,127.0.0.1:" + std::to_string(port_) + "/shop";
  }
  /// Once it knows the replica, a failover can succeed.
  bool wait_for_replica() {
    hurry();
    return wait_until([&] {
      const RedisReply reply = ask({"SENTINEL", "REPLICAS", "shop"});
      const auto has = [](const RedisReply& one, std::string_view text) {
        return std::ranges::any_of(one.items, [&](const RedisReply& item) { return item.text == text; });
      };
      return reply.items.size() == 1 && has(reply.items[0], "ok") && has(reply.items[0], "slave");
    });
  }
  /// It looks more often than it would outside of tests.
  void hurry() {
    EXPECT_TRUE(wait_until([&] {
      return ask({"SENTINEL", "DEBUG", "info-period", "500", "ping-period", "200", "publish-period", "500"})
                 .text == "OK";
    }));
  }
  RedisReply ask(std::initializer_list<std::string_view> words) {
    RedisUrl url;
    url.host = "127.0.0.1";
    url.port = port_;
    RedisConnection connection(url, {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop_);
    if (!connection.open()) return {};
    auto reply = connection.ask(words);
    return reply ? std::move(*reply) : RedisReply();
  }

 private:
  ScratchFolder folder_;
  std::uint16_t port_;
  pid_t process_ = 0;
  StopSignal stop_;
};

class Sentinel : public ShippedSpool {
 protected:
  Sentinel() {
    replica_.ask({"CONFIG", "SET", "repl-ping-replica-period", "1"});
    replica_.ask({"REPLICAOF", "127.0.0.1", std::to_string(redis_.port())});
  }
  bool replica_has(std::int64_t count) {
    return wait_until([&] { return replica_.length(stream()) == count; });
  }
  /// How often somebody has asked the master for its part.
  int role_calls() {
    const std::string report = redis_.ask({"INFO", "commandstats"}).text;
    const auto at = report.find("cmdstat_role:calls=");
    return at == std::string::npos ? 0 : std::atoi(report.c_str() + at + std::strlen("cmdstat_role:calls="));
  }
  void expect_once_in(RedisProcess& server, int last) {
    std::map<std::string, int> paths;
    for (const auto& entry : server.entries(stream())) ++paths[entry.at("path")];
    EXPECT_EQ(paths.size(), static_cast<std::size_t>(last));
    for (int i = 1; i <= last; ++i) ASSERT_EQ(paths["/" + std::to_string(i)], 1) << i;
  }

  RedisProcess replica_;
};

TEST_F(Sentinel, FindsTheMasterAndFollowsAFailover) {
  SentinelProcess sentinel(redis_.port());
  ship(*parse_redis_url(sentinel.text()));
  append(1, 3000);
  ASSERT_TRUE(wait_delivered(3000));
  ASSERT_TRUE(replica_has(3000));
  ASSERT_TRUE(sentinel.wait_for_replica());
  redis_.kill();
  append(3001, 6000);
  ASSERT_TRUE(wait_delivered(6000));
  expect_once_in(replica_, 6000);
}

TEST_F(Sentinel, RefillsAMasterThatLaggedBehind) {
  SentinelProcess sentinel(redis_.port(), "sentinel parallel-syncs shop 1\n");
  ship(*parse_redis_url(sentinel.text()));
  append(1, 1000);
  ASSERT_TRUE(wait_delivered(1000));
  ASSERT_TRUE(replica_has(1000));
  ASSERT_TRUE(sentinel.wait_for_replica());
  replica_.freeze();
  // More than sockets hold for it.
  append(1001, 60000);
  ASSERT_TRUE(wait_delivered(60000));
  // Longer than delivered segments are kept: but the replica has not got them.
  clock_.advance(std::chrono::minutes{2});
  append(60001, 60100);
  ASSERT_TRUE(wait_delivered(60100));
  // The shipper has looked, and the keeper has had its chance to let segments go.
  const auto looks = role_calls();
  ASSERT_TRUE(wait_until([&] { return role_calls() >= looks + 3; }));
  redis_.kill();
  replica_.thaw();
  ASSERT_TRUE(wait_until([&] { return replica_.length(stream()) == 60100; }));
  expect_once_in(replica_, 60100);
  EXPECT_GE(shipper_->counters().retried.value(), 1U);
}

TEST_F(Sentinel, AReadOnlyServerMakesItLookForTheMasterAnew) {
  SentinelProcess sentinel(redis_.port());
  ship(*parse_redis_url(sentinel.text()));
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  ASSERT_TRUE(replica_has(100));
  ASSERT_TRUE(sentinel.wait_for_replica());
  sentinel.ask({"SENTINEL", "FAILOVER", "shop"});
  append(101, 5000);
  ASSERT_TRUE(wait_delivered(5000));
  ASSERT_TRUE(replica_has(5000));
  expect_once_in(replica_, 5000);
}

TEST_F(Sentinel, SaysWhatIsWrongWithTheSentinels) {
  SentinelProcess sentinel(redis_.port(), "requirepass open-sesame\n");
  const auto fault_of = [&](const std::string& text) {
    StopSignal stop;
    RedisClient client(*parse_redis_url(text), {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop);
    const auto connected = client.connect();
    return connected ? std::nullopt : std::optional(connected.error());
  };
  ASSERT_TRUE(wait_until([&] { return fault_of(sentinel.text()) == RedisFault::NoAuth; }));
  EXPECT_EQ(fault_of(sentinel.text(":wrong@")), RedisFault::WrongPassword);
  EXPECT_EQ(fault_of("redis+sentinel://127.0.0.1:1/shop"), RedisFault::NoSentinel);
  SentinelProcess open(redis_.port());
  std::string other = open.text();
  other.replace(other.size() - 4, 4, "none");
  EXPECT_TRUE(wait_until([&] { return fault_of(other) == RedisFault::UnknownMaster; }));
}

}  // namespace
}  // namespace portvakt::logs
