#include "filters/guard/content_security_policy.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/base/ascii.h"

namespace portvakt::guard {
namespace {

struct Directive {
  std::string name;  // lower case
  std::vector<std::string> sources;

  bool has(std::string_view source) const {
    return std::ranges::any_of(sources, [&](const std::string& s) { return ascii::iequals(s, source); });
  }
};

/// A source such as 'nonce-abc': what stands between prefix and closing quote; empty if it is another one.
std::string_view quoted_part(std::string_view source, std::string_view prefix) {
  if (!ascii::istarts_with(source, prefix) || !source.ends_with('\'')) return {};
  return source.substr(prefix.size(), source.size() - prefix.size() - 1);
}

/// Only what may stand in an attribute as it is.
bool is_plain_nonce(std::string_view nonce) {
  return !nonce.empty() && std::ranges::all_of(nonce, [](char c) {
    return ascii::is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
  });
}

bool is_hash(std::string_view source) {
  return ascii::istarts_with(source, "'sha256-") || ascii::istarts_with(source, "'sha384-") ||
         ascii::istarts_with(source, "'sha512-");
}

/// Section 6.7.3.2: 'unsafe-inline' counts only without nonces, hashes and 'strict-dynamic'.
bool relies_on_unsafe_inline(const Directive& directive) {
  if (!directive.has("'unsafe-inline'") || directive.has("'strict-dynamic'")) return false;
  return std::ranges::none_of(directive.sources, [](const std::string& source) {
    return is_hash(source) || !quoted_part(source, "'nonce-").empty();
  });
}

/// What kind of inline element, and the directives that may govern it, the first one present deciding
/// (section 6.8.3).
struct Kind {
  std::string_view own;  // the name of the directive that is made from default-src
  std::array<std::string_view, 3> governing;
};
constexpr Kind kScript{"script-src", {"script-src-elem", "script-src", "default-src"}};
constexpr Kind kStyle{"style-src", {"style-src-elem", "style-src", "default-src"}};

class Policy {
 public:
  /// Section 2.2.1: of two directives with one name the first counts.
  explicit Policy(std::string_view text) : text_(text) {
    for (const auto part : ascii::split(text, ';')) {
      const auto words = split_words(part);
      if (words.empty()) continue;
      Directive directive{ascii::lower(words.front()), {}};
      directive.sources.assign(words.begin() + 1, words.end());
      if (find(directive.name) == nullptr) directives_.push_back(std::move(directive));
    }
  }

  std::string_view find_nonce(const Kind& kind) const {
    const Directive* const governing = find_governing(kind);
    if (governing == nullptr) return {};
    for (const auto& source : governing->sources) {
      const auto nonce = quoted_part(source, "'nonce-");
      if (is_plain_nonce(nonce)) return nonce;
    }
    return {};
  }

  void allow(const Kind& kind, const std::vector<std::string>& hashes, std::string_view lent) {
    const Directive* const governing = find_governing(kind);
    if (governing == nullptr || hashes.empty() || relies_on_unsafe_inline(*governing)) return;
    if (!lent.empty() && governing->has("'nonce-" + std::string(lent) + "'")) return;
    Directive* target = find(governing->name);
    if (governing->name == "default-src") {
      // A hash in default-src would speak for everything that falls back to it; scripts get a list of their
      // own.
      Directive copy{std::string(kind.own), governing->sources};
      directives_.push_back(std::move(copy));
      target = &directives_.back();
    }
    add_sources(*target, hashes);
  }

  /// The guard changes markup of pages that use Trusted Types, and needs a policy of its own for that.
  void allow_own_types() {
    Directive* const directive = find("trusted-types");
    if (directive != nullptr && !directive->has("*")) add_sources(*directive, {"portvakt"});
  }

  void allow_own_form() {
    Directive* const directive = find("form-action");
    if (directive != nullptr && !directive->has("'self'") && !directive->has("*"))
      add_sources(*directive, {"'self'"});
  }

  void allow_own_messages() {
    Directive* directive = find("connect-src");
    if (directive == nullptr && find("default-src") != nullptr) {
      Directive copy{"connect-src", find("default-src")->sources};
      if (copy.has("'self'") || copy.has("*")) return;
      directives_.push_back(std::move(copy));
      directive = &directives_.back();
    }
    if (directive != nullptr && !directive->has("'self'") && !directive->has("*"))
      add_sources(*directive, {"'self'"});
  }

