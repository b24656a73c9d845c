// The users that `portvakt redis acl` prints are enough for the shipper and for the reports, and no more than
// that.
#include "proxy/logs/redis/redis_acl.h"

#include <gmock/gmock.h>

#include "insights/redis_source.h"
#include "tests/insights/made_records.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::insights {
namespace {

class RedisAcl : public logs::ShippedSpool {
 protected:
  RedisAcl() {
    for (const auto& user : logs::redis_users()) {
      std::istringstream words(logs::acl_line(user, "portvakt", "secret"));
      std::vector<std::string> command = {"ACL", "SETUSER"};
      for (std::string word; words >> word;) {
        if (word != "user") command.push_back(word);
      }
      std::string bytes;
      logs::append_array_head(bytes, command.size());
      for (const auto& word : command) logs::append_argument(bytes, word);
      EXPECT_EQ(ask_as(redis_.unix_url(), bytes).text, "OK") << user.name;
    }
  }

  logs::RedisReply ask_as(const logs::RedisUrl& url, std::string_view command) {
    logs::RedisClient client(url, {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop_);
    EXPECT_TRUE(client.connect());
    auto replies = client.exchange(command, 1);
    return replies ? std::move(replies->front()) : logs::RedisReply();
  }
  logs::RedisUrl url_of(std::string_view user) const {
    logs::RedisUrl url = redis_.unix_url();
    url.user = user;
    url.password = "secret";
    return url;
  }
  bool may(std::string_view user, std::initializer_list<std::string_view> words) {
    std::string command;
    logs::append_command(command, words);
    const auto reply = ask_as(url_of(user), command);
    return !reply.is_error() || reply.fault() != logs::RedisFault::NoPermission;
  }

  ScratchStore store_;
  logs::StopSignal stop_;
};

TEST_F(RedisAcl, TheShipperAndTheReportsWorkUnderTheirUsers) {
  clock_.set_wall(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) -
                  std::chrono::days{40});
  ship(url_of("portvakt-shipper"));
  append(1, 2000);
  consent::ConsentReceipt receipt;
  receipt.choice = "accept-all";
  ASSERT_TRUE(spool_->writer(0).append(logs::ConsentRecord{"a", receipt, {}}));
  ASSERT_TRUE(wait_delivered(2001));
  RedisSource source({url_of("portvakt-reader"), "portvakt", {"a"}}, stop_);
  EXPECT_EQ(source.poll(*store_), 2001U);
  // Retention, too.
  clock_.advance(std::chrono::hours{24 * 40});
  append(2001, 2001);
  ASSERT_TRUE(wait_delivered(2002));
  ASSERT_TRUE(logs::wait_until([&] { return shipper_->counters().days_dropped.value() == 1; }));
  EXPECT_EQ(shipper_->counters().failures.value(), 0U);
  redis_.ask({"SCRIPT", "FLUSH"});
  append(2002, 2100);
  ASSERT_TRUE(wait_delivered(2101));
  ship(url_of("portvakt"));
  append(2101, 2200);
  ASSERT_TRUE(wait_delivered(100));
  EXPECT_EQ(shipper_->counters().faults[static_cast<std::size_t>(logs::RedisFault::NoPermission)].value(),
            0U);
  EXPECT_TRUE(redis_.ask({"ACL", "LOG"}).items.empty()) << "nothing was refused";
}

TEST_F(RedisAcl, NobodyMayMoreThanThat) {
  for (const auto& user : logs::redis_users()) {
    EXPECT_TRUE(may(user.name, {"PING"}));
    EXPECT_FALSE(may(user.name, {"LPUSH", "portvakt:x", "y"})) << user.name;
    EXPECT_FALSE(may(user.name, {"FLUSHALL"})) << user.name;
    EXPECT_FALSE(may(user.name, {"KEYS", "*"})) << user.name;
    EXPECT_FALSE(may(user.name, {"CONFIG", "GET", "dir"})) << user.name;
    EXPECT_FALSE(may(user.name, {"XRANGE", "others:x", "-", "+"})) << user.name;
  }
  EXPECT_FALSE(may("portvakt-shipper", {"XRANGE", "portvakt:x", "-", "+"})) << "the proxy only writes";
  EXPECT_FALSE(may("portvakt-reader", {"XADD", "portvakt:x", "*", "a", "b"}));
  EXPECT_FALSE(may("portvakt-reader", {"UNLINK", "portvakt:x"}));
  EXPECT_FALSE(may("portvakt-consumer", {"XDEL", "portvakt:x", "1-1"}));
  EXPECT_TRUE(may("portvakt", {"XDEL", "portvakt:x", "1-1"}));
}

TEST(RedisAclFile, NamesEveryUserUnderThePrefix) {
  const std::string file = logs::acl_file("shop");
  EXPECT_THAT(file, testing::HasSubstr(
                        "user portvakt on >change-this-portvakt resetkeys ~shop:* resetchannels -@all "));
  EXPECT_THAT(file, testing::HasSubstr("%R~shop:*"));
  EXPECT_THAT(file, testing::HasSubstr("user default off\n"));
}

}  // namespace
}  // namespace portvakt::insights
