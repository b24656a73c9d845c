#include "proxy/logs/subjects/rights_desk.h"

#include <gtest/gtest.h>

#include <future>

#include "proxy/logs/redis/ship_keys.h"
#include "proxy/logs/subjects/device_codes.h"
#include "tests/logs/redis_process.h"
#include "tests/support/fake_clock.h"

namespace portvakt::logs {
namespace {

using filters::Answer;
using filters::Asked;
using filters::Question;
using Outcome = filters::Answer::Outcome;

constexpr std::string_view kNumber = "abcdefghijklmnop";

class RightsDeskTest : public testing::Test {
 protected:
  RightsDeskSettings settings() {
    RightsDeskSettings settings;
    settings.redis = redis_.unix_url();
    settings.sites = {"example"};
    settings.look_every = std::chrono::milliseconds{20};
    return settings;
  }
  static Question question(Asked asked, std::string key, std::vector<filters::Fact> facts = {}) {
    Question question;
    question.asked = asked;
    question.site = "example";
    question.key = std::move(key);
    question.guesser = "network";
    question.facts = std::move(facts);
    question.now = WallTime{std::chrono::sys_days{std::chrono::year{2027} / 1 / 31}};
    return question;
  }
  static Answer ask(RightsDesk& desk, Question question) {
    const auto asker = std::make_shared<int>(0);
    std::promise<Answer> told;
    if (!desk.ask(std::move(question), asker, [&](Answer answer) { told.set_value(std::move(answer)); }))
      return {};
    return told.get_future().get();
  }
  Question request(std::string number) {
    return question(
        Asked::FileRequest, std::move(number),
        {{"kind", "rectification"}, {"text", "My name is spelled wrongly"}, {"contact", "a@b.test"}});
  }

  RedisProcess redis_;
  FakeClock clock_;
};

TEST_F(RightsDeskTest, ARequestIsFiledOnceAndFoundByItsNumber) {
  RightsDesk desk(settings(), clock_);
  const auto filed = ask(desk, request(std::string(kNumber)));
  ASSERT_EQ(filed.outcome, Outcome::Done);
  EXPECT_EQ(filed.fact("received"), "2027-01-31");
  EXPECT_EQ(filed.fact("due"), "2027-02-28");
  EXPECT_EQ(filed.fact("state"), "open");
  EXPECT_EQ(ask(desk, request(std::string(kNumber))).outcome, Outcome::Done);
  EXPECT_EQ(redis_.ask({"ZCARD", "portvakt:{example}:rights-open"}).integer, 1);
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, std::string(kNumber))).fact("kind"), "rectification");
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, "qqqqqqqqqqqqqqqq")).outcome, Outcome::Missing);
}

TEST_F(RightsDeskTest, OneNetworkFilesSoManyRequestsADayAndNotMore) {
  RightsDesk desk(settings(), clock_);
  for (std::size_t i = 0; i <= RequestLog::kMaxPerDay; ++i) {
    const auto number = std::string(15, 'a') + static_cast<char>('a' + i);
    const bool more = i == RequestLog::kMaxPerDay;
    EXPECT_EQ(ask(desk, request(number)).outcome, more ? Outcome::TooMany : Outcome::Done) << i;
  }
  auto other = request(std::string(16, 'z'));
  other.guesser = "another network";
  EXPECT_EQ(ask(desk, other).outcome, Outcome::Done);
}

TEST_F(RightsDeskTest, AnswersAndExtensionsAreSeenUnderTheNumber) {
  RightsDesk desk(settings(), clock_);
  ask(desk, request(std::string(kNumber)));
  StopSignal stop;
  RedisClient client(redis_.unix_url(), {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop);
  RequestLog log(client, "portvakt");
  const auto seen = [&] { return ask(desk, question(Asked::FindRequest, std::string(kNumber))); };
  EXPECT_EQ(*log.extend("example", kNumber), RequestLog::Outcome::Done);
  EXPECT_EQ(seen().fact("state") + " " + seen().fact("due"), "extended 2027-04-30");
  EXPECT_EQ(*log.extend("example", kNumber), RequestLog::Outcome::Missing);
  const auto open = *log.list("example", false, clock_.wall());
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].text, "My name is spelled wrongly");
  EXPECT_FALSE(open[0].overdue(WallTime{std::chrono::sys_days{std::chrono::year{2027} / 4 / 30}}));
  EXPECT_TRUE(open[0].overdue(WallTime{std::chrono::sys_days{std::chrono::year{2027} / 5 / 1}}));

  EXPECT_EQ(*log.answer("example", kNumber, "Corrected.", clock_.wall()), RequestLog::Outcome::Done);
  EXPECT_EQ(seen().fact("state") + " " + seen().fact("answer"), "answered Corrected.");
  EXPECT_EQ(*log.answer("example", kNumber, "Again.", clock_.wall()), RequestLog::Outcome::Missing);
  EXPECT_EQ(*log.extend("example", kNumber), RequestLog::Outcome::Missing);
  EXPECT_TRUE(log.list("example", false, clock_.wall())->empty());
  const auto all = *log.list("example", true, clock_.wall());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].text + all[0].contact, "") << "the visitor's words go with the answer";
  EXPECT_GT(redis_.ask({"TTL", "portvakt:{example}:rights:" + std::string(kNumber)}).integer, 364 * 86400);
}

