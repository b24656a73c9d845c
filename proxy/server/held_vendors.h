// Which vendors a site holds back whatever its visitors choose, and why. Pure, at start and reload.
#pragma once

#include <map>
#include <string>

#include "config/model.h"
#include "filters/tags/vendor_catalogue.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::server {

/// Catalogue id -> `agreement`, `country` or `identification`. Untouchable vendors are never among them.
std::map<std::string, std::string, std::less<>> held_vendors(const config::Site& site,
                                                             const tags::VendorCatalogue& catalogue);

/// Warns where the site's word on a vendor contradicts the law's plain text or what the catalogue knows.
void check_vendors(const config::Model& model, const tags::VendorCatalogue& catalogue,
                   Diagnostics& diagnostics);

}  // namespace portvakt::server
