#include "filters/consent/consent_cookie.h"

#include <gtest/gtest.h>

#include "tests/filters/consent/site_settings.h"
#include "tests/support/fake_clock.h"

namespace portvakt::consent {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kVisitor = "AAECAwQFBgcICQoLDA0ODw";

ConsentState accepted(WallTime at) {
  ConsentState state;
  state.granted = filters::PurposeNames().all();
  state.chosen = true;
  state.source = ConsentSource::Banner;
  state.given_at = at;
  state.policy_version = "2026-11";
  state.visitor_id = kVisitor;
  return state;
}

ConsentState rejected(WallTime at) {
  auto state = accepted(at);
  state.granted = {};
  state.visitor_id.clear();
  return state;
}

class ConsentCookieTest : public testing::Test {
 protected:
  std::optional<ConsentState> decode(std::string_view value) const {
    return cookie_.decode(value, clock_.wall());
  }
  std::string encode(const ConsentState& state) const { return cookie_.encode(state); }

  FakeClock clock_;
  WallTime start_ = clock_.wall();
  ConsentCookie cookie_{site_settings()};
};

TEST_F(ConsentCookieTest, KeepsEveryPartOfAChoice) {
  auto state = accepted(start_);
  EXPECT_EQ(decode(encode(state)), state);
  state.source = ConsentSource::Preferences;
  state.granted.remove(filters::kMarketing);
  state.vendors_granted = {"youtube"};
  state.vendors_refused = {"google-analytics"};
  EXPECT_EQ(decode(encode(state)), state);
  EXPECT_EQ(decode(encode(rejected(start_))), rejected(start_));
}

TEST_F(ConsentCookieTest, IsWrittenAsItsFormatSays) {
  // Made with another implementation of SHA-256 and HMAC, from the description at the head of
  // consent_cookie.h.
  EXPECT_EQ(encode(accepted(start_)),
            "1.XjGP.+f+a+m.1795348800.BeAb1gLN.b.AAECAwQFBgcICQoLDA0ODw..mG35ajIfJvn01em2wAYLfQ");
}

TEST_F(ConsentCookieTest, RejectingLeavesNothingThatIdentifies) {
  auto state = rejected(start_);
  state.visitor_id = kVisitor;
  EXPECT_EQ(encode(state).find(kVisitor), std::string::npos);
  EXPECT_EQ(decode(encode(state))->visitor_id, "");
}

TEST_F(ConsentCookieTest, EveryChangedByteMakesItWorthless) {
  const auto value = encode(accepted(start_));
  for (std::size_t i = 0; i < value.size(); ++i) {
    for (const char other : {'A', 'b', '0', '.', '+', '-', '_', ' '}) {
      if (value[i] == other) continue;
      auto forged = value;
      forged[i] = other;
      EXPECT_FALSE(decode(forged)) << "byte " << i;
    }
  }
}

TEST_F(ConsentCookieTest, EveryTruncationOrAdditionMakesItWorthless) {
  const auto value = encode(accepted(start_));
  for (std::size_t i = 0; i < value.size(); ++i) EXPECT_FALSE(decode(value.substr(0, i))) << i;
  for (std::size_t i = 1; i < value.size(); ++i) EXPECT_FALSE(decode(value.substr(i))) << i;
  EXPECT_FALSE(decode(value + "A"));
  EXPECT_FALSE(decode(value + "."));
  EXPECT_FALSE(decode(value + "="));
  EXPECT_FALSE(decode(" " + value));
  EXPECT_FALSE(decode("\"" + value + "\""));
  EXPECT_FALSE(decode(value + std::string(300, 'A')));
}

TEST_F(ConsentCookieTest, AnotherSpellingOfTheSignatureIsNotTheSignature) {
  // 128 bits end inside the last of 22 characters: four of its bits mean nothing and must be zero.
  const auto value = encode(accepted(start_));
  for (const char last : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    auto other = value;
    other.back() = last;
    EXPECT_EQ(decode(other).has_value(), last == value.back());
  }
}

TEST_F(ConsentCookieTest, OfAnotherSiteIsWorthless) {
  auto settings = site_settings();
  settings.site = "other";
  EXPECT_FALSE(decode(ConsentCookie(settings).encode(accepted(start_))));
}

TEST_F(ConsentCookieTest, OfAnotherPolicyVersionIsAskedAgain) {
  auto settings = site_settings();
  settings.policy_version = "2026-12";
  EXPECT_FALSE(ConsentCookie(settings).decode(encode(accepted(start_)), start_));
}

TEST_F(ConsentCookieTest, LivesForExactlyAHundredAndEightyDays) {
  const auto value = encode(accepted(start_));
  clock_.set_wall(start_ + days(180) - seconds(1));
  EXPECT_TRUE(decode(value));
  clock_.set_wall(start_ + days(180));
  EXPECT_FALSE(decode(value));
}

TEST_F(ConsentCookieTest, FromTheFutureCountsOnlyWithinTheClockSkew) {
  EXPECT_TRUE(decode(encode(accepted(start_ + minutes(5)))));
  EXPECT_FALSE(decode(encode(accepted(start_ + minutes(5) + seconds(1)))));
  EXPECT_FALSE(decode(encode(accepted(start_ + days(3650)))));
}

TEST_F(ConsentCookieTest, OldKeysVerifyAndTheFirstSigns) {
  const auto old_value = encode(accepted(start_));
  auto settings = site_settings();
  settings.keys.insert(settings.keys.begin(), SigningKey::from_secret(std::string(kSigningKeyBytes, 'n')));
  const ConsentCookie rotated(settings);
  EXPECT_TRUE(rotated.decode(old_value, start_));
  EXPECT_TRUE(rotated.decode(rotated.encode(accepted(start_)), start_));
  EXPECT_FALSE(decode(rotated.encode(accepted(start_))));
  settings.keys.pop_back();
  EXPECT_FALSE(ConsentCookie(settings).decode(old_value, start_));
}

TEST_F(ConsentCookieTest, APurposeAddedLaterIsAskedAgain) {
  auto settings = site_settings();
  settings.offered.push_back(*settings.names.add("research"));
  EXPECT_FALSE(ConsentCookie(settings).decode(encode(accepted(start_)), start_));
}

TEST_F(ConsentCookieTest, ReorderedOwnPurposesKeepTheirAnswers) {
  auto settings = site_settings();
  const auto research = *settings.names.add("research");
  const auto comfort = *settings.names.add("comfort");
  settings.offered = {research, comfort, filters::kAnalytics};
  auto state = rejected(start_);
  state.granted.add(research);
  const auto value = ConsentCookie(settings).encode(state);

  auto changed = site_settings();
  const auto new_comfort = *changed.names.add("comfort");
  const auto new_research = *changed.names.add("research");
  changed.offered = {filters::kAnalytics, new_comfort, new_research};
  const auto decoded = ConsentCookie(changed).decode(value, start_);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->grants(new_research));
  EXPECT_FALSE(decoded->grants(new_comfort));
  EXPECT_FALSE(decoded->grants(filters::kAnalytics));
}

