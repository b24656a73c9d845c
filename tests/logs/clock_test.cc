// Clocks that leap, lag and disagree: nothing is lost, nothing doubled, and nothing dropped too early.
#include "proxy/logs/redis/ship_keys.h"
#include "proxy/logs/shipping/steady_calendar.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class Clocks : public ShippedSpool {
 protected:
  std::int64_t days_known() { return redis_.ask({"ZCARD", "portvakt:{a}:days"}).integer; }
  std::vector<std::string> all_streams() {
    std::vector<std::string> streams;
    for (const auto& day : redis_.ask({"ZRANGE", "portvakt:{a}:days", "0", "-1"}).items)
      streams.push_back(stream("a", day.text.c_str()));
    return streams;
  }
};

TEST(SteadyCalendarTest, BelievesALeapOnceItHasStood) {
  SharedClock clock;
  SteadyCalendar calendar(clock, minutes{10});
  const WallTime begin = clock.wall();
  EXPECT_EQ(calendar.now(), begin);
  clock.set_wall(begin + hours{24 * 400});
  EXPECT_EQ(calendar.now(), begin);
  clock.advance(minutes{9});
  EXPECT_EQ(calendar.now(), begin + minutes{9});
  clock.advance(minutes{1});
  EXPECT_EQ(calendar.now(), begin + hours{24 * 400} + minutes{10});
  clock.set_wall(begin);
  EXPECT_EQ(calendar.now(), begin + hours{24 * 400} + minutes{10});
  clock.set_wall(begin + hours{24 * 400} + minutes{30});  // it was a moment's fault
  EXPECT_EQ(calendar.now(), begin + hours{24 * 400} + minutes{30});
  clock.advance(hours{24 * 50});
  EXPECT_EQ(calendar.now(), clock.wall()) << "time that passes is no leap";
}

TEST_F(Clocks, ALeapAheadFilesAndDropsNothingWrongly) {
  ship();
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  const WallTime right = clock_.wall();
  clock_.set_wall(right + hours{24 * 400});
  append(101, 200);
  ASSERT_TRUE(wait_delivered(200));
  clock_.set_wall(right);
  append(201, 300);
  ASSERT_TRUE(wait_delivered(300));
  expect_once({stream()}, 1, 300);
  EXPECT_EQ(days_known(), 1);
}

TEST_F(Clocks, AClockThatStaysAheadDropsNothingThatTheServerStillKeeps) {
  ship();
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  clock_.set_wall(clock_.wall() + hours{24 * 400});
  for (int hour = 0; hour < 30; ++hour) {
    clock_.advance(hours{1});
    append(101 + hour, 101 + hour);
    ASSERT_TRUE(wait_delivered(101U + static_cast<unsigned>(hour)));
  }
  EXPECT_EQ(shipper_->counters().days_dropped.value(), 0U);
  EXPECT_EQ(redis_.length(stream()), 101) << "the first hour's were filed before the leap was believed";
  expect_once(all_streams(), 1, 130);
}

TEST_F(Clocks, ALeapBackLosesAndDoublesNothing) {
  ship();
  append(1, 100);
  ASSERT_TRUE(wait_delivered(100));
  clock_.set_wall(clock_.wall() - hours{72});
  append(101, 200);
  ASSERT_TRUE(wait_delivered(200));
  clock_.advance(minutes{20});
  append(201, 300);
  ASSERT_TRUE(wait_delivered(300));
  clock_.advance(minutes{20});
  append(301, 400);
  ASSERT_TRUE(wait_delivered(400));
  expect_once(all_streams(), 1, 400);
  EXPECT_EQ(days_known(), 2);
  open_spool();
  ship();
  append(401, 500);
  ASSERT_TRUE(wait_delivered(100));
  expect_once(all_streams(), 1, 500);
}

TEST_F(Clocks, TheLeapDayIsADay) {
  clock_.set_wall(std::chrono::sys_days{std::chrono::year{2028} / 2 / 28} + hours{23});
  ship();
  for (int hour = 0; hour < 72; ++hour) {
    append(hour * 10 + 1, hour * 10 + 10);
    ASSERT_TRUE(wait_delivered(static_cast<unsigned>(hour) * 10 + 10));
    clock_.advance(hours{1});
  }
  EXPECT_EQ(redis_.length(stream("a", "2028-02-28")), 10);
  EXPECT_EQ(redis_.length(stream("a", "2028-02-29")), 240);
  EXPECT_EQ(redis_.length(stream("a", "2028-03-01")), 240);
  expect_once(all_streams(), 1, 720);
}

/// A second edge with a clock of its own.
class OtherEdge {
 public:
  OtherEdge(const RedisUrl& url, hours skew) {
    clock.set_wall(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + skew);
    auto opened = Spool::open(small_spool(folder_.path()), clock);
    EXPECT_TRUE(opened);
    spool_ = std::move(*opened);
    ShipperSettings settings;
    settings.redis = url;
    settings.sites = {"a"};
    shipper = std::make_unique<RedisShipper>(*spool_, settings, clock);
  }
  ~OtherEdge() { shipper.reset(); }
  OtherEdge(const OtherEdge&) = delete;
  OtherEdge& operator=(const OtherEdge&) = delete;

  void append(int first, int last) {
    for (int i = first; i <= last; ++i) {
      const std::string path = "/" + std::to_string(i);
      AccessRecord record;
      record.time = clock.wall();
      record.site = "a";
      record.path = path;
      ASSERT_TRUE(spool_->writer(0).append(record));
    }
  }
  bool delivered(std::uint64_t count) {
    return wait_until([&] { return shipper->counters().delivered.value() >= count; });
  }

  SharedClock clock;
  std::unique_ptr<RedisShipper> shipper;

 private:
  ScratchFolder folder_;
  std::unique_ptr<Spool> spool_;
};

TEST_F(Clocks, TwoEdgesThatDisagreeByDaysDropByTheServersTime) {
  OtherEdge behind(redis_.unix_url(), hours{-24 * 20}), ahead(redis_.unix_url(), hours{24 * 20});
  for (int round = 0; round < 5; ++round) {
    behind.append(round * 200 + 1, round * 200 + 100);
    ahead.append(round * 200 + 101, round * 200 + 200);
    ASSERT_TRUE(behind.delivered(static_cast<unsigned>(round) * 100 + 100));
    ASSERT_TRUE(ahead.delivered(static_cast<unsigned>(round) * 100 + 100));
    behind.clock.advance(hours{8});
    ahead.clock.advance(hours{8});
  }
  // The one ahead sees days of 40 days ago; by the server's clock they are 20 days old.
  EXPECT_EQ(ahead.shipper->counters().days_dropped.value(), 0U);
  expect_once(all_streams(), 1, 1000);
}

}  // namespace
}  // namespace portvakt::logs
