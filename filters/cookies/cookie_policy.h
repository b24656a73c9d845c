// What a cookie is for and whether it may pass: the site's own rules first (names with stars), then the
// vendor catalogue as the site uses it, else unknown. Compiled once per site, then immutable: any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"
#include "filters/consent/consent_state.h"
#include "filters/purposes.h"
#include "filters/sighting.h"

namespace portvakt::tags {
class TagPolicy;
}

namespace portvakt::cookies {

/// A rule of the site's own: `_pk_*` needs analytics.
struct CookieRule {
  std::string pattern;
  filters::Purpose purpose = filters::kNecessary;
};

class CookiePolicy {
 public:
  CookiePolicy() = default;
  /// `tags` knows the vendors' cookies; it may be null, and outlives the policy.
  CookiePolicy(std::vector<CookieRule> rules, const tags::TagPolicy* tags, config::Mode mode,
               filters::PurposeNames names = {});

  /// The purpose that this cookie needs; empty if no rule knows it.
  std::optional<filters::Purpose> find_purpose(std::string_view name) const;

  /// The cookie as the inventory may keep it: under the rule's name for it, or under its own with random
  /// parts masked.
  filters::Sighting describe(std::string_view name, bool held) const;

  /// The purpose for want of which the cookie is held back; empty when it may pass. A visitor's choice by
  /// vendor counts before the one by purpose. In strict mode an unknown cookie is held back as marketing.
  std::optional<filters::Purpose> find_missing(std::string_view name,
                                               const consent::ConsentState& consent) const;

 private:
  const CookieRule* find_own(std::string_view name) const;

  std::vector<CookieRule> rules_;
  const tags::TagPolicy* tags_ = nullptr;
  config::Mode mode_ = config::Mode::Standard;
  filters::PurposeNames names_;
};

}  // namespace portvakt::cookies
