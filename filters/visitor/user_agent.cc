#include "filters/visitor/user_agent.h"

#include <array>
#include <cstddef>
#include <cstdint>

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

// Words that tell the device, and where two browsers keep their version.
constexpr std::array<std::string_view, 6> kMarks = {"Mobile", "Mobi ", "iPad", "Tablet", "TV", "Version/"};
enum Mark : std::uint8_t { kMobile, kMobi, kIpad, kTablet, kTv, kVersion };

// Ends of words; robots without a name of their own have one. In lower case: the text's case does not count.
constexpr std::array<std::string_view, 6> kRobotWords = {"bot",   "crawler", "spider",
                                                         "slurp", "monitor", "preview"};

constexpr std::size_t kTokens = kBrowsers.size() + kBots.size() + kSystems.size() + kMarks.size();

constexpr std::string_view token_text(std::size_t number) {
  if (number < kBrowsers.size()) return kBrowsers[number].text;
  number -= kBrowsers.size();
  if (number < kBots.size()) return kBots[number].text;
  number -= kBots.size();
  return number < kSystems.size() ? kSystems[number].text : kMarks[number - kSystems.size()];
}

/// All tokens by their first byte, so that a text is walked once whatever the tables hold.
struct TokensByFirstByte {
  struct Entry {
    std::string_view text;
    std::uint8_t number = 0;
  };
  std::array<Entry, kTokens> entries{};
  std::array<std::uint8_t, 257> begin{};  // where the tokens of a byte begin in `entries`
  std::array<std::uint64_t, 64> pairs{};  // which first two bytes occur, by six bits of each

  constexpr bool may_begin(unsigned char first, unsigned char second) const {
    return (pairs[first & 63U] >> (second & 63U) & 1U) != 0;
  }
};

constexpr TokensByFirstByte index_tokens() {
  static_assert(kTokens < 256);
  TokensByFirstByte index;
  std::uint8_t placed = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    index.begin[byte] = placed;
    for (std::size_t number = 0; number < kTokens; ++number) {
      const auto text = token_text(number);
      if (static_cast<unsigned char>(text[0]) != byte) continue;
      index.entries[placed++] = {text, static_cast<std::uint8_t>(number)};
      index.pairs[byte & 63U] |= std::uint64_t{1} << (static_cast<unsigned char>(text[1]) & 63U);
    }
  }
  index.begin[256] = placed;
  return index;
}

constexpr TokensByFirstByte kIndex = index_tokens();

/// Where each token stands in a text for the first time.
class FoundTokens {
 public:
  explicit FoundTokens(std::string_view text) {
    places_.fill(kNowhere);
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (!kIndex.may_begin(byte, static_cast<unsigned char>(text[at + 1]))) continue;
      for (std::size_t i = kIndex.begin[byte]; i < kIndex.begin[byte + 1U]; ++i) {
        const auto& token = kIndex.entries[i];
        if (!text.substr(at).starts_with(token.text)) continue;
        auto& place = places_[token.number];
        if (place == kNowhere) place = static_cast<std::uint16_t>(at);
      }
    }
  }

  /// The first of a table's tokens, by the table's order, that the text holds.
  template <std::size_t N>
  const Token* first_of(const std::array<Token, N>& table) const {
    for (std::size_t i = 0; i < N; ++i) {
      if (places_[base(table) + i] != kNowhere) return &table[i];
    }
    return nullptr;
  }

  bool has(Mark mark) const { return places_[kFirstMark + mark] != kNowhere; }
  std::size_t end_of(Mark mark) const { return places_[kFirstMark + mark] + kMarks[mark].size(); }
  template <std::size_t N>
  std::size_t end_of(const std::array<Token, N>& table, const Token* token) const {
    return places_[base(table) + static_cast<std::size_t>(token - table.data())] + token->text.size();
  }

 private:
  static constexpr std::uint16_t kNowhere = UINT16_MAX;
  static constexpr std::size_t kFirstMark = kTokens - kMarks.size();
  static std::size_t base(const decltype(kBrowsers)&) { return 0; }
  static std::size_t base(const decltype(kBots)&) { return kBrowsers.size(); }
  static std::size_t base(const decltype(kSystems)&) { return kBrowsers.size() + kBots.size(); }

  std::array<std::uint16_t, kTokens> places_;
};

/// The digits at a place, at most four: more is no version.
std::string version_at(std::string_view text, std::size_t at) {
  std::string_view rest = text.substr(at);
  if (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  std::size_t length = 0;
  while (length < rest.size() && ascii::is_digit(rest[length])) ++length;
  return length <= 4 ? std::string(rest.substr(0, length)) : std::string();
}

/// `…bot`, `…crawler`, `…spider` as the end of a word; but Cubot makes phones.
bool names_a_robot(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char first = ascii::to_lower(text[at]);
    if (first != 'b' && first != 'c' && first != 's' && first != 'm' && first != 'p') continue;
    for (const auto word : kRobotWords) {
      if (word[0] != first || !ascii::istarts_with(text.substr(at), word)) continue;
      const auto end = at + word.size();
      const bool ends = end == text.size() || !ascii::is_alpha(text[end]);
      const bool cubot = at >= 2 && ascii::iequals(text.substr(at - 2, 2), "cu");
      if (ends && !cubot) return true;
    }
  }
  return false;
}

std::string_view device_of(const FoundTokens& found, std::string_view system) {
  const bool mobile = found.has(kMobile) || found.has(kMobi);
  if (found.has(kIpad) || found.has(kTablet)) return "tablet";
  if (found.has(kTv) || system == "Tizen" || system == "webOS") return mobile ? "phone" : "other";
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
  const FoundTokens found(text);
  Agent agent;
  if (const Token* system = found.first_of(kSystems)) agent.system = system->family;
  if (const Token* bot = found.first_of(kBots)) {
    agent.browser = bot->family;
    agent.version = version_at(text, found.end_of(kBots, bot));
    agent.device = "bot";
    return agent;
  }
  if (names_a_robot(text)) {
    agent.browser = "bot";
    agent.device = "bot";
    return agent;
  }
  if (const Token* browser = found.first_of(kBrowsers)) {
    agent.browser = browser->family;
    // Safari's own version stands elsewhere, as the last Opera's did; the token's number is the engine's.
    const bool safari = browser->family == "Safari";
    if (found.has(kVersion) && (safari || browser->text == "Opera/")) {
      agent.version = version_at(text, found.end_of(kVersion));
    } else if (!safari && browser->text != "Trident/") {
      agent.version = version_at(text, found.end_of(kBrowsers, browser));
    }
  }
  agent.device = device_of(found, agent.system);
  return agent;
}

}  // namespace portvakt::visitor
