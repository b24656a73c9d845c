#include "insights/accounts/accounts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "insights/accounts/account_database.h"
#include "insights/accounts/guess_limit.h"
#include "insights/accounts/sessions.h"
#include "insights/accounts/shares.h"
#include "tests/logs/scratch_folder.h"
#include "tests/support/fake_clock.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kPassword = "correct horse battery";

class AccountFile : public testing::Test {
 protected:
  std::string bytes() {
    std::stringstream all;
    for (const char* name : {"accounts.db", "accounts.db-wal"})
      all << std::ifstream(folder_.path() / name, std::ios::binary).rdbuf();
    return all.str();
  }

  logs::ScratchFolder folder_;
  std::unique_ptr<Database> database_ = std::move(*open_account_database(folder_.path() / "accounts.db"));
  Accounts accounts_{*database_};
  Sessions sessions_{*database_};
  Shares shares_{*database_};
  FakeClock clock_;
};

TEST_F(AccountFile, LetsInWithThePasswordThatWasSetAndNoOther) {
  ASSERT_TRUE(accounts_.add("kari", {{"*", Role::Viewer}}));
  EXPECT_EQ(accounts_.check_password("kari", ""), false) << "none is set yet";
  ASSERT_TRUE(accounts_.set_password("kari", kPassword));
  EXPECT_EQ(accounts_.check_password("kari", kPassword), true);
  EXPECT_EQ(accounts_.check_password("kari", "correct horse batterY"), false);
  EXPECT_EQ(accounts_.check_password("ola", kPassword), false);
  EXPECT_FALSE(accounts_.set_password("kari", "short"));
  EXPECT_FALSE(accounts_.set_password("ola", kPassword));
  EXPECT_EQ(bytes().find(kPassword), std::string::npos);
}

TEST_F(AccountFile, KnowsRolesBySite) {
  ASSERT_TRUE(accounts_.add("kari", {{"ferry", Role::Editor}, {"*", Role::Viewer}}));
  ASSERT_TRUE(accounts_.add("ola@example.test", {{"ferry", Role::Viewer}}));
  EXPECT_FALSE(accounts_.add("kari", {})) << "twice";
  EXPECT_FALSE(accounts_.add("<b>", {}));
  const auto kari = *accounts_.find("kari"), ola = *accounts_.find("ola@example.test");
  EXPECT_EQ(role_on(kari->grants, "ferry"), Role::Editor);
  EXPECT_EQ(role_on(kari->grants, "other"), Role::Viewer);
  EXPECT_EQ(role_on(ola->grants, "other"), std::nullopt);
  ASSERT_TRUE(accounts_.remove("kari"));
  EXPECT_EQ(accounts_.list()->size(), 1U);
  EXPECT_EQ(parse_grant("editor:ferry"), (Grant{"ferry", Role::Editor}));
  EXPECT_EQ(parse_grant("admin"), (Grant{"*", Role::Admin}));
  EXPECT_FALSE(parse_grant("root") || parse_grant("viewer:") || parse_grant(""));
}

TEST_F(AccountFile, EndsSessionsThatAreIdleOldOrSignedOut) {
  ASSERT_TRUE(accounts_.add("kari", {}));
  const auto token = *sessions_.begin("kari", clock_.wall());
  EXPECT_EQ(token.size(), 43U) << "256 bits";
  EXPECT_EQ(*sessions_.find(token, clock_.wall()), "kari");
  EXPECT_EQ(*sessions_.find("forged", clock_.wall()), std::nullopt);
  EXPECT_EQ(bytes().find(token), std::string::npos) << "the file holds its hash";
  for (int i = 0; i < 14; ++i) {
    EXPECT_EQ(*sessions_.find(token, clock_.wall()), "kari") << i;
    clock_.advance(kSessionIdle);
  }
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(*sessions_.find(token, clock_.wall()), std::nullopt) << "a week is its life";
  const auto idle = *sessions_.begin("kari", clock_.wall());
  clock_.advance(kSessionIdle + std::chrono::seconds(1));
  EXPECT_EQ(*sessions_.find(idle, clock_.wall()), std::nullopt);
  const auto out = *sessions_.begin("kari", clock_.wall());
  ASSERT_TRUE(sessions_.end(out));
  EXPECT_EQ(*sessions_.find(out, clock_.wall()), std::nullopt);
}

