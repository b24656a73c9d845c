#include "insights/sqlite_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "insights/database.h"
#include "proxy/base/file.h"
#include "tests/insights/made_records.h"
#include "tests/logs/spool_support.h"

namespace portvakt::insights {
namespace {

RecordBatch views(std::uint64_t first, std::uint64_t last) {
  RecordBatch batch{
      "a/2026-11-22:requests", first == 1 ? "" : std::to_string(first - 1), std::to_string(last), {}};
  for (auto i = first; i <= last; ++i) batch.records.push_back(made_view(i, "/page"));
  return batch;
}

std::int64_t counted(const ScratchStore& store) {
  return totals_of(*store.reports).figures.views;
}

TEST(Store, TakesABatchOnceHoweverOftenItComes) {
  const ScratchStore store;
  EXPECT_EQ(store->take(views(1, 50)), 50U);
  EXPECT_EQ(store->take(views(1, 50)), 0U);
  EXPECT_EQ(store->take(views(51, 60)), 10U);
  EXPECT_EQ(store->take(views(51, 60)), 0U);
  EXPECT_EQ(counted(store), 60);
  EXPECT_EQ(store->position("a/2026-11-22:requests"), "60");
}

TEST(Store, TakesNothingThatLeavesAGap) {
  const ScratchStore store;
  EXPECT_EQ(store->take(views(5, 9)), 0U);
  EXPECT_EQ(counted(store), 0);
  EXPECT_EQ(store->position("a/2026-11-22:requests"), "");
}

TEST(Store, CountsARecordOnceThatComesAgainUnderANewEntry) {
  const ScratchStore store;
  ASSERT_EQ(store->take(views(1, 50)), 50U);
  auto again = views(31, 70);  // a Redis lost its last second, and the shipper filled it again
  again.after = "50";
  EXPECT_EQ(store->take(again), 20U);
  EXPECT_EQ(counted(store), 70);
}

TEST(Store, TwoProcessesThatFillOneFileDoNotCountTwice) {
  const ScratchStore store;
  const auto other = store.open();
  for (std::uint64_t first = 1; first <= 100; first += 10) {
    const auto batch = views(first, first + 9);
    const auto one = store->take(batch), two = other->take(batch);
    ASSERT_TRUE(one && two);
    EXPECT_EQ(*one + *two, 10U);
  }
  EXPECT_EQ(counted(store), 100);
}

TEST(Store, LosesAndDoublesNothingWhenItIsKilled) {
  const ScratchStore store;
  constexpr std::uint64_t kLast = 4000;
  const std::string stream = views(1, 1).stream;
  const auto fill = [&](Store& into) {
    auto next = std::stoull("0" + into.position(stream).value_or("")) + 1;
    for (; next <= kLast; next += 10) ASSERT_TRUE(into.take(views(next, next + 9)));
  };
  for (const int until : {300, 900, 1700}) {
    const pid_t child = ::fork();
    if (child == 0) {
      fill(*store.open());
      ::_exit(0);
    }
    EXPECT_TRUE(
        logs::wait_until([&] { return std::stoi("0" + store->position(stream).value_or("")) >= until; }));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  fill(*store);
  EXPECT_EQ(counted(store), static_cast<std::int64_t>(kLast));
}

TEST(Store, KeepsAPositionThatHasNoRecordsOfUse) {
  const ScratchStore store;
  SourceRecord broken{logs::RecordKind::Access, {{"id", "no sequence"}, {"path", "/"}}};
  EXPECT_EQ(store->take({"s", "", "1-0", {broken}}), 0U);
  EXPECT_EQ(store->position("s"), "1-0");
  EXPECT_EQ(store->sites(), std::vector<std::string>());
}

TEST(Store, IsReadableByItsOwnerAlone) {
  const ScratchStore store;
  ASSERT_EQ(store->take(views(1, 5)), 5U);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status{};
    ASSERT_EQ(::stat((store.file.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST(Store, HoldsNoAddressNoQueryAndNobodyWhoDidNotConsent) {
  ScratchStore store;
  auto record = made_record(logs::RecordKind::Access, 1, kToday,
                            {{"method", "GET"},
                             {"path", "/found?name=elisabeth"},
                             {"status", "200"},
                             {"ip", "198.51.100.0"},
                             {"purposes", "necessary, marketing"},
                             {"visitor", "visitor-without-consent"},
                             {"session", "session-4711"}});
  ASSERT_EQ(store->take({"s", "", "1", {record}}), 1U);
  store.close();  // everything moves from the log to the file
  const auto bytes = read_file(store.file);
  ASSERT_TRUE(bytes);
  EXPECT_NE(bytes->find("/found"), std::string::npos);
  for (const char* secret : {"elisabeth", "198.51", "visitor-without", "session-4711"}) {
    EXPECT_EQ(bytes->find(secret), std::string::npos) << secret;
  }
}

TEST(Store, RefusesAFileOfANewerProgram) {
  ScratchStore store;
  store.close();
  ASSERT_TRUE((*Database::open(store.file))->run("INSERT INTO migrations VALUES (1000)"));
  const auto opened = SqliteStore::open(store.file);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::Unsupported);
}

TEST(Store, SaysWhatIsWrongWithAFileThatIsNoStore) {
  const logs::ScratchFolder folder;
  ASSERT_TRUE(write_private_file(folder.path() / "insights.db", std::string(8192, 'x')));
  EXPECT_EQ(SqliteStore::open(folder.path() / "insights.db").error().detail,
            "reports store: file is not a database");
  EXPECT_FALSE(SqliteStore::open(folder.path() / "missing" / "insights.db"));
}

}  // namespace
}  // namespace portvakt::insights
