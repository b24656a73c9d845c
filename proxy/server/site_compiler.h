// Builds one site of a snapshot: its purposes, its tag policy and its filters, in request order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/model.h"
#include "filters/consent/locales.h"
#include "filters/consent/signing_key.h"
#include "filters/tags/tag_policy.h"
#include "filters/visitor/geo.h"
#include "proxy/base/result.h"
#include "proxy/exchange/site.h"

namespace portvakt::server {

/// What all sites of a snapshot share. Sites keep it alive.
struct SharedParts {
  std::unique_ptr<visitor::Geo> geo;
  std::unique_ptr<tags::VendorCatalogue> catalogue;
  std::unique_ptr<consent::Locales> locales;
  std::vector<consent::SigningKey> keys;
};

/// Fills filters, purposes and policy version of a site. Errors: Invalid, for purposes that nobody declared.
Result<void> compile_filters(const config::Model& model, const config::Site& from,
                             const std::shared_ptr<const SharedParts>& parts, exchange::Site& site);

/// The rules by which tags of this site are judged; also for `portvakt rewrite` and `explain`.
Result<tags::SiteRules> tag_rules(const config::Model& model, const config::Site& from,
                                  const tags::VendorCatalogue& catalogue);

}  // namespace portvakt::server