TEST_F(ConsentCookieTest, APurposeNoLongerOfferedIsNotGrantedAndTakesTheVisitorIdAlong) {
  auto settings = site_settings();
  settings.offered = {filters::kFunctional};
  const auto decoded = ConsentCookie(settings).decode(encode(accepted(start_)), start_);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->grants(filters::kFunctional));
  EXPECT_FALSE(decoded->grants(filters::kAnalytics));
  EXPECT_EQ(decoded->visitor_id, "");
}

TEST_F(ConsentCookieTest, StaysWithin256BytesAtItsLargest) {
  auto settings = site_settings();
  for (int i = 0; i < 12; ++i)
    settings.offered.push_back(*settings.names.add("purpose-of-their-own-" + std::to_string(i)));
  auto state = accepted(start_ + days(100000));
  state.granted = settings.names.all();
  for (int i = 0; i < 40; ++i) state.vendors_refused.push_back("vendor-" + std::to_string(i));
  const auto size = kConsentCookieName.size() + 1 + ConsentCookie(settings).encode(state).size();
  RecordProperty("bytes_at_most", static_cast<int>(size));
  EXPECT_LE(size, kMaxConsentCookie);
  EXPECT_GT(size, 200U);
}

TEST_F(ConsentCookieTest, TwoDifferentOnesCountAsNone) {
  const auto yes = encode(accepted(start_));
  const auto no = encode(rejected(start_));
  const auto read = [&](const std::string& field) {
    http::HeaderMap headers;
    headers.add("Cookie", field);
    return cookie_.read(headers, start_);
  };
  EXPECT_TRUE(read("a=b; portvakt=" + yes + "; c=d"));
  EXPECT_TRUE(read("portvakt=" + yes + "; portvakt=" + yes));
  EXPECT_FALSE(read("portvakt=" + yes + "; portvakt=" + no));
  EXPECT_FALSE(read("portvakt=" + yes + "; portvakt="));
  EXPECT_FALSE(read("Portvakt=" + yes));
  EXPECT_FALSE(read(""));
}

TEST_F(ConsentCookieTest, TwoInTwoFieldsCountAsNoneToo) {
  http::HeaderMap headers;
  headers.add("Cookie", "portvakt=" + encode(accepted(start_)));
  headers.add("cookie", "portvakt=x");
  EXPECT_FALSE(cookie_.read(headers, start_));
}

TEST_F(ConsentCookieTest, IsSetForTheWholeHostAndHiddenFromScripts) {
  const auto plain = cookie_.set_cookie(rejected(start_), ConsentCookie::Transport::Plain);
  const auto attributes = plain.substr(plain.find(';'));
  EXPECT_EQ(attributes, "; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax");
  const auto tls = cookie_.set_cookie(rejected(start_), ConsentCookie::Transport::Tls);
  EXPECT_EQ(tls, plain + "; Secure");
}

TEST(ConsentState, SourcesHaveTheContractsNames) {
  EXPECT_EQ(source_name(ConsentSource::RegionDefault), "default");
  EXPECT_EQ(source_name(ConsentSource::Gpc), "gpc");
  EXPECT_EQ(source_name(ConsentSource::Banner), "banner");
  EXPECT_EQ(source_name(ConsentSource::Preferences), "preferences");
}

TEST(ConsentState, AFreshOneGrantsOnlyWhatIsNecessary) {
  EXPECT_TRUE(ConsentState().granted.only_necessary());
  EXPECT_FALSE(ConsentState().chosen);
}

}  // namespace
}  // namespace portvakt::consent
