// What the spool's keeper does with time.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/logs/scratch_folder.h"
#include "tests/logs/spool_support.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

class SpoolKeeping : public testing::Test {
 protected:
  void open(std::size_t writers = 1) {
    settings_.writers = writers;
    auto opened = Spool::open(settings_, clock_);
    ASSERT_TRUE(opened) << opened.error().detail;
    spool_ = std::move(*opened);
  }
  void append(std::string_view payload, int count = 1, std::size_t worker = 0) {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(spool_->writer(worker).append(RecordKind::Access, "site", payload));
  }
  /// Delivers all there is, as a shipper does.
  std::size_t deliver(SpoolReader& reader) {
    std::vector<SpooledRecord> records;
    std::size_t count = 0;
    while (reader.read(0, 1000, 1U << 20, records), !records.empty()) {
      count += records.size();
      reader.sending(0, records.back().sequence);
      reader.delivered(0, records.back().sequence);
    }
    return count;
  }
  bool on_disk(const std::string& text) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

  ScratchFolder folder_;
  SharedClock clock_;
  SpoolSettings settings_ = small_spool(folder_.path());
  std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolKeeping, WhatWasDeliveredGoesThoughNothingMoreComes) {
  open();
  append("recognisable");
  ASSERT_TRUE(on_disk("recognisable"));
  SpoolReader reader(*spool_);
  EXPECT_EQ(deliver(reader), 1U);
  clock_.advance(settings_.rotate);
  ASSERT_TRUE(wait_until([&] {
    clock_.advance(minutes{1});
    deliver(reader);
    reader.confirm(clock_.steady());
    return !on_disk("recognisable");
  }));
  append("later", 3);  // the worker still had the file that is gone
  EXPECT_EQ(deliver(reader), 3U);
  EXPECT_EQ(spool_->lost(), 0U);
}

TEST_F(SpoolKeeping, ClosingLosesNothingOfABusyWorker) {
  settings_.rotate = milliseconds{1};
  open();
  SpoolReader reader(*spool_);
  std::atomic<bool> done{false};
  std::thread worker([&] {
    for (int i = 0; i < 20'000; ++i) spool_->writer(0).append(RecordKind::Access, "site", "payload");
    done = true;
  });
  std::vector<std::uint64_t> seen;
  std::vector<SpooledRecord> records;
  while (true) {
    const bool last = done.load();
    clock_.advance(milliseconds{5});
    reader.read(0, 1000, 1U << 20, records);
    for (const auto& record : records) seen.push_back(record.sequence);
    if (!records.empty()) reader.delivered(0, records.back().sequence);
    if (last && records.empty()) break;
  }
  worker.join();
  EXPECT_EQ(seen, count_up(1, 20'000 - spool_->lost()));
}

TEST_F(SpoolKeeping, WhatCannotBeDeliveredInTimeIsDroppedAndCounted) {
  settings_.max_age = std::chrono::hours{48};
  open();
  append("recognisable", 7);
  ASSERT_TRUE(wait_until([&] {
    clock_.advance(settings_.rotate);
    return clock_.steady() > SteadyTime{std::chrono::hours{40}};
  }));
  EXPECT_EQ(spool_->lost(), 0U);
  EXPECT_TRUE(on_disk("recognisable"));
  ASSERT_TRUE(wait_until([&] {
    clock_.advance(settings_.rotate);
    return spool_->lost() == 7;
  }));
  ASSERT_TRUE(wait_until([&] { return !on_disk("recognisable"); }));
}

TEST_F(SpoolKeeping, AClockThatIsSetMakesNothingOld) {
  settings_.max_age = std::chrono::hours{48};
  settings_.rotate = milliseconds{1};
  open();
  append("kept", 3);
  clock_.set_wall(clock_.wall() + std::chrono::hours{24 * 400});
  for (int i = 0; i < 20; ++i) {
    clock_.advance(minutes{1});
    ::poll(nullptr, 0, 20);  // turns of the keeper
    append("kept");
  }
  SpoolReader reader(*spool_);
  EXPECT_EQ(deliver(reader), 23U);
  EXPECT_EQ(spool_->lost(), 0U);
}

TEST_F(SpoolKeeping, AnswersWhileItWaitsForTheDisk) {
  settings_.sync = milliseconds{1};
  open();
  SpoolReader reader(*spool_);
  for (int round = 0; round < 20; ++round) {
    append(std::string(4000, 'x'), 100);
    clock_.advance(milliseconds{5});
    EXPECT_EQ(deliver(reader), 100U);
  }
  EXPECT_EQ(spool_->lost(), 0U);
}

}  // namespace
}  // namespace portvakt::logs
