#include "filters/agents/agent.h"

#include <algorithm>
#include <array>
#include <bit>

#include "filters/agents/matcher.h"
#include "filters/agents/rules.h"
#include "proxy/base/ascii.h"

namespace portvakt::agents {
namespace {

// What the sender may write in a name's place is bounded; and a long version is a number of a device.
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxVersion = 8;

/// What programs fetch with, not people: the data calls these no spiders.
constexpr std::array<std::string_view, 14> kTools = {
    "HeadlessChrome",    "PhantomJS",       "curl",          "Wget",          "wget2",
    "Python Requests",   "python-requests", "Python-urllib", "Python/urllib", "Go-http-client",
    "Apache-HttpClient", "libwww-perl",     "axios",         "PostmanRuntime"};

/// Which rules may match, by the literals that the text holds.
class Candidates {
 public:
  explicit Candidates(std::string_view lower) {
    for (std::size_t i = 0; i < kRules.always.size(); ++i) bits_[i] = kRules.always[i];
    for (std::size_t at = 0; at + kLiteralKey <= lower.size(); ++at) {
      const std::size_t key = key_of(lower.data() + at);
      for (std::size_t i = kRules.keys[key]; i < kRules.keys[key + 1]; ++i) {
        const Literal& literal = kRules.literals[i];
        const auto text = kRules.literal_texts.substr(literal.text, literal.length);
        if (lower.substr(at, literal.length) != text) continue;
        for (const auto rule : kRules.literal_rules.subspan(literal.rules, literal.rule_count)) {
          bits_[rule >> 6U] |= std::uint64_t{1} << (rule & 63U);
        }
      }
    }
  }

  /// The first candidate in [from, end); `end` if there is none.
  std::size_t next(std::size_t from, std::size_t end) const {
    while (from < end) {
      const std::uint64_t rest = bits_[from >> 6U] >> (from & 63U);
      if (rest != 0) {
        const std::size_t found = from + static_cast<std::size_t>(std::countr_zero(rest));
        return found < end ? found : end;
      }
      from = (from | 63U) + 1;
    }
    return end;
  }

 private:
  std::array<std::uint64_t, kMaxRules / 64> bits_{};
};

class Reader {
 public:
  Reader(std::string_view text, std::string_view lower)
      : text_(text), candidates_(lower), matcher_(kRules, text, lower) {}

  Agent read() {
    Agent agent;
    if (const Rule* rule = first_of(0, kRules.systems)) {
      agent.browser = name_of(*rule);
      agent.version = version_of(*rule);
      agent.open_name = rule->open_name;
    }
    if (const Rule* rule = first_of(kRules.systems, kRules.devices)) agent.system = name_of(*rule);
    if (agent.browser == "Other") agent.browser.clear();
    if (agent.system == "Other") agent.system.clear();
    const bool tool = std::ranges::find(kTools, agent.browser) != kTools.end();
    agent.device = tool || is_robot() ? "bot" : device_class(agent.system);
    return agent;
  }
  std::uint32_t steps() const { return matcher_.steps(); }

 private:
  const Rule* first_of(std::size_t from, std::size_t end) {
    for (std::size_t i = candidates_.next(from, end); i < end; i = candidates_.next(i + 1, end)) {
      if (matcher_.matches(kRules.rules[i])) return &kRules.rules[i];
    }
    return nullptr;
  }

  /// What the data calls a spider; a model that is known by name is none, even if its name ends in "bot".
  bool is_robot() {
    const std::size_t models = kRules.devices + kRules.spiders;
    if (first_of(kRules.devices, models) != nullptr) return true;
    if (first_of(kRules.late_spider, kRules.late_spider + 1) == nullptr) return false;
    return first_of(models, kRules.late_spider) == nullptr;
  }

  std::string expand(const char* words, std::string_view place, std::size_t number) const {
    std::string out(words);
    const auto at = out.find(place);
    if (at != std::string::npos) out.replace(at, place.size(), matcher_.group(number));
    return out;
  }
  std::string name_of(const Rule& rule) const {
    std::string name = rule.name == nullptr ? std::string(matcher_.group(1)) : expand(rule.name, "$1", 1);
    return std::string(ascii::trim(std::string_view(name).substr(0, kMaxName)));
  }
  std::string version_of(const Rule& rule) const {
    if (rule.version != nullptr) return expand(rule.version, "$2", 2);
    const auto major = matcher_.group(2);
    return std::string(major.size() <= kMaxVersion ? major : std::string_view());
  }

  bool says(std::string_view word) const { return text_.find(word) != std::string_view::npos; }

  /// The data knows models, not classes: those stand in words that browsers agree on.
  std::string_view device_class(std::string_view system) const {
    const bool mobile = says("Mobile") || says("Mobi ");
    if (says("iPad") || says("Tablet") || says("Kindle")) return "tablet";
    if (says("TV") || system == "Tizen" || system == "webOS" || system == "Roku")
      return mobile ? "phone" : "other";
    if (system == "iOS" || system == "Windows Phone" || system == "KaiOS" || system == "BlackBerry OS")
      return "phone";
    if (system == "Android" || system == "HarmonyOS") return mobile ? "phone" : "tablet";
    if (mobile) return "phone";
    if (system.empty() || system == "ATV OS X" || system == "WatchOS" || system == "tvOS") return "other";
    return text_.starts_with("Mozilla/") || text_.starts_with("Opera/") ? "desktop" : "other";
  }

  std::string_view text_;
  Candidates candidates_;
  Matcher matcher_;
};

}  // namespace

Agent read_user_agent(std::string_view text, std::uint32_t& steps) {
  text = text.substr(0, Matcher::kMaxText);
  std::array<char, Matcher::kMaxText> lower;
  for (std::size_t i = 0; i < text.size(); ++i) lower[i] = static_cast<char>(ascii::to_lower(text[i]));
  Reader reader(text, {lower.data(), text.size()});
  Agent agent = reader.read();
  steps = reader.steps();
  return agent;
}

Agent read_user_agent(std::string_view text) {
  std::uint32_t steps = 0;
  return read_user_agent(text, steps);
}

}  // namespace portvakt::agents