  std::string text() const {
    if (!changed_) return std::string(text_);
    std::string out;
    for (const auto& directive : directives_) {
      if (!out.empty()) out += "; ";
      out += directive.name;
      for (const auto& source : directive.sources) out += " " + source;
    }
    return out;
  }
  bool changed() const { return changed_; }

 private:
  static std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : std::string(text) + " ") {
      if (c != ' ' && c != '\t' && c != '\f') {
        word.push_back(c);
      } else if (!word.empty()) {
        words.push_back(std::exchange(word, {}));
      }
    }
    return words;
  }

  Directive* find(std::string_view name) {
    const auto found = std::ranges::find(directives_, name, &Directive::name);
    return found == directives_.end() ? nullptr : &*found;
  }
  const Directive* find_governing(const Kind& kind) const {
    for (const auto name : kind.governing) {
      const auto found = std::ranges::find(directives_, name, &Directive::name);
      if (found != directives_.end()) return &*found;
    }
    return nullptr;
  }
  void add_sources(Directive& directive, const std::vector<std::string>& sources) {
    std::erase_if(directive.sources, [](const std::string& s) { return ascii::iequals(s, "'none'"); });
    for (const auto& source : sources) {
      if (directive.has(source)) continue;
      directive.sources.push_back(source);
    }
    changed_ = true;
  }

  std::string_view text_;
  std::vector<Directive> directives_;
  bool changed_ = false;
};

void extend(Policy& policy, const OwnInline& own, const LentNonces& lent) {
  policy.allow(kScript, own.scripts, lent.script);
  policy.allow(kStyle, own.styles, lent.style);
  policy.allow_own_form();
  policy.allow_own_types();
  if (own.sends) policy.allow_own_messages();
}

bool is_policy_field(std::string_view name) {
  return ascii::iequals(name, "content-security-policy") ||
         ascii::iequals(name, "content-security-policy-report-only");
}

/// One field and the policies in it; commas part them.
struct PolicyField {
  std::string_view name;
  std::vector<Policy> policies;
};

std::vector<PolicyField> read_fields(const http::HeaderMap& headers) {
  std::vector<PolicyField> fields;
  for (const auto& field : headers.fields()) {
    if (!is_policy_field(field.name)) continue;
    fields.push_back({field.name, {}});
    for (const auto text : ascii::split(field.value, ',')) fields.back().policies.emplace_back(text);
  }
  return fields;
}

std::string find_nonce(const std::vector<PolicyField>& fields, const Kind& kind) {
  for (const auto& field : fields) {
    for (const auto& policy : field.policies) {
      if (const auto nonce = policy.find_nonce(kind); !nonce.empty()) return std::string(nonce);
    }
  }
  return {};
}

void write_fields(http::HeaderMap& headers, const std::vector<PolicyField>& fields) {
  std::vector<std::pair<std::string, std::string>> written;
  for (const auto& field : fields) {
    std::string value;
    for (const auto& policy : field.policies) value += (value.empty() ? "" : ", ") + policy.text();
    written.emplace_back(field.name, std::move(value));
  }
  headers.remove_if([](const http::HeaderMap::Field& field) { return is_policy_field(field.name); });
  for (const auto& [name, value] : written) headers.add(name, value);
}

}  // namespace

LentNonces extend_policies(http::HeaderMap& headers, const OwnInline& own) {
  auto fields = read_fields(headers);
  LentNonces lent{find_nonce(fields, kScript), find_nonce(fields, kStyle)};
  bool changed = false;
  for (auto& field : fields) {
    for (auto& policy : field.policies) {
      extend(policy, own, lent);
      changed = changed || policy.changed();
    }
  }
  if (changed) write_fields(headers, fields);
  return lent;
}

std::string extend_policy(std::string_view text, const OwnInline& own, const LentNonces& lent) {
  Policy policy(text);
  extend(policy, own, lent);
  return policy.text();
}

void carry_nonce(std::string& markup, std::string_view element, std::string_view nonce) {
  if (nonce.empty()) return;
  const std::string tag = "<" + std::string(element);
  const std::string attribute = " nonce=\"" + std::string(nonce) + "\"";
  for (auto at = markup.find(tag); at != std::string::npos; at = markup.find(tag, at + 1)) {
    const auto end = at + tag.size();
    if (end < markup.size() && (markup[end] == '>' || markup[end] == ' ')) markup.insert(end, attribute);
  }
}

}  // namespace portvakt::guard
