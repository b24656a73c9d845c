// What a record costs the worker, in system calls: none.
#include <gtest/gtest.h>

#include "tests/logs/scratch_folder.h"
#include "tests/logs/spool_support.h"
#include "tests/support/system_calls.h"

namespace portvakt::logs {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PORTVAKT_SANITIZED
#endif
#endif

TEST(SpoolCost, AppendingMakesNoSystemCall) {
#ifdef PORTVAKT_SANITIZED
  GTEST_SKIP() << "a sanitizer makes calls of its own";
#endif
  const ScratchFolder folder;
  const SharedClock clock;
  SpoolSettings settings = small_spool(folder.path());
  settings.segment_size = 4U << 20;
  const auto spool = Spool::open(settings, clock);
  ASSERT_TRUE(spool);
  AccessRecord record;
  record.site = "a";
  record.path = "/products/chairs/17";
  record.browser = "Firefox";
  record.purposes = "necessary";
  SpoolWriter& writer = (*spool)->writer(0);
  ASSERT_TRUE(writer.append(record));  // the first takes its segment over
  EXPECT_EQ(test::count_system_calls([&] {
              for (int i = 0; i < 10'000; ++i) writer.append(record);
            }),
            0);
  EXPECT_GT(test::count_system_calls([] { ::getpid(); }), 0) << "a call would be noticed";
}

}  // namespace
}  // namespace portvakt::logs
