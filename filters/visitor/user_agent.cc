#include "filters/visitor/user_agent.h"

#include <array>
#include <cstddef>

#include "proxy/base/ascii.h"

namespace portvakt::visitor {
namespace {

/// No honest text is longer; what follows is not read.
constexpr std::size_t kMaxRead = 1024;

struct Token {
  std::string_view text;  // what follows it begins with the version
  std::string_view family;
};

// The first that is found decides: browsers name their ancestors as well, so descendants come first.
constexpr std::array<Token, 37> kBrowsers = {{
    {"EdgiOS/", "Edge"},
    {"EdgA/", "Edge"},
    {"Edg/", "Edge"},
    {"Edge/", "Edge"},
    {"OPR/", "Opera"},
    {"OPX/", "Opera"},
    {"OPT/", "Opera"},
    {"OPiOS/", "Opera"},
    {"Opera Mini/", "Opera Mini"},
    {"Opera/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"Vivaldi/", "Vivaldi"},
    {"YaBrowser/", "Yandex Browser"},
    {"DuckDuckGo/", "DuckDuckGo"},
    {"Ddg/", "DuckDuckGo"},
    {"HuaweiBrowser/", "Huawei Browser"},
    {"MiuiBrowser/", "Miui Browser"},
    {"UCBrowser/", "UC Browser"},
    {"Whale/", "Whale"},
    {"Silk/", "Silk"},
    {"FBAV/", "Facebook"},
    {"Instagram ", "Instagram"},
    {"LinkedInApp", "LinkedIn"},
    {"Snapchat/", "Snapchat"},
    {"musical_ly_", "TikTok"},
    {"BytedanceWebview/", "TikTok"},
    {"GSA/", "Google"},
    {"FxiOS/", "Firefox"},
    {"Focus/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chromium/", "Chrome"},
    {"Chrome/", "Chrome"},
    {"MSIE ", "Internet Explorer"},
    {"Trident/7.0; rv:", "Internet Explorer"},
    {"Trident/", "Internet Explorer"},
    {"AppleWebKit/", "Safari"},
}};

// Robots that name themselves, and tools that people write robots with.
constexpr std::array<Token, 32> kBots = {{
    {"Googlebot-Image/", "Googlebot"},
    {"Googlebot", "Googlebot"},
    {"AdsBot-Google", "AdsBot-Google"},
    {"Mediapartners-Google", "Mediapartners-Google"},
    {"bingbot", "bingbot"},
    {"YandexBot", "YandexBot"},
    {"DuckDuckBot", "DuckDuckBot"},
    {"Applebot", "Applebot"},
    {"GPTBot", "GPTBot"},
    {"ClaudeBot", "ClaudeBot"},
    {"AhrefsBot", "AhrefsBot"},
    {"SemrushBot", "SemrushBot"},
    {"facebookexternalhit", "facebookexternalhit"},
    {"Slackbot", "Slackbot"},
    {"LinkedInBot", "LinkedInBot"},
    {"Twitterbot", "Twitterbot"},
    {"UptimeRobot", "UptimeRobot"},
    {"HeadlessChrome/", "HeadlessChrome"},
    {"Chrome-Lighthouse", "Lighthouse"},
    {"PhantomJS", "PhantomJS"},
    {"curl/", "curl"},
    {"Wget/", "Wget"},
    {"python-requests/", "python-requests"},
    {"Python-urllib/", "Python-urllib"},
    {"aiohttp/", "aiohttp"},
    {"Scrapy/", "Scrapy"},
    {"Go-http-client/", "Go-http-client"},
    {"Apache-HttpClient/", "Apache-HttpClient"},
    {"PostmanRuntime/", "Postman"},
    {"libwww-perl/", "libwww-perl"},
    {"node-fetch", "node-fetch"},
    {"axios/", "axios"},
}};

constexpr std::array<Token, 16> kSystems = {{
    {"Windows Phone", "Windows Phone"},
    {"Windows", "Windows"},
    {"iPhone", "iOS"},
    {"iPad", "iOS"},
    {"iPod", "iOS"},
    {"CrOS", "ChromeOS"},
    {"Tizen", "Tizen"},
    {"Web0S", "webOS"},
    {"KAIOS", "KaiOS"},
    {"HarmonyOS", "HarmonyOS"},
    {"Android", "Android"},
    {"Macintosh", "macOS"},
    {"Mac OS X", "macOS"},
    {"FreeBSD", "FreeBSD"},
    {"Linux", "Linux"},
    {"X11", "Linux"},
}};

template <std::size_t N>
const Token* find_token(const std::array<Token, N>& table, std::string_view text) {
  for (const auto& token : table) {
    if (ascii::contains(text, token.text)) return &token;
  }
  return nullptr;
}

/// The digits right after a token, at most four: more is no version.
std::string version_after(std::string_view text, std::string_view token) {
  const auto at = text.find(token);
  if (at == std::string_view::npos) return {};
  std::string_view rest = text.substr(at + token.size());
  if (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  std::size_t length = 0;
  while (length < rest.size() && ascii::is_digit(rest[length])) ++length;
  return length <= 4 ? std::string(rest.substr(0, length)) : std::string();
}

/// `…bot`, `…crawler`, `…spider` as the end of a word; but Cubot makes phones.
bool names_a_robot(std::string_view text) {
  const std::string lower = ascii::lower(text);
  for (const std::string_view word : {"bot", "crawler", "spider", "slurp", "monitor", "preview"}) {
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      const auto end = at + word.size();
      const bool ends = end == lower.size() || !ascii::is_alpha(lower[end]);
      const bool cubot = at >= 2 && lower.compare(at - 2, 2, "cu") == 0;
      if (ends && !cubot) return true;
    }
  }
  return false;
}

std::string device_of(std::string_view text, std::string_view system) {
  const bool mobile = ascii::contains(text, "Mobile") || ascii::contains(text, "Mobi ");
  if (ascii::contains(text, "iPad") || ascii::contains(text, "Tablet")) return "tablet";
  if (ascii::contains(text, "TV") || system == "Tizen" || system == "webOS")
    return mobile ? "phone" : "other";
  if (system == "iOS" || system == "Windows Phone" || system == "KaiOS") return "phone";
  if (system == "Android" || system == "HarmonyOS") return mobile ? "phone" : "tablet";
  if (mobile) return "phone";
  const bool known = system == "Windows" || system == "macOS" || system == "Linux" || system == "ChromeOS" ||
                     system == "FreeBSD";
  return known ? "desktop" : "other";
}

}  // namespace

Agent read_user_agent(std::string_view text) {
  text = text.substr(0, kMaxRead);
  Agent agent;
  if (const Token* system = find_token(kSystems, text)) agent.system = system->family;
  if (const Token* bot = find_token(kBots, text)) {
    agent.browser = bot->family;
    agent.version = version_after(text, bot->text);
    agent.device = "bot";
    return agent;
  }
  if (names_a_robot(text)) {
    agent.browser = "bot";
    agent.device = "bot";
    return agent;
  }
  if (const Token* browser = find_token(kBrowsers, text)) {
    agent.browser = browser->family;
    // Safari's own version stands elsewhere, as the last Opera's did; the token's number is the engine's.
    const bool elsewhere =
        browser->family == "Safari" || (browser->text == "Opera/" && ascii::contains(text, "Version/"));
    agent.version = version_after(text, elsewhere ? std::string_view("Version/") : browser->text);
    if (browser->text == "Trident/") agent.version.clear();
  }
  agent.device = device_of(text, agent.system);
  return agent;
}

}  // namespace portvakt::visitor
