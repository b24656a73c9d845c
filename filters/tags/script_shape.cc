#include "filters/tags/script_shape.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

constexpr std::size_t kLongestSnippet = 6 * 1024;

// clang-format off
constexpr std::array<std::string_view, 16> kJavaScriptTypes{
    "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
    "text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
    "text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
    "text/x-ecmascript", "text/x-javascript"};

/// Beginnings of the global names that vendors' snippets declare. Names with an underscore in front are theirs too.
constexpr std::array<std::string_view, 44> kVendorNames{
    "dataLayer", "gtag", "ga", "google", "GoogleAnalytics", "fbq", "hj", "clarity", "lintrk", "uetq", "ttq", "pintrk",
    "snaptr", "twq", "rdt", "qp", "pageTracker", "piwik", "matomo", "pkBaseURL", "s_", "addthis", "disqus", "$crisp",
    "CRISP", "Tawk", "NREUM", "adsbygoogle", "gpt", "mixpanel", "analytics", "amplitude", "heap", "posthog",
    "Intercom", "intercom", "zE", "LiveChat", "olark", "optimizely", "ym", "gads", "js", "gas"};
// clang-format on

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '$';
}

bool is_vendor_name(std::string_view name) {
  if (name.size() <= 2 || name.front() == '_') return true;
  return std::ranges::any_of(kVendorNames,
                             [name](std::string_view known) { return name.starts_with(known); });
}

/// Walks over a script outside of strings and comments and looks at what is declared outside of all brackets.
class Walker {
 public:
  explicit Walker(std::string_view script) : script_(script) {}

  bool declares_own_name() {
    while (at_ < script_.size()) {
      if (skip_text()) continue;
      const char c = script_[at_];
      if (c == '(' || c == '{' || c == '[') ++depth_, expects_name_ = false;
      if ((c == ')' || c == '}' || c == ']') && --depth_ < 0) return true;
      if (depth_ == 0 && is_word(c)) {
        if (names_own()) return true;
        continue;
      }
      if (c == ';' && depth_ == 0) in_list_ = false;
      expects_name_ = expects_name_ || (c == ',' && depth_ == 0 && in_list_);
      ++at_;
    }
    return unsure_ || depth_ != 0;
  }

 private:
  /// Over a string or comment. An unclosed one means that this reading went wrong, at a regular expression
  /// perhaps.
  bool skip_text() {
    const std::string_view rest = script_.substr(at_);
    if (rest.starts_with("//") || rest.starts_with("<!--")) {
      at_ = std::min(script_.find('\n', at_), script_.size());
      return true;
    }
    if (rest.starts_with("/*")) {
      const std::size_t end = script_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? script_.size() : end + 2;
      return true;
    }
    const char quote = rest.front();
    if (quote != '"' && quote != '\'' && quote != '`') return false;
    for (++at_; at_ < script_.size() && script_[at_] != quote; ++at_) {
      if (script_[at_] == '\\') ++at_;
    }
    unsure_ = unsure_ || at_ >= script_.size();
    at_ = std::min(at_ + 1, script_.size());
    return true;
  }

  std::string_view read_word() {
    const std::size_t begin = at_;
    while (at_ < script_.size() && is_word(script_[at_])) ++at_;
    return script_.substr(begin, at_ - begin);
  }

  /// A word outside of brackets: does it declare a name that is the page's own?
  bool names_own() {
    const bool is_member = at_ > 0 && script_[at_ - 1] == '.' && !script_.substr(0, at_).ends_with("window.");
    const std::string_view word = read_word();
    if (is_member) return false;
    if (word == "var" || word == "let" || word == "const" || word == "function" || word == "class") {
      expects_name_ = true;
      in_list_ = word[0] != 'f' && word != "class";
      return false;
    }
    if (std::exchange(expects_name_, false)) return !is_vendor_name(word);
    return is_assigned() && word != "window" && !is_vendor_name(word);
  }

  bool is_assigned() const {
    const std::size_t next = script_.find_first_not_of(" \t\r\n", at_);
    if (next == std::string_view::npos || script_[next] != '=') return false;
    return next + 1 >= script_.size() || script_[next + 1] != '=';
  }

  std::string_view script_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool expects_name_ = false;
  bool in_list_ = false;
  bool unsure_ = false;
};

}  // namespace

ScriptKind script_kind(std::optional<std::string_view> type, std::optional<std::string_view> language) {
  if (!type) {
    if (!language || language->empty()) return ScriptKind::JavaScript;
    const std::string spelled = "text/" + ascii::lower(*language);
    return std::ranges::find(kJavaScriptTypes, spelled) != kJavaScriptTypes.end() ? ScriptKind::JavaScript
                                                                                  : ScriptKind::Data;
  }
  if (type->empty()) return ScriptKind::JavaScript;
  const std::size_t first = type->find_first_not_of(" \t\n\r\f");
  if (first == std::string_view::npos) return ScriptKind::Data;
  const std::size_t last = type->find_last_not_of(" \t\n\r\f");
  const std::string name = ascii::lower(type->substr(first, last - first + 1));
  if (name == "module" || std::ranges::find(kJavaScriptTypes, name) != kJavaScriptTypes.end()) {
    return ScriptKind::JavaScript;
  }
  if (name == "importmap") return ScriptKind::ImportMap;
  return name == "speculationrules" ? ScriptKind::SpeculationRules : ScriptKind::Data;
}

bool is_mere_snippet(std::string_view script) {
  if (script.size() > kLongestSnippet) return false;
  for (const std::string_view other_work : {"$(", "jQuery", "$."}) {
    if (ascii::contains(script, other_work)) return false;
  }
  return !Walker(script).declares_own_name();
}

}  // namespace portvakt::tags
