#include "filters/agents/agent.h"

#include <gtest/gtest.h>

#include <random>

#include "filters/agents/agent_cache.h"
#include "filters/agents/matcher.h"

namespace portvakt::agents {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;  // browser version, system, device
};

std::string print(const Agent& a) {
  return a.browser + " " + a.version + ", " + a.system + ", " + std::string(a.device);
}

TEST(Agent, ReadsCommonBrowsers) {
  const Case cases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
       "Firefox 128, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36 Edg/126.0.0.0",
       "Edge 126, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 "
       "Safari/537.36 OPR/111.0.0.0",
       "Opera 111, Windows, desktop"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 Safari/605.1.15",
       "Safari 17, Mac OS X, desktop"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 Mobile/15E148 Safari/604.1",
       "Mobile Safari 17, iOS, phone"},
      {"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "CriOS/126.0.6478.35 Mobile/15E148 Safari/604.1",
       "Chrome Mobile iOS 126, iOS, tablet"},
      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
       "Safari/537.36",
       "Chrome Mobile 126, Android, phone"},
      {"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, Android, tablet"},
      {"Mozilla/5.0 (Linux; Android 9; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
       "Mobile Safari/537.36",
       "Chrome Mobile 120, Android, phone"},
      {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, Chrome OS, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "IE 11, Windows, desktop"},
  };
  for (const auto& c : cases) EXPECT_EQ(print(read_user_agent(c.text)), c.expected) << c.text;
}

TEST(Agent, MarksRobotsAndTools) {
  const Case cases[] = {
      {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot 2, , bot"},
      {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
       "Googlebot 2, Android, bot"},
      {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot 2, , bot"},
      {"curl/8.5.0", "curl 8, , bot"},
      {"python-requests/2.31.0", "Python Requests 2, , bot"},
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 "
       "Safari/537.36",
       "HeadlessChrome 126, Linux, bot"},
  };
  for (const auto& c : cases) EXPECT_EQ(print(read_user_agent(c.text)), c.expected) << c.text;
}

TEST(Agent, KeepsNothingOfWhatItDoesNotKnow) {
  EXPECT_EQ(print(read_user_agent("")), " , , other");
  EXPECT_EQ(print(read_user_agent("alice@example.test secret")), " , , other");
  EXPECT_EQ(read_user_agent(std::string(100'000, 'x')).browser, "");
}

TEST(Agent, SaysWhenANameIsTheSendersOwn) {
  EXPECT_FALSE(
      read_user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0").open_name);
  const Agent app = read_user_agent("Alices%20Own%20App/7 CFNetwork/978.0.7 Darwin/18.5.0");
  EXPECT_TRUE(app.open_name);
  EXPECT_EQ(app.version, "7");
  EXPECT_EQ(read_user_agent("bPod BMID/E679FACD4C").version, "") << "a long version is a device's number";
}

/// Pieces of real texts in any order: what drives expressions deepest.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"Mozilla/5.0 ",
                                                 "(Linux; Android 4.2; ",
                                                 "bot",
                                                 "Build/",
                                                 "; ",
                                                 ")",
                                                 " AppleWebKit",
                                                 "CFNetwork",
                                                 "/1.2",
                                                 "Darwin",
                                                 "spider-",
                                                 "-",
                                                 "Safari/",
                                                 "HbbTV/1.1.1 ",
                                                 "a1",
                                                 "crawler",
                                                 "Opera Mini",
                                                 "..",
                                                 " ",
                                                 "\xff",
                                                 "CE-HTML/1.1;",
                                                 "Mobile",
                                                 "http://",
                                                 "Nokia",
                                                 "\n"};
  std::string text;
  const std::size_t length = std::uniform_int_distribution<std::size_t>(0, 120)(random);
  for (std::size_t i = 0; i < length; ++i)
    text += kPieces[std::uniform_int_distribution<std::size_t>(0, std::size(kPieces) - 1)(random)];
  return text;
}

TEST(Agent, CostsAtMostItsBudgetWhateverComes) {
  std::mt19937 random(1);
  std::uint32_t most = 0;
  for (int i = 0; i < 3000; ++i) {
    std::uint32_t steps = 0;
    read_user_agent(random_text(random), steps);
    most = std::max(most, steps);
  }
  EXPECT_LE(most, Matcher::kMaxSteps);
  EXPECT_GT(most, 1000U) << "the texts should give the rules something to do";
}

TEST(AgentCache, TellsTheSameAsReadingAnew) {
  std::mt19937 random(2);
  AgentCache cache;
  std::vector<std::string> texts;
  for (int i = 0; i < 3 * static_cast<int>(AgentCache::kEntries); ++i) texts.push_back(random_text(random));
  for (int i = 0; i < 10000; ++i) {
    const auto& text = texts[std::uniform_int_distribution<std::size_t>(0, texts.size() - 1)(random)];
    ASSERT_EQ(cache.read(text), read_user_agent(text)) << text;
  }
  const auto misses = cache.misses();
  cache.read(texts[0]);
  cache.read(texts[0]);
  EXPECT_LE(cache.misses(), misses + 1);
}

}  // namespace
}  // namespace portvakt::agents
