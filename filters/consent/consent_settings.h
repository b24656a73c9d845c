// All that the consent room knows of one site, gathered by whoever compiles a snapshot. A value; the locales
// it points to outlive every object made from it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "filters/consent/locales.h"
#include "filters/consent/regions.h"
#include "filters/consent/signing_key.h"
#include "filters/inventory.h"
#include "filters/purposes.h"

namespace portvakt::consent {

inline constexpr std::chrono::days kConsentLife{180};

/// A cookie as the catalogue declares it.
struct DeclaredCookie {
  std::string name;          // a star stands for any characters
  std::string reason;        // in English
  std::int64_t seconds = 0;  // 0: ends with the browser; negative: kept until cleared
};

/// A vendor as visitors read of it on the privacy page.
struct VendorEntry {
  std::string id;  // of the catalogue
  std::string name;
  filters::Purpose purpose = filters::kMarketing;
  std::string country;     // ISO 3166-1 alpha-2; may be empty
  std::string policy_url;  // http(s); may be empty
  std::vector<DeclaredCookie> cookies{};
  std::optional<bool> agreement{};  // a data-processing agreement is signed; empty: nobody said
};

struct ConsentSettings {
  std::string site;                  // the site's name: a cookie of another site is worth nothing here
  std::string path = "/.privacy/";   // begins and ends with a slash
  std::string policy_version = "1";  // a choice made under another version is asked again
  std::string policy_url;            // empty: no link
  filters::PurposeNames names;
  /// Asked for, in this order; `necessary` is never among them. What is not offered can never be granted.
  std::vector<filters::Purpose> offered = {filters::kFunctional, filters::kAnalytics, filters::kMarketing};
  Regions regions;
  std::vector<SigningKey> keys;  // never empty: the first signs, all verify
  std::vector<VendorEntry> vendors;
  std::vector<std::string> passed_on;                  // paths below `path` that a later filter answers
  const Locales* locales = nullptr;                    // never null
  const filters::InventoryBoard* inventory = nullptr;  // null: nothing is known of traffic
  std::chrono::seconds cookie_life = kConsentLife;

  filters::PurposeSet offered_set() const {
    filters::PurposeSet set;
    for (const auto purpose : offered) set.add(purpose);
    return set;
  }
};

}  // namespace portvakt::consent