TEST_F(RightsDeskTest, LateRequestsAreCounted) {
  RightsDesk desk(settings(), clock_);
  ask(desk, request(std::string(kNumber)));
  const auto until = [&](std::uint64_t overdue) {
    for (int i = 0; i < 5000; ++i) {
      const auto open = desk.open_requests();
      if (open.contains("example") && open.at("example").open == 1 && open.at("example").overdue == overdue)
        return true;
      ::poll(nullptr, 0, 5);
    }
    return false;
  };
  EXPECT_TRUE(until(0));
  redis_.ask({"ZADD", "portvakt:{example}:rights-open", "1", std::string(kNumber)});
  EXPECT_TRUE(until(1));
}

TEST_F(RightsDeskTest, ACodeIsTakenOnce) {
  RightsDesk desk(settings(), clock_);
  EXPECT_EQ(ask(desk, question(Asked::KeepCode, "hash", {{"text", "sealed"}})).outcome, Outcome::Done);
  const auto life = redis_.ask({"TTL", "portvakt:{example}:code:hash"}).integer;
  EXPECT_TRUE(life > 590 && life <= 600) << life;
  EXPECT_EQ(ask(desk, question(Asked::TakeCode, "hash")).fact("text"), "sealed");
  EXPECT_EQ(ask(desk, question(Asked::TakeCode, "hash")).outcome, Outcome::Missing);
}

TEST_F(RightsDeskTest, AfterTooManyGuessesEvenTheRightCodeGetsNothing) {
  RightsDesk desk(settings(), clock_);
  ask(desk, question(Asked::KeepCode, "hash", {{"text", "sealed"}}));
  for (std::size_t i = 0; i < DeviceCodes::kMaxGuesses; ++i)
    EXPECT_EQ(ask(desk, question(Asked::TakeCode, "wrong")).outcome, Outcome::Missing);
  EXPECT_EQ(ask(desk, question(Asked::TakeCode, "hash")).outcome, Outcome::TooMany);
  auto other = question(Asked::TakeCode, "hash");
  other.guesser = "another network";
  EXPECT_EQ(ask(desk, other).fact("text"), "sealed");
  const auto life = redis_.ask({"TTL", "portvakt:{example}:code-tries:network"}).integer;
  EXPECT_TRUE(life > 3500 && life <= 3600) << life;
}

TEST_F(RightsDeskTest, WithoutRedisEverybodyIsToldSoAndServedAgainLater) {
  RightsDesk desk(settings(), clock_);
  ask(desk, request(std::string(kNumber)));
  redis_.kill();
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, std::string(kNumber))).outcome, Outcome::Unavailable);
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, std::string(kNumber))).outcome, Outcome::Unavailable);
  redis_.start();
  Answer answer;
  for (int i = 0; i < 2000 && answer.outcome != Outcome::Done; ++i) {
    answer = ask(desk, question(Asked::FindRequest, std::string(kNumber)));
    ::poll(nullptr, 0, 5);
  }
  EXPECT_EQ(answer.fact("state"), "open");
}

TEST_F(RightsDeskTest, NewSettingsCountFromTheNextQuestionOn) {
  RightsDesk desk({}, clock_);
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, std::string(kNumber))).outcome, Outcome::Unavailable);
  desk.take(settings());
  EXPECT_EQ(ask(desk, question(Asked::FindRequest, std::string(kNumber))).outcome, Outcome::Missing);
}

TEST_F(RightsDeskTest, TheQueueIsBoundedAndEndsWithAnAnswerForEverybody) {
  RightsDesk desk(settings(), clock_);
  std::promise<void> may_go;
  std::shared_future<void> gate = may_go.get_future().share();
  const auto asker = std::make_shared<int>(0);
  std::atomic<std::size_t> told{0};
  std::promise<void> begun;
  desk.ask(question(Asked::FindRequest, "a"), asker, [&](const Answer&) {
    begun.set_value();
    gate.wait();
    ++told;
  });
  begun.get_future().wait();
  for (std::size_t i = 0; i < RightsDesk::kMaxWaiting; ++i)
    EXPECT_TRUE(desk.ask(question(Asked::FindRequest, "b"), asker, [&](const Answer&) { ++told; }));
  EXPECT_FALSE(desk.ask(question(Asked::FindRequest, "c"), asker, [&](const Answer&) { ++told; }));
  EXPECT_EQ(desk.counters().refused.value(), 1U);
  may_go.set_value();
  desk.stop();
  EXPECT_EQ(told, RightsDesk::kMaxWaiting + 1);
  EXPECT_FALSE(desk.ask(question(Asked::FindRequest, "d"), asker, [&](const Answer&) { ++told; }));
}

TEST_F(RightsDeskTest, NobodyReadsForAVisitorWhoIsGone) {
  RightsDesk desk(settings(), clock_);
  bool told = false;
  desk.ask(question(Asked::FindRequest, "a"), std::make_shared<int>(0), [&](const Answer&) { told = true; });
  ask(desk, question(Asked::FindRequest, "b"));
  EXPECT_FALSE(told);
  EXPECT_EQ(desk.counters().abandoned.value(), 1U);
}

}  // namespace
}  // namespace portvakt::logs
