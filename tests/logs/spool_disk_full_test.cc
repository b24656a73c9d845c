// A spool on a disk that is really full: a small tmpfs of the test's own, which root may mount.
#include <gtest/gtest.h>

#include <fstream>

#include <sys/mount.h>

#include "tests/logs/scratch_folder.h"
#include "tests/logs/spool_support.h"

namespace portvakt::logs {
namespace {

namespace fs = std::filesystem;

class DiskFull : public testing::Test {
 protected:
  void SetUp() override {
    mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=2m") == 0;
    if (!mounted_) GTEST_SKIP() << "only root may mount a small disk";
    SpoolSettings settings = small_spool(folder_.path() / "spool");  // its own bound is far above the disk's
    auto opened = Spool::open(settings, clock_);
    ASSERT_TRUE(opened) << opened.error().detail;
    spool_ = std::move(*opened);
  }
  void TearDown() override {
    spool_.reset();
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }

  /// Takes all room that is left.
  void fill() {
    std::ofstream file(folder_.path() / "filler", std::ios::app);
    const std::string block(4096, 'x');
    while (file.write(block.data(), 4096).flush()) {
    }
  }
  void append(int count) {
    for (int i = 0; i < count; ++i) {
      AccessRecord record;
      record.site = "a";
      record.path = "/a/path/of/some/length/so/that/segments/fill/soon";
      appended_ += spool_->writer(0).append(record) ? 1U : 0U;
      ++tried_;
    }
  }
  std::uint64_t readable() {
    SpoolReader reader(*spool_);
    return read_sequences(reader, 0).size();
  }

  ScratchFolder folder_;
  SharedClock clock_;
  std::unique_ptr<Spool> spool_;
  bool mounted_ = false;
  std::uint64_t tried_ = 0, appended_ = 0;
};

TEST_F(DiskFull, TheOldestMakeRoomAndEachLossIsCounted) {
  append(100'000);
  EXPECT_GT(spool_->lost(), 0U);
  EXPECT_EQ(readable() + spool_->lost(), tried_);
}

TEST_F(DiskFull, WithoutRoomForOneSegmentRecordsAreRefusedAndCountedUntilThereIs) {
  append(1000);
  fill();
  {
    SpoolReader reader(*spool_);
    reader.sending(0, 1'000'000);  // nothing may be dropped while its fate is open
  }
  append(50'000);
  EXPECT_LT(appended_, tried_);
  EXPECT_EQ(readable() + spool_->lost(), tried_);
  fs::remove(folder_.path() / "filler");
  EXPECT_TRUE(wait_until([&] {
    const auto before = appended_;
    append(1);
    return appended_ > before;
  }));
  append(500);
  EXPECT_EQ(readable() + spool_->lost(), tried_);
}

}  // namespace
}  // namespace portvakt::logs
