#include "proxy/logs/inventory/inventory_keeper.h"

#include <gtest/gtest.h>

#include "proxy/logs/inventory/inventory_text.h"
#include "tests/logs/redis_process.h"

namespace portvakt::logs {
namespace {

using filters::SeenItem;
using filters::SeenKind;

SeenItem item(std::string name, int first, int last, std::uint64_t count) {
  const auto day = [](int number) {
    return WallTime{std::chrono::floor<std::chrono::days>(SystemClock().wall())} -
           std::chrono::days{100 - number};
  };
  SeenItem seen;
  seen.name = std::move(name);
  seen.vendor = "vendor";
  seen.purpose = "marketing";
  seen.first = day(first);
  seen.last = day(last);
  seen.count = count;
  seen.held = 1;
  seen.example = "/page \"<";
  return seen;
}

class InventoryKeeperTest : public testing::Test {
 protected:
  InventorySettings settings(filters::InventoryBoard& board, bool redis = true) {
    InventorySettings settings;
    if (redis) settings.redis = redis_.unix_url();
    settings.boards = {{"example", &board}};
    settings.round = std::chrono::milliseconds{20};
    return settings;
  }
  static const SeenItem* find(const filters::SiteInventory& items, std::string_view name) {
    for (const auto& one : items) {
      if (one.name == name) return &one;
    }
    return nullptr;
  }
  /// Until the board shows so many of that name.
  static bool shows(const filters::InventoryBoard& board, std::string_view name, std::uint64_t count) {
    for (int i = 0; i < 5000; ++i) {
      const auto items = board.now();
      const auto* found = find(*items, name);
      if (found && found->count == count) return true;
      ::poll(nullptr, 0, 5);
    }
    return false;
  }

  RedisProcess redis_;
};

TEST_F(InventoryKeeperTest, EdgesShareOnePicture) {
  filters::InventoryBoard one, two;
  InventoryKeeper first(settings(one)), second(settings(two));
  first.add({{"example", {item("a.test", 10, 20, 3)}}});
  second.add({{"example", {item("a.test", 5, 15, 4), item("b.test", 7, 7, 1)}}});
  EXPECT_TRUE(shows(one, "a.test", 7));
  EXPECT_TRUE(shows(two, "a.test", 7));
  EXPECT_TRUE(shows(one, "b.test", 1));
  const auto items = one.now();
  const auto* both = find(*items, "a.test");
  EXPECT_EQ(both->first, item("", 5, 0, 0).first);
  EXPECT_EQ(both->last, item("", 0, 20, 0).last);
  EXPECT_EQ(both->held, 2U);
  EXPECT_EQ(both->example, "/page \"<");
  EXPECT_EQ(both->lifetime, filters::kUnknownLifetime);
  EXPECT_EQ(redis_.ask({"HLEN", "portvakt:{example}:inventory"}).integer, 2);
  EXPECT_EQ(redis_.ask({"HEXISTS", "portvakt:{example}:inventory", "host:a.test"}).integer, 1);
}

TEST_F(InventoryKeeperTest, ARestartedEdgeKnowsWhatWasSeen) {
  filters::InventoryBoard before, after;
  {
    InventoryKeeper keeper(settings(before));
    keeper.add({{"example", {item("a.test", 1, 2, 3)}}});
  }  // what was handed over last is sent at the end
  InventoryKeeper keeper(settings(after));
  EXPECT_TRUE(shows(after, "a.test", 3));
}

TEST_F(InventoryKeeperTest, WithoutRedisThePictureIsTheProcesssOwn) {
  filters::InventoryBoard board;
  InventoryKeeper keeper(settings(board, false));
  keeper.add({{"example", {item("a.test", 1, 2, 3)}}});
  keeper.add({{"example", {item("a.test", 1, 2, 3)}}, {"nowhere", {item("b.test", 1, 2, 3)}}});
  EXPECT_TRUE(shows(board, "a.test", 6));
  redis_.kill();
  filters::InventoryBoard other;
  InventoryKeeper without(settings(other));
  without.add({{"example", {item("a.test", 1, 2, 3)}}});
  EXPECT_TRUE(shows(other, "a.test", 3));
  redis_.start();
  for (int i = 0; i < 5000 && redis_.ask({"HLEN", "portvakt:{example}:inventory"}).integer != 1; ++i)
    ::poll(nullptr, 0, 5);
  EXPECT_TRUE(shows(other, "a.test", 3)) << "sent once Redis is back";
}

TEST_F(InventoryKeeperTest, NamesAreBoundedAndInventedCookiesLeaveRoomForOthers) {
  filters::InventoryBoard board;
  InventoryKeeper keeper(settings(board));
  filters::SiteInventory many;
  for (int i = 0; i < 1500; ++i) {
    many.push_back(item("cookie" + std::to_string(i), 1, 2, 1));
    many.back().kind = SeenKind::Cookie;
    many.back().purpose = many.back().vendor = "";
  }
  keeper.add({{"example", many}});
  keeper.add({{"example", {item("partner.test", 1, 2, 1)}}});
  EXPECT_TRUE(shows(board, "partner.test", 1));
  EXPECT_EQ(board.now()->size(), InventoryKeeper::kMaxUnknownCookies + 1);
  for (auto& one : many) one.purpose = "marketing";
  keeper.add({{"example", many}});
  EXPECT_TRUE(shows(board, "cookie199", 2));
  EXPECT_LE(board.now()->size(), InventoryKeeper::kMaxNames);
  EXPECT_LE(redis_.ask({"HLEN", "portvakt:{example}:inventory"}).integer,
            static_cast<std::int64_t>(InventoryKeeper::kMaxNames));
}

TEST_F(InventoryKeeperTest, WhatWasNotSeenForHalfAYearIsForgotten) {
  redis_.ask({"HSET", "portvakt:{example}:inventory", "host:old.test",
              item_text(item("old.test", -200, -150, 1)), "host:odd", "nonsense"});
  filters::InventoryBoard board;
  InventoryKeeper keeper(settings(board));
  keeper.add({{"example", {item("new.test", 1, 2, 1)}}});
  EXPECT_TRUE(shows(board, "new.test", 1));
  for (int i = 0; i < 5000 && redis_.ask({"HLEN", "portvakt:{example}:inventory"}).integer != 1; ++i)
    ::poll(nullptr, 0, 5);
  EXPECT_EQ(find(*board.now(), "old.test"), nullptr);
}

TEST(InventoryText, IsReadAsItWasWritten) {
  auto one = item("a\"<\\.test", 1, 2, 3);
  one.kind = SeenKind::Storage;
  one.lifetime = 86400;
  const auto read = parse_item(item_text(one));
  ASSERT_TRUE(read);
  EXPECT_EQ(item_text(*read), item_text(one));
  EXPECT_EQ(field_of(one), "storage:a\"<\\.test");
  for (const auto* text :
       {"", "{", "[]", "{\"kind\":\"other\",\"name\":\"x\"}", "{\"kind\":\"host\"}", "null"})
    EXPECT_FALSE(parse_item(text)) << text;
}

}  // namespace
}  // namespace portvakt::logs
