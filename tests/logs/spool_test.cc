#include "proxy/logs/spool/spool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>

#include "proxy/logs/spool/spool_dump.h"
#include "proxy/logs/spool/spool_format.h"
#include "tests/logs/scratch_folder.h"
#include "tests/logs/spool_support.h"

namespace portvakt::logs {
namespace {

namespace fs = std::filesystem;

class SpoolFolder : public testing::Test {
 protected:
  std::unique_ptr<Spool> open(const SpoolSettings& settings) {
    auto spool = Spool::open(settings, clock_);
    EXPECT_TRUE(spool) << (spool ? "" : spool.error().detail);
    return spool ? std::move(*spool) : nullptr;
  }
  std::unique_ptr<Spool> open(std::size_t writers = 1) { return open(small_spool(folder_.path(), writers)); }

  void append(Spool& spool, int count, std::size_t worker = 0, std::size_t size = 200) {
    const std::string payload(size, 'x');
    for (int i = 0; i < count; ++i) spool.writer(worker).append(RecordKind::Access, "site", payload);
  }

  std::vector<fs::path> files(const char* extension) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path().extension() == extension) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  void overwrite(const fs::path& path, std::size_t offset, std::string_view bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  ScratchFolder folder_;
  SharedClock clock_;
};

TEST_F(SpoolFolder, GivesBackWhatWasAppendedInOrder) {
  auto spool = open();
  append(*spool, 3000);
  EXPECT_EQ(spool->appended(), 3000U);
  SpoolReader reader(*spool);
  EXPECT_EQ(read_sequences(reader, 0), count_up(1, 3000));
  append(*spool, 10);
  EXPECT_EQ(read_sequences(reader, 0), count_up(3001, 3010));
  EXPECT_EQ(spool->lost(), 0U);
}

TEST_F(SpoolFolder, IsReadWhileItIsWritten) {
  auto spool = open(2);
  std::thread first([&] { append(*spool, 20000, 0); });
  std::thread second([&] { append(*spool, 20000, 1); });
  SpoolReader reader(*spool);
  std::vector<SpooledRecord> records;
  std::uint64_t next[2] = {1, 1};
  EXPECT_TRUE(wait_until([&] {
    for (std::size_t producer = 0; producer < 2; ++producer) {
      reader.read(producer, 500, 1U << 20, records);
      for (const auto& record : records) {
        EXPECT_EQ(record.sequence, next[producer]++);
        EXPECT_EQ(record.payload, std::string(200, 'x'));
      }
    }
    return next[0] == 20001 && next[1] == 20001;
  }));
  first.join();
  second.join();
}

TEST_F(SpoolFolder, ContinuesNumberingAfterACrashAndAfterAllWasDeleted) {
  SpoolSettings settings = small_spool(folder_.path());
  auto spool = open(settings);
  append(*spool, 1500);
  const std::string id = SpoolReader(*spool).id(0);
  {
    // What a kill leaves: the files as they are now.
    ScratchFolder copy;
    fs::copy(folder_.path(), copy.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    settings.path = copy.path();
    auto again = open(settings);
    append(*again, 5);
    SpoolReader reader(*again);
    EXPECT_EQ(reader.id(0), id);
    EXPECT_EQ(read_sequences(reader, 0), count_up(1, 1505));
  }
  spool.reset();
  for (const auto& file : files(".segment")) fs::remove(file);
  spool = open();
  append(*spool, 1);
  SpoolReader reader(*spool);
  EXPECT_EQ(reader.id(0), id);
  EXPECT_EQ(read_sequences(reader, 0), count_up(1501, 1501));
}

TEST_F(SpoolFolder, LeavesAGapWhenTheMachineRestarted) {
  auto spool = open();
  append(*spool, 10);
  spool.reset();
  overwrite(files(".producer").at(0), offsetof(ProducerLayout, boot), "another-boot");
  spool = open();
  append(*spool, 1);
  SpoolReader reader(*spool);
  auto expected = count_up(1, 10);
  expected.push_back(11 + kBootGap);
  EXPECT_EQ(read_sequences(reader, 0), expected);
  EXPECT_EQ(reader.sent(0), 10U) << "what was written before may have been sent";
}

TEST_F(SpoolFolder, DropsOnlyATornTailAndCountsIt) {
  auto spool = open();
  append(*spool, 100);
  spool.reset();
  const fs::path segment = files(".segment").at(0);
  const std::size_t record = sizeof(RecordHead) + 4 + 200 + 4;  // padded to eight
  overwrite(segment, sizeof(SegmentHeader) + 90 * record + 50, "torn");
  spool = open();
  append(*spool, 3);
  SpoolReader reader(*spool);
  auto expected = count_up(1, 90);
  for (const auto later : count_up(101, 103)) expected.push_back(later);
  EXPECT_EQ(read_sequences(reader, 0), expected);
  EXPECT_EQ(spool->lost(), 10U);
  reader.rewind(0);
  EXPECT_EQ(read_sequences(reader, 0), expected);
  EXPECT_EQ(spool->lost(), 10U) << "counted once";
}

TEST_F(SpoolFolder, IgnoresAnUnpublishedRecord) {
  auto spool = open();
  append(*spool, 100);
  spool.reset();
  const std::size_t record = sizeof(RecordHead) + 4 + 200 + 4;
  const std::uint64_t extent = std::uint64_t{99} << 32 | (sizeof(SegmentHeader) + 99 * record);
  overwrite(files(".segment").at(0), offsetof(SegmentHeader, extent),
            {reinterpret_cast<const char*>(&extent), sizeof extent});
  spool = open();
  SpoolReader reader(*spool);
  EXPECT_EQ(read_sequences(reader, 0), count_up(1, 99));
  EXPECT_EQ(spool->lost(), 0U);
}

TEST_F(SpoolFolder, CountsExactlyWhatAFullSpoolDrops) {
  SpoolSettings settings = small_spool(folder_.path());
  settings.max_size = 1U << 20;
  auto spool = open(settings);
  append(*spool, 20000);
  EXPECT_LE(spool->bytes(), settings.max_size);
  SpoolReader reader(*spool);
  std::vector<SpooledRecord> records;
  std::uint64_t kept = 0;
  std::uint64_t last = 0;
  while (reader.read(0, 1000, 1U << 20, records), !records.empty()) {
    reader.sending(0, records.back().sequence);  // from here on the keeper must not drop them
    kept += records.size();
    for (const auto& record : records) {
      EXPECT_GT(record.sequence, last);
      last = record.sequence;
    }
  }
  EXPECT_EQ(last, 20000U) << "the oldest go";
  EXPECT_EQ(kept + spool->lost(), 20000U);
  EXPECT_GT(spool->lost(), 0U);
}

TEST_F(SpoolFolder, DoesNotDropWhatIsOnItsWayNorCountWhatArrived) {
  SpoolSettings settings = small_spool(folder_.path());
  settings.max_size = 1U << 20;
  auto spool = open(settings);
  append(*spool, 1000);
  SpoolReader reader(*spool);
  std::vector<SpooledRecord> records;
  reader.read(0, 100, 1U << 20, records);
  ASSERT_EQ(records.size(), 100U);
  reader.sending(0, 100);
  append(*spool, 20000);
  EXPECT_EQ(records.front().payload, std::string(200, 'x')) << "still mapped";
  reader.delivered(0, 100);
  append(*spool, 20000);
  std::uint64_t kept = 0;
  while (reader.read(0, 1000, 1U << 20, records), !records.empty()) {
    reader.sending(0, records.back().sequence);
    kept += records.size();
  }
  EXPECT_EQ(kept + spool->lost() + 100, 41000U);
}

TEST_F(SpoolFolder, KeepsDeliveredSegmentsUntilTheServerHasLivedOn) {
  SpoolSettings settings = small_spool(folder_.path());
  auto spool = open(settings);
  append(*spool, 2000);
  SpoolReader reader(*spool);
  const auto all = read_sequences(reader, 0);
  const std::size_t before = files(".segment").size();
  ASSERT_GE(before, 4U);
  reader.sending(0, all.back());
  reader.delivered(0, all.back());
  reader.confirm(clock_.steady());
  clock_.advance(std::chrono::minutes{10});  // time alone shows nothing
  std::thread([&] { append(*spool, 600); }).join();
  EXPECT_GE(files(".segment").size(), before);
  reader.rewind(0);
  EXPECT_EQ(read_sequences(reader, 0).front(), 1U);
  reader.delivered(0, 2000);
  EXPECT_TRUE(wait_until([&] {
    clock_.advance(std::chrono::seconds{31});
    reader.confirm(clock_.steady());
    return files(".segment").size() < before;
  }));
  EXPECT_EQ(spool->lost(), 0U);
}

TEST_F(SpoolFolder, DeliversForWorkersThatAreNoMore) {
  auto spool = open(3);
  for (std::size_t worker = 0; worker < 3; ++worker) append(*spool, 10, worker);
  spool.reset();
  spool = open(1);
  SpoolReader reader(*spool);
  ASSERT_EQ(reader.producers(), 3U);
  for (std::size_t producer = 0; producer < 3; ++producer) {
    EXPECT_EQ(read_sequences(reader, producer), count_up(1, 10));
  }
  EXPECT_EQ(files(".producer").size(), 3U);
}

TEST_F(SpoolFolder, IsUsedByOneProcessAtATime) {
  auto spool = open();
  const auto second = Spool::open(small_spool(folder_.path()), clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::Refused);
  spool.reset();
  EXPECT_TRUE(open());
}

TEST_F(SpoolFolder, RefusesFilesOfANewerVersion) {
  auto spool = open();
  append(*spool, 1);
  spool.reset();
  const std::uint32_t newer = kSpoolVersion + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(&newer), sizeof newer);
  const auto expect_refusal = [&] {
    const auto refused = Spool::open(small_spool(folder_.path()), clock_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Unsupported);
    EXPECT_NE(refused.error().detail.find("newer"), std::string::npos) << refused.error().detail;
  };
  overwrite(files(".segment").at(0), offsetof(SegmentHeader, version), bytes);
  expect_refusal();
  std::ostringstream out;
  EXPECT_FALSE(dump(folder_.path(), out));
  fs::remove(files(".segment").at(0));
  overwrite(files(".producer").at(0), offsetof(ProducerLayout, version), bytes);
  expect_refusal();
}

TEST_F(SpoolFolder, LeavesForeignFilesAloneAndTidiesHalfMadeOnes) {
  std::ofstream(folder_.path() / "half.segment") << std::string(4096, '\0');
  std::ofstream(folder_.path() / "foreign.segment") << std::string(4096, 'x');
  std::ofstream(folder_.path() / "half.producer") << std::string(4096, '\0');
  auto spool = open();
  append(*spool, 1);
  EXPECT_FALSE(fs::exists(folder_.path() / "half.segment"));
  EXPECT_TRUE(fs::exists(folder_.path() / "foreign.segment"));
  EXPECT_TRUE(fs::exists(folder_.path() / "half.producer.broken"));
}

TEST_F(SpoolFolder, IsReadableByItsOwnerAlone) {
  auto spool = open();
  append(*spool, 1);
  EXPECT_EQ(fs::status(folder_.path()).permissions(), fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
  }
}

TEST_F(SpoolFolder, CountsWhatIsTooLongAndGoesOn) {
  auto spool = open();
  EXPECT_FALSE(spool->writer(0).append(RecordKind::Access, "site", std::string(kMaxPayload + 1, 'x')));
  EXPECT_FALSE(spool->writer(0).append(RecordKind::Access, std::string(256, 's'), "x"));
  EXPECT_EQ(spool->lost(), 2U);
  EXPECT_TRUE(spool->writer(0).append(RecordKind::Access, "site", std::string(kMaxPayload, 'x')));
}

TEST_F(SpoolFolder, RefusesABoundTooSmallToWork) {
  SpoolSettings settings = small_spool(folder_.path(), 2);
  settings.max_size = 1000 * 1000;
  const auto refused = Spool::open(settings, clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Invalid);
}

TEST_F(SpoolFolder, RemembersTheDayARecordIsMeantFor) {
  auto spool = open();
  append(*spool, 30);
  {
    SpoolReader reader(*spool);
    for (std::uint64_t sequence = 1; sequence <= 10; ++sequence)
      EXPECT_EQ(reader.day_for(0, sequence, 100), 100);
    reader.sending(0, 10);
    EXPECT_EQ(reader.day_for(0, 10, 101), 100) << "sent: outcome unknown, so it stays";
    EXPECT_EQ(reader.day_for(0, 11, 101), 101);
    reader.sending(0, 20);
  }
  spool.reset();
  spool = open();
  SpoolReader reader(*spool);
  EXPECT_EQ(reader.day_for(0, 5, 103), 100);
  EXPECT_EQ(reader.day_for(0, 20, 103), 101);
  EXPECT_EQ(reader.day_for(0, 21, 103), 103);
  EXPECT_EQ(reader.day_for(0, 22, 99), 99) << "a clock set back is obeyed";
  reader.sending(0, 22);
  EXPECT_EQ(reader.day_for(0, 22, 103), 99);
}

TEST_F(SpoolFolder, KeepsTheDaysOfWhatItHoldsForYears) {
  auto spool = open();
  SpoolReader reader(*spool);
  std::vector<SpooledRecord> records;
  for (std::int64_t day = 0; day < 200; ++day) {
    append(*spool, 600);
    while (reader.read(0, 1000, 1U << 20, records), !records.empty()) {
      for (const auto& record : records) ASSERT_EQ(reader.day_for(0, record.sequence, day), day);
      reader.sending(0, records.back().sequence);
      reader.delivered(0, records.back().sequence);
    }
    clock_.advance(std::chrono::hours{24});
    reader.confirm(clock_.steady());
    ASSERT_TRUE(wait_until([&] {
      clock_.advance(std::chrono::seconds{31});
      reader.confirm(clock_.steady());
      return spool->bytes() <= 5 * 128 * 1024;
    }));
  }
}

TEST_F(SpoolFolder, DumpsAsJsonLinesWhileInUse) {
  auto spool = open();
  AccessRecord record;
  record.site = "example";
  record.method = "GET";
  record.path = "/\"quoted\\\r\n";
  record.status = 200;
  ASSERT_TRUE(spool->writer(0).append(record));
  const filters::PurposeNames purposes;
  consent::ConsentReceipt receipt;
  receipt.choice = "reject-all";
  ASSERT_TRUE(spool->writer(0).append(ConsentRecord{"example", receipt, purposes}));
  std::ostringstream out;
  ASSERT_TRUE(dump(folder_.path(), out));
  const std::string id = SpoolReader(*spool).id(0);
  EXPECT_EQ(out.str(),
            "{\"kind\":\"request\",\"id\":\"" + id +
                "-1\",\"t\":\"0\",\"site\":\"example\",\"method\":\"GET\","
                "\"path\":\"/"
                "\\\"quoted\\\\\xEF\xBF\xBD\xEF\xBF\xBD\",\"status\":\"200\",\"bytes\":\"0\",\"ms\":\"0\"}\n"
                "{\"kind\":\"consent\",\"id\":\"" +
                id +
                "-2\",\"t\":\"0\",\"site\":\"example\",\"choice\":\"reject-all\",\"how\":\"default\","
                "\"purposes\":\"necessary\"}\n");
}

}  // namespace
}  // namespace portvakt::logs
