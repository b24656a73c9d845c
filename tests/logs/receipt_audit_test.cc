#include "proxy/logs/receipts/receipt_audit.h"

#include "proxy/logs/receipts/receipt_erasure.h"
#include "proxy/logs/redis/ship_keys.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kDay = "2026-11-22";
const std::string kConsents = "portvakt:{a/2026-11-22}:consents";
const std::string kErased = "portvakt:{a/2026-11-22}:erased";

class ShippedReceipts : public ShippedSpool {
 protected:
  AuditedDay audited(std::string_view site = "a") {
    const StopSignal stop;
    RedisClient client(redis_.unix_url(), {milliseconds{5000}, milliseconds{30000}}, stop);
    EXPECT_TRUE(client.connect());
    const ReceiptChain chain(keys_);
    auto day = ReceiptAudit(client, "portvakt", chain).audit(std::string(site), std::string(kDay));
    EXPECT_TRUE(day);
    return day ? *day : AuditedDay();
  }

  /// Takes all entries out and puts them back as `change` left them, under ids of the same order.
  void rewrite(const std::function<void(std::vector<RedisReply>&)>& change) {
    auto entries = redis_.ask({"XRANGE", kConsents, "-", "+"}).items;
    change(entries);
    redis_.ask({"DEL", kConsents});
    std::size_t number = 0;
    for (const auto& entry : entries) {
      std::string command;
      const auto& fields = entry.items[1].items;
      const auto id = std::to_string(++number) + "-0";
      append_array_head(command, 3 + fields.size());
      for (const std::string_view word :
           {std::string_view("XADD"), std::string_view(kConsents), std::string_view(id)})
        append_argument(command, word);
      for (const auto& field : fields) append_argument(command, field.text);
      ASSERT_EQ(redis_.send(command).text, id);
    }
  }
};

TEST_F(ShippedReceipts, AreOneChainForEachProducerAndSite) {
  append(1, 300);
  append_receipts(1, 300);
  append_receipts(1, 40, "a", 1);
  append_receipts(1, 7, "b");
  append(301, 400);
  ship();
  ASSERT_TRUE(wait_delivered(747));
  const auto day = audited();
  EXPECT_EQ(day.findings, std::vector<std::string>{});
  EXPECT_EQ(day.receipts, 340U);
  EXPECT_EQ(day.chains, 2U);
  EXPECT_EQ(audited("b").receipts, 7U);
  EXPECT_EQ(audited("b").findings, std::vector<std::string>{});
}

TEST_F(ShippedReceipts, StayOneChainOverRestartsAndLostAnswers) {
  for (int round = 0; round < 6; ++round) {
    append_receipts(round * 300 + 1, round * 300 + 300);
    ship();
    if (round % 2 == 0) shipper_->stop(milliseconds{0});
    if (round == 3) {
      redis_.kill();
      redis_.lose_tail(20000);
      redis_.start();
    }
    if (round % 3 == 1) open_spool();
  }
  ship();
  ASSERT_TRUE(wait_until([&] { return redis_.length(kConsents) >= 1800; }));
  const auto day = audited();
  EXPECT_EQ(day.findings, std::vector<std::string>{});
  EXPECT_EQ(day.receipts, 1800U);
}

TEST_F(ShippedReceipts, GoOnInTheSameChainUnderANewKey) {
  append_receipts(1, 10);
  ship();
  ASSERT_TRUE(wait_delivered(10));
  keys_.insert(keys_.begin(), consent::SigningKey::from_secret(std::string(32, 'n')));
  ship();
  append_receipts(11, 20);
  ASSERT_TRUE(wait_until([&] { return redis_.length(kConsents) >= 20; }));
  EXPECT_EQ(audited().findings, std::vector<std::string>{});
  keys_.pop_back();
  EXPECT_EQ(audited().findings.size(), 10U) << "without the old key, what it wrote";
}

TEST_F(ShippedReceipts, TellWhatWasDoneToThemInRedis) {
  append_receipts(1, 20);
  ship();
  ASSERT_TRUE(wait_delivered(20));
  const auto producer = SpoolReader(*spool_).id(0);
  const auto original = redis_.ask({"XRANGE", kConsents, "-", "+"}).items;
  rewrite([](auto&) {});
  EXPECT_EQ(audited().findings, std::vector<std::string>{}) << "moved as a whole, nothing is lost";
  rewrite([](auto& entries) { entries[4].items[1].items[9].text = "reject-all"; });
  EXPECT_EQ(audited().findings, std::vector{"entry 5-0: receipt 5 of " + producer + " was changed"});
  rewrite([&](auto& entries) { entries = original, entries.erase(entries.begin() + 6); });
  EXPECT_EQ(audited().findings, std::vector{"receipt 7 is missing of " + producer + ", before entry 7-0"});
  rewrite([&](auto& entries) { entries = original, std::swap(entries[2], entries[3]); });
  EXPECT_EQ(audited().findings,
            std::vector{"entry 4-0: receipt 3 of " + producer + " stands behind receipt 4"});
  rewrite([&](auto& entries) { entries = original, entries.pop_back(); });
  EXPECT_EQ(audited().findings,
            std::vector{"receipt 20 is missing of " + producer + ", at the end of the day"});
}

TEST_F(ShippedReceipts, LoseAVisitorAndStayProof) {
  append_receipts(1, 9);
  ship();
  ASSERT_TRUE(wait_delivered(9));
  const auto entries = redis_.ask({"XRANGE", kConsents, "-", "+"}).items;
  const auto& second = entries[1].items[0].text;
  const auto& last = entries[8].items[0].text;
  const auto moved = redis_.ask({"EVAL", erase_receipts_script(), "2", kConsents, kErased, second, last});
  EXPECT_EQ(moved.integer, 2);
  const auto again = redis_.ask({"EVAL", erase_receipts_script(), "2", kConsents, kErased, second});
  EXPECT_EQ(again.integer, 0);
  const auto day = audited();
  EXPECT_EQ(day.findings, std::vector<std::string>{});
  EXPECT_EQ(day.receipts, 9U);
  EXPECT_EQ(day.erased, 2U);
  const auto erased = redis_.entries(kErased);
  ASSERT_EQ(erased.size(), 2U);
  EXPECT_FALSE(erased[0].contains("visitor"));
  EXPECT_EQ(erased[0].at("receipt"), "receipt2");
  append_receipts(10, 12);
  ASSERT_TRUE(wait_delivered(12));
  EXPECT_EQ(audited().findings, std::vector<std::string>{});
}

}  // namespace
}  // namespace portvakt::logs
