// What a cookie is for: the site's own rules first (names with stars), then the vendor catalogue, else
// unknown. Compiled once per site, then immutable: any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"
#include "filters/purposes.h"

namespace portvakt::tags {
class VendorCatalogue;
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
  /// `catalogue` may be null; it outlives the policy. `mode` says what becomes of unknown cookies: refused in
  /// strict.
  CookiePolicy(std::vector<CookieRule> rules, const tags::VendorCatalogue* catalogue, config::Mode mode);

  /// The purpose that this cookie needs; empty if no rule knows it.
  std::optional<filters::Purpose> find_purpose(std::string_view name) const;

  /// The purpose for want of which the cookie is held back; empty when it may pass. Unknown ones in strict
  /// mode count as marketing.
  std::optional<filters::Purpose> find_missing(std::string_view name, filters::PurposeSet granted) const;

 private:
  std::vector<CookieRule> rules_;
  const tags::VendorCatalogue* catalogue_ = nullptr;
  config::Mode mode_ = config::Mode::Standard;
};

}  // namespace portvakt::cookies
