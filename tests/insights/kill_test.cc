// The whole program, killed at random moments while it reads from a real Redis that is filled meanwhile.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "proxy/base/file.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/redis/ship_keys.h"
#include "tests/insights/made_records.h"
#include "tests/insights/made_traffic.h"
#include "tests/logs/redis_process.h"
#include "tests/logs/spool_support.h"

namespace portvakt::insights {
namespace {

constexpr int kKills = 8;
constexpr std::size_t kRecords = 30000;

class Program {
 public:
  explicit Program(const std::string& config) {
    process_ = ::fork();
    if (process_ != 0) return;
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, 1);
    ::dup2(null, 2);
    ::execl(PORTVAKT_PROGRAM, "portvakt", "insights", "--config", config.c_str(), "--listen", "127.0.0.1:0",
            nullptr);
    ::_exit(127);
  }
  ~Program() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_;
};

class KilledInsights : public testing::Test {
 protected:
  void SetUp() override {
    made_.make();
    const std::string text =
        "listen: [{address: \"127.0.0.1:0\"}]\nlog:\n  spool: {path: " + (folder_.path() / "spool").string() +
        "}\n  retention: 3650d\n  redis: {url: \"unix:" + redis_.unix_url().socket_path +
        "\"}\nsites: [{name: a, hosts: [a.test], upstreams: [\"http://127.0.0.1:9\"]}]\n";
    ASSERT_TRUE(write_private_file(folder_.path() / "portvakt.yaml", text));
  }

  std::string key(const SourceRecord& record) const {
    const auto keys = logs::day_keys("portvakt", "a", "2026-11-22");
    if (record.kind == logs::RecordKind::Access) return keys.requests;
    if (record.kind == logs::RecordKind::Consent) return keys.consents;
    if (record.kind == logs::RecordKind::Event) return keys.events;
    return logs::site_key("portvakt", "a", "erasures");
  }

  /// As the shipper does: the first `end` records are then in Redis.
  void fill(std::size_t end) {
    logs::StopSignal stop;
    logs::RedisClient client(redis_.unix_url(), {std::chrono::seconds{10}, std::chrono::seconds{60}}, stop);
    ASSERT_TRUE(client.connect());
    std::string commands;
    logs::append_command(commands, {"ZADD", logs::days_key("portvakt", "a"), "0", "2026-11-22"});
    std::size_t count = 1;
    for (; filled_ < end; ++filled_, ++count) {
      const auto& record = made_.records[filled_];
      logs::append_array_head(commands, 3 + record.fields.size() * 2);
      for (const std::string& word : {std::string("XADD"), key(record), std::string("*")})
        logs::append_argument(commands, word);
      for (const auto& [name, value] : record.fields) {
        logs::append_argument(commands, name);
        logs::append_argument(commands, value);
      }
    }
    ASSERT_TRUE(client.exchange(commands, count));
  }

  /// Rows that have been taken so far.
  std::int64_t taken() {
    auto database = Database::open(file());
    if (!database) return 0;
    auto query = (*database)->prepare("SELECT count(*) FROM hits");
    if (!query || !query->step()) return 0;
    return query->number(0);
  }
  std::filesystem::path file() const { return folder_.path() / "insights.db"; }
  std::string config() const { return (folder_.path() / "portvakt.yaml").string(); }

  logs::ScratchFolder folder_;
  logs::RedisProcess redis_;
  truth::MadeTraffic made_{kRecords};
  std::size_t filled_ = 0;
};

TEST_F(KilledInsights, LoseAndDoubleNothing) {
  std::mt19937 random(11);
  std::int64_t before = 0;
  for (int i = 1; i <= kKills; ++i) {
    fill(made_.records.size() * static_cast<std::size_t>(i) / kKills);
    const Program program(config());
    // Killed somewhere behind this row, most often in the middle of a batch.
    const auto until = before + 1 + static_cast<std::int64_t>(random() % 600);
    ASSERT_TRUE(logs::wait_until([&] { return taken() >= until; })) << i;
    before = taken();
  }
  const Program last(config());
  made_.truth.settle("UTC");
  FakeClock clock;
  const auto known = made_.truth.totals({"a", made_.period(), Comparison::None, {}, {}});
  const auto reports = ColumnReports::open(file(), {}, clock);
  ASSERT_TRUE(reports);
  Totals now;
  const auto read = [&] {
    const auto answer = (*reports)->totals({"a", made_.period(), Comparison::None, {}, {}});
    if (answer) now = answer->now;
    return answer && now.requests == known.requests;
  };
  EXPECT_TRUE(logs::wait_until(read));
  EXPECT_EQ(now.requests, known.requests);
  EXPECT_EQ(now.figures, known.figures);
}

}  // namespace
}  // namespace portvakt::insights
