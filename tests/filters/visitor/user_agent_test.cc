#include "filters/visitor/user_agent.h"

#include <gtest/gtest.h>

namespace portvakt::visitor {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;  // browser version, system, device
};

std::string print(const Agent& a) {
  return a.browser + " " + a.version + ", " + a.system + ", " + a.device;
}

TEST(UserAgent, ReadsCommonBrowsers) {
  const Case cases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
       "Firefox 128, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36 "
       "Edg/126.0.0.0",
       "Edge 126, Windows, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 "
       "Safari/537.36 "
       "OPR/111.0.0.0",
       "Opera 111, Windows, desktop"},
      {"Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "Opera 12, Windows, desktop"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 "
       "Safari/605.1.15",
       "Safari 17, macOS, desktop"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Version/17.5 "
       "Mobile/15E148 Safari/604.1",
       "Safari 17, iOS, phone"},
      {"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "CriOS/126.0.6478.35 "
       "Mobile/15E148 Safari/604.1",
       "Chrome 126, iOS, tablet"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "FxiOS/127.0 "
       "Mobile/15E148 Safari/605.1.15",
       "Firefox 127, iOS, phone"},
      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
       "Safari/537.36",
       "Chrome 126, Android, phone"},
      {"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, Android, tablet"},
      {"Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
       "SamsungBrowser/25.0 "
       "Chrome/121.0.0.0 Mobile Safari/537.36",
       "Samsung Internet 25, Android, phone"},
      {"Mozilla/5.0 (Linux; Android 9; CUBOT_P20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
       "Mobile "
       "Safari/537.36",
       "Chrome 120, Android, phone"},
      {"Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox 127, Android, phone"},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0",
       "Firefox 115, Linux, desktop"},
      {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Safari/537.36",
       "Chrome 126, ChromeOS, desktop"},
      {"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
       "Internet Explorer 11, Windows, desktop"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
       "Mobile/21F90 "
       "[FBAN/FBIOS;FBAV/468.0.0.37.69;]",
       "Facebook 468, iOS, phone"},
  };
  for (const auto& c : cases) EXPECT_EQ(print(read_user_agent(c.text)), c.expected) << c.text;
}

TEST(UserAgent, MarksRobotsAndTools) {
  const Case cases[] = {
      {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot 2, , bot"},
      {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
       "Mobile "
       "Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
       "Googlebot 2, Android, bot"},
      {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot 2, , bot"},
      {"curl/8.5.0", "curl 8, , bot"},
      {"python-requests/2.31.0", "python-requests 2, , bot"},
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 "
       "Safari/537.36",
       "HeadlessChrome 126, Linux, bot"},
      {"SomeNewCrawler/1.0 (+https://example.test)", "bot , , bot"},
  };
  for (const auto& c : cases) EXPECT_EQ(print(read_user_agent(c.text)), c.expected) << c.text;
}

TEST(UserAgent, KeepsNothingOfWhatItDoesNotKnow) {
  EXPECT_EQ(print(read_user_agent("")), " , , other");
  EXPECT_EQ(print(read_user_agent("alice@example.test secret")), " , , other");
  EXPECT_EQ(print(read_user_agent("Firefox/123456789")), "Firefox , , other")
      << "a long number is no version";
  EXPECT_EQ(read_user_agent(std::string(100'000, 'x')).browser, "");
}

}  // namespace
}  // namespace portvakt::visitor
