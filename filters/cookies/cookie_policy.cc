#include "filters/cookies/cookie_policy.h"

#include <algorithm>
#include <utility>

#include "filters/tags/tag_policy.h"
#include "proxy/base/star_pattern.h"

namespace portvakt::cookies {
namespace {

bool has_star(const CookieRule& rule) {
  return rule.pattern.find('*') != std::string::npos;
}

/// The more exact rule first, so that the first that fits decides.
bool is_more_exact(const CookieRule& a, const CookieRule& b) {
  if (has_star(a) != has_star(b)) return has_star(b);
  if (a.pattern.size() != b.pattern.size()) return a.pattern.size() > b.pattern.size();
  return a.pattern < b.pattern;
}

}  // namespace

CookiePolicy::CookiePolicy(std::vector<CookieRule> rules, const tags::TagPolicy* tags, config::Mode mode)
    : rules_(std::move(rules)), tags_(tags), mode_(mode) {
  std::ranges::sort(rules_, is_more_exact);
}

std::optional<filters::Purpose> CookiePolicy::find_rule(std::string_view name) const {
  for (const auto& rule : rules_) {
    if (has_star(rule) ? matches_whole(rule.pattern, name) : rule.pattern == name) return rule.purpose;
  }
  return std::nullopt;
}

std::optional<filters::Purpose> CookiePolicy::find_purpose(std::string_view name) const {
  if (const auto own = find_rule(name)) return own;
  const auto known = tags_ != nullptr ? tags_->catalogue().find_cookie(name) : std::nullopt;
  if (!known) return std::nullopt;
  return tags_->purpose_of(*known->vendor);
}

std::optional<filters::Purpose> CookiePolicy::find_missing(std::string_view name,
                                                           const consent::ConsentState& consent) const {
  if (const auto own = find_rule(name)) {
    return consent.grants(*own) ? std::nullopt : own;
  }
  const auto known = tags_ != nullptr ? tags_->catalogue().find_cookie(name) : std::nullopt;
  if (known) {
    if (tags_->allows(*known->vendor, consent)) return std::nullopt;
    return tags_->purpose_of(*known->vendor);
  }
  const bool refused = mode_ == config::Mode::Strict && !consent.grants(filters::kMarketing);
  return refused ? std::optional(filters::kMarketing) : std::nullopt;
}

}  // namespace portvakt::cookies
