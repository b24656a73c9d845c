// A site for the consent room's tests: fixed key, shipped locales.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "filters/consent/consent_settings.h"
#include "tests/support/source_file.h"

namespace portvakt::consent {

inline const Locales& shipped_locales() {
  static const Locales locales = [] {
    Diagnostics faults;
    auto loaded = Locales::load(test::source_file("config/locales"), faults);
    if (!loaded) ADD_FAILURE() << loaded.error().detail << "\n" << faults.format();
    return loaded.value_or(Locales());
  }();
  return locales;
}

inline ConsentSettings site_settings() {
  ConsentSettings settings;
  settings.site = "example";
  settings.policy_version = "2026-11";
  settings.policy_url = "/privacy";
  settings.keys = {SigningKey::from_secret(std::string(kSigningKeyBytes, 'k'))};
  settings.vendors = {{"youtube", "YouTube", filters::kFunctional, "US", "https://policies.example/yt"},
                      {"google-analytics", "Google Analytics", filters::kAnalytics, "US", ""}};
  settings.locales = &shipped_locales();
  return settings;
}

}  // namespace portvakt::consent
