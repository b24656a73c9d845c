#include "proxy/server/held_vendors.h"

#include <algorithm>
#include <array>

#include "config/places.h"
#include "proxy/base/star_pattern.h"

namespace portvakt::server {
namespace {

using config::Agreement;
using config::UnsignedVendors;

constexpr std::array<std::string_view, 30> kEea = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};

/// Whose country in the catalogue says that the site serves it: nobody else gets anything.
bool is_own(const tags::Vendor& vendor) {
  return vendor.country == "self-hosted" || vendor.country == "first-party";
}

bool lacks_agreement(const config::Site& site, const tags::Vendor& vendor) {
  const auto stated = site.agreements.find(vendor.id);
  switch (site.hold.unsigned_vendors) {
    case UnsignedVendors::Named:
      return stated != site.agreements.end() && stated->second == Agreement::None;
    case UnsignedVendors::All:
      return stated == site.agreements.end() || stated->second == Agreement::None;
    case UnsignedVendors::Off:
      return false;
  }
  return true;
}

bool is_abroad(const config::Hold& hold, const std::string& country) {
  if (std::ranges::find(hold.countries, country) != hold.countries.end()) return true;
  return hold.outside_eea && std::ranges::find(kEea, country) == kEea.end();
}

class VendorChecks {
 public:
  VendorChecks(const config::Model& model, const tags::VendorCatalogue& catalogue, Diagnostics& diagnostics)
      : model_(model), catalogue_(catalogue), diagnostics_(diagnostics) {}

  void check(const config::Site& site, const std::string& path) {
    for (const auto& [id, purpose] : site.vendors) check_purpose(id, purpose, path + ".vendors." + id);
    for (const auto& [id, agreement] : site.agreements) {
      if (catalogue_.vendor(id) == nullptr)
        warn(path + ".agreements." + id, "the catalogue has no vendor `" + id + "`: this has no effect");
    }
    for (const auto& [pattern, purpose] : site.cookies) check_cookie(pattern, purpose, path);
    if (!site.agreements.empty()) check_register(site, path);
  }

 private:
  void warn(std::string_view path, std::string text, std::string suggestion = {}) {
    diagnostics_.add(
        model_.places.at(path, Diagnostic::Severity::Warning, std::move(text), std::move(suggestion)));
  }

  /// What needs consent cannot be talked out of it: legitimate interest is no ground for reading a device.
  void check_purpose(const std::string& id, const std::string& purpose, const std::string& path) {
    const auto* const vendor = catalogue_.vendor(id);
    if (vendor == nullptr || purpose != "necessary" || vendor->purpose == filters::kNecessary) return;
    warn(path,
         vendor->name +
             " runs without consent: only what the visitor asked for is strictly necessary, and legitimate "
             "interest is no ground for storing on or reading from a device (ePrivacy Directive, article "
             "5(3); GDPR, article 6(1)(a))",
         "give it the purpose that it serves, or hold it back");
  }

  void check_cookie(const std::string& pattern, const std::string& purpose, const std::string& path) {
    if (purpose != "necessary") return;
    for (const auto& vendor : catalogue_.vendors()) {
      if (vendor.purpose == filters::kNecessary) continue;
      const bool known = std::ranges::any_of(vendor.cookies, [&](const auto& cookie) {
        return cookie.name == pattern ||
               (pattern.find('*') == std::string::npos && matches_whole(cookie.name, pattern));
      });
      if (!known) continue;
      warn(
          path + ".cookies." + pattern,
          "a cookie of " + vendor.name + " is let through without consent (ePrivacy Directive, article 5(3))",
          "remove the line, unless the name is one of the site's own");
      return;
    }
  }

  /// A register that says nothing of a vendor in use is not one.
  void check_register(const config::Site& site, const std::string& path) {
    for (const auto& [id, purpose] : site.vendors) {
      const auto* const vendor = catalogue_.vendor(id);
      if (vendor == nullptr || vendor->untouchable || site.agreements.contains(id)) continue;
      if (site.hold.unsigned_vendors == UnsignedVendors::All) continue;
      warn(path + ".vendors." + id,
           vendor->name + " is released and `agreements` does not name it (GDPR, article 28(3))",
           "write whether the data-processing agreement is signed");
    }
    if (site.hold.unsigned_vendors != UnsignedVendors::Off) return;
    for (const auto& [id, agreement] : site.agreements) {
      if (agreement != Agreement::None || catalogue_.vendor(id) == nullptr) continue;
      warn(path + ".agreements." + id,
           catalogue_.vendor(id)->name +
               " is released without a data-processing agreement (GDPR, article 28(3))",
           "remove `hold.unsigned: off`, so that it is held until the agreement is signed");
    }
  }

  const config::Model& model_;
  const tags::VendorCatalogue& catalogue_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::map<std::string, std::string, std::less<>> held_vendors(const config::Site& site,
                                                             const tags::VendorCatalogue& catalogue) {
  std::map<std::string, std::string, std::less<>> held;
  for (const auto& vendor : catalogue.vendors()) {
    if (vendor.untouchable || is_own(vendor)) continue;
    if (lacks_agreement(site, vendor)) {
      held[vendor.id] = "agreement";
    } else if (is_abroad(site.hold, vendor.country)) {
      held[vendor.id] = "country";
    } else if (site.hold.identification && vendor.kind == "b2b-identification") {
      held[vendor.id] = "identification";
    }
  }
  return held;
}

void check_vendors(const config::Model& model, const tags::VendorCatalogue& catalogue,
                   Diagnostics& diagnostics) {
  VendorChecks checks(model, catalogue, diagnostics);
  for (std::size_t i = 0; i < model.sites.size(); ++i) {
    if (model.sites[i].filter) checks.check(model.sites[i], "sites[" + std::to_string(i) + "]");
  }
}

}  // namespace portvakt::server