TEST_F(AccountFile, EndsSessionsWithThePasswordAndWithTheAccount) {
  ASSERT_TRUE(accounts_.add("kari", {}));
  const auto first = *sessions_.begin("kari", clock_.wall());
  ASSERT_TRUE(accounts_.set_password("kari", kPassword));
  EXPECT_EQ(*sessions_.find(first, clock_.wall()), std::nullopt);
  const auto second = *sessions_.begin("kari", clock_.wall());
  ASSERT_TRUE(accounts_.remove("kari"));
  EXPECT_EQ(*sessions_.find(second, clock_.wall()), std::nullopt);
}

TEST_F(AccountFile, WelcomesOnceAndForAnHour) {
  ASSERT_TRUE(accounts_.add("kari", {}));
  EXPECT_FALSE(accounts_.make_welcome("ola", clock_.wall()));
  const auto old = *accounts_.make_welcome("kari", clock_.wall());
  const auto token = *accounts_.make_welcome("kari", clock_.wall());
  EXPECT_EQ(*accounts_.find_welcome(old, clock_.wall()), std::nullopt) << "a newer one replaces it";
  EXPECT_EQ(*accounts_.find_welcome(token, clock_.wall()), "kari");
  EXPECT_EQ(*accounts_.find_welcome(token, clock_.wall()), "kari") << "a look does not spend it";
  EXPECT_EQ(*accounts_.find_welcome(token, clock_.wall() + kWelcomeLife), std::nullopt);
  ASSERT_TRUE(accounts_.spend_welcome(token));
  EXPECT_EQ(*accounts_.find_welcome(token, clock_.wall()), std::nullopt);
}

TEST_F(AccountFile, SharesWhatWasSignedUntilItEndsOrIsRevoked) {
  const auto token =
      *shares_.make("ferry", "/overview?site=ferry", "kari", std::chrono::hours{24}, clock_.wall());
  const auto share = *shares_.find(token, clock_.wall());
  ASSERT_TRUE(share);
  EXPECT_EQ(share->state, "/overview?site=ferry");
  for (std::size_t place = 0; place < token.size(); ++place) {
    auto forged = token;
    forged[place] = forged[place] == 'A' ? 'B' : 'A';
    EXPECT_EQ((*shares_.find(forged, clock_.wall())).has_value(), false) << place;
  }
  ASSERT_TRUE(change(*database_, "UPDATE shares SET site = 'other'"));
  EXPECT_FALSE(*shares_.find(token, clock_.wall())) << "the signature covers what is shown";
  ASSERT_TRUE(change(*database_, "UPDATE shares SET site = 'ferry'"));
  EXPECT_FALSE(*shares_.find(token, clock_.wall() + std::chrono::hours{24}));
  ASSERT_TRUE(shares_.revoke(share->id));
  EXPECT_FALSE(*shares_.find(token, clock_.wall()));
  EXPECT_TRUE(shares_.list(clock_.wall())->empty());
}

TEST(GuessLimit, StopsGuessesOnOneAccountAndLetsOthersIn) {
  FakeClock clock;
  GuessLimit limit;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(limit.take("kari", clock.steady())) << i;
  EXPECT_FALSE(limit.take("kari", clock.steady()));
  EXPECT_TRUE(limit.take("ola", clock.steady()));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(limit.take("kari", clock.steady()));
  EXPECT_FALSE(limit.take("kari", clock.steady()));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(limit.take("kari", clock.steady()));
  limit.forgive("kari");
  EXPECT_TRUE(limit.take("kari", clock.steady())) << "who knew it has all guesses again";
}

TEST(GuessLimit, StopsGuessesOverManyNames) {
  FakeClock clock;
  GuessLimit limit;
  int taken = 0;
  for (int i = 0; i < 500; ++i) taken += limit.take("name" + std::to_string(i), clock.steady()) ? 1 : 0;
  EXPECT_EQ(taken, 30);
}

}  // namespace
}  // namespace portvakt::insights
