#include "filters/consent/device_code.h"

#include "tests/filters/consent/rights_exchange.h"

namespace portvakt::consent {
namespace {

using testing::HasSubstr;
using testing::Not;
using DeviceCodeTest = RightsExchange;

TEST_F(DeviceCodeTest, ACodeHandsChoiceAndIdToAnotherDeviceOnce) {
  accept();
  const auto id = visitor();
  EXPECT_EQ(post("code"), 200);
  const auto code = shown_code();
  EXPECT_THAT(code, testing::MatchesRegex("[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}"));
  ASSERT_EQ(kept_codes_.size(), 1U);
  EXPECT_THAT(kept_codes_.begin()->first + kept_codes_.begin()->second, Not(HasSubstr(id)));

  jar_.clear();
  cookie_.clear();
  EXPECT_EQ(post("device", "code=aaaa-aaaa-aaaa"), 403);
  EXPECT_EQ(asked_.size(), 1U) << "a wrong guess is counted";
  EXPECT_EQ(post("device", "code=nonsense"), 403);
  EXPECT_EQ(asked_.size(), 1U) << "what cannot be a code is counted too";
  EXPECT_TRUE(jar_.empty());
  EXPECT_EQ(post("device", "code=+" + code + "+"), 303);
  page();
  EXPECT_EQ(visitor(), id);
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");

  jar_.clear();
  cookie_.clear();
  EXPECT_EQ(post("device", "code=" + code), 403) << "replayed";
  EXPECT_TRUE(jar_.empty());
}

TEST_F(DeviceCodeTest, ACodeOfAnotherSiteOrAnotherTextGetsNothing) {
  accept();
  post("code");
  const auto code = shown_code();
  auto sealed = kept_codes_.begin()->second;
  jar_.clear();
  cookie_.clear();
  auto other_settings = site_settings();
  other_settings.site = "other";
  const DeviceCodeSeal other(other_settings), own(settings_);
  const auto plain = *read_device_code(code);
  EXPECT_NE(other.place(plain), own.place(plain));
  EXPECT_NE(other.open(plain, sealed), own.open(plain, sealed));
  for (std::size_t i = 0; i < sealed.size(); i += 7) {
    auto forged = sealed;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    kept_codes_ = {{own.place(plain), forged}};
    EXPECT_EQ(post("device", "code=" + code), 403) << i;
  }
  EXPECT_TRUE(jar_.empty());
}

TEST_F(DeviceCodeTest, ACodeOutlivesNoExpiredChoice) {
  accept();
  post("code");
  const auto code = shown_code();
  jar_.clear();
  cookie_.clear();
  clock_.advance(std::chrono::days{181});
  EXPECT_EQ(post("device", "code=" + code), 403);
}

TEST_F(DeviceCodeTest, TooManyGuessesAreToldSo) {
  desk_ = [](const Question&) { return Answer{Outcome::TooMany, {}, {}, false}; };
  EXPECT_EQ(post("device", "code=k3f7-9qmw-x2ah"), 429);
  EXPECT_THAT(reply_.body, HasSubstr("Too many attempts"));
  EXPECT_EQ(post("requests", "words=x"), 429);
  EXPECT_EQ(reply_header("Retry-After"), "3600");
}

TEST_F(DeviceCodeTest, GuessesAreCountedByNetworkUnderAHashOfTheDay) {
  post("device", "code=aaaa-aaaa-aaaa");
  const auto today = asked_.at(0).guesser;
  EXPECT_EQ(today.size(), 16U);
  clock_.advance(std::chrono::hours{24});
  post("device", "code=aaaa-aaaa-aaaa");
  EXPECT_NE(asked_.at(0).guesser, today);
}

}  // namespace
}  // namespace portvakt::consent
