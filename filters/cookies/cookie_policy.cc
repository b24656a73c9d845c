#include "filters/cookies/cookie_policy.h"

#include <algorithm>
#include <utility>

#include "filters/tags/tag_policy.h"
#include "filters/visitor/seen_name.h"
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

CookiePolicy::CookiePolicy(std::vector<CookieRule> rules, const tags::TagPolicy* tags, config::Mode mode,
                           filters::PurposeNames names)
    : rules_(std::move(rules)), tags_(tags), mode_(mode), names_(std::move(names)) {
  std::ranges::sort(rules_, is_more_exact);
}

const CookieRule* CookiePolicy::find_own(std::string_view name) const {
  for (const auto& rule : rules_) {
    if (has_star(rule) ? matches_whole(rule.pattern, name) : rule.pattern == name) return &rule;
  }
  return nullptr;
}

filters::Sighting CookiePolicy::describe(std::string_view name, bool held) const {
  const auto known = tags_ != nullptr ? tags_->catalogue().find_cookie(name) : std::nullopt;
  filters::Sighting sighting{filters::SeenKind::Cookie, {}, {}, {}, held};
  if (known) {
    sighting.name = known->cookie->name;
    sighting.vendor = known->vendor->id;
    sighting.purpose = names_.name(tags_->purpose_of(*known->vendor));
  }
  if (const auto* own = find_own(name)) {
    sighting.purpose = names_.name(own->purpose);
    if (!known) sighting.name = own->pattern;
  }
  if (sighting.name.empty()) sighting.name = visitor::masked_name(name);
  return sighting;
}

std::optional<filters::Purpose> CookiePolicy::find_purpose(std::string_view name) const {
  if (const auto* own = find_own(name)) return own->purpose;
  const auto known = tags_ != nullptr ? tags_->catalogue().find_cookie(name) : std::nullopt;
  if (!known) return std::nullopt;
  return tags_->purpose_of(*known->vendor);
}

std::optional<filters::Purpose> CookiePolicy::find_missing(std::string_view name,
                                                           const consent::ConsentState& consent) const {
  if (const auto* own = find_own(name)) {
    return consent.grants(own->purpose) ? std::nullopt : std::optional(own->purpose);
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
