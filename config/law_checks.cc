#include "config/law_checks.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace portvakt::config {
namespace {

using std::chrono::days;

/// Countries whose law asks for consent before anything is stored on or read from a device (ePrivacy
/// Directive article 5(3) and its counterparts): European Economic Area, United Kingdom, Switzerland.
constexpr std::array<std::string_view, 32> kOptInCountries = {
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};

constexpr days kLongestConsent{365};
/// What the strictest written guidance (CNIL) names for measuring an audience: 25 months.
constexpr days kLongestRetention{760};

class LawChecks {
 public:
  LawChecks(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {}

  void check_regions() {
    const auto& consent = model_.consent;
    if (consent.default_region != RegionRule::OptIn) {
      warn("consent.default_region",
           "visitors whose country is unknown are not asked before they are tracked",
           "the law of the EEA, the UK and Switzerland asks for opt-in (ePrivacy Directive, article 5(3)); "
           "name "
           "other countries under `regions`");
    }
    for (const auto& [country, rule] : consent.regions) {
      if (rule == RegionRule::OptIn || std::ranges::find(kOptInCountries, country) == kOptInCountries.end())
        continue;
      std::string text = "the law of " + country + " asks for opt-in (ePrivacy Directive, article 5(3))";
      if (rule == RegionRule::Notice)
        text += ", and refusing must be as easy as agreeing (GDPR, article 7(3)): `notice` shows no way to";
      warn("consent.regions." + country, std::move(text), "remove the line");
    }
  }

  void check_log() {
    const auto& log = model_.log;
    if (!log.redis) return;
    if (model_.places.knows("log.redis") && !model_.places.knows("log.retention")) {
      warn("log.redis",
           "`log.retention` is not set: records are kept for 30 days, and visitors must be told for how long "
           "(GDPR, "
           "article 13(2)(a))",
           "write `retention:` as your privacy policy has it");
    }
    if (log.retention > kLongestRetention) {
      warn("log.retention",
           "records are kept for more than 25 months: no longer than is necessary (GDPR, article 5(1)(e))",
           "shorten it, or write down why it is necessary");
    }
  }

  void check_site(const Site& site, const std::string& path) {
    if (site.client_address == ClientAddress::Full) {
      warn(path + ".client_address",
           "the upstream gets every visitor's full address (GDPR, article 5(1)(c): data minimisation)",
           "use `truncated` unless the privacy policy says otherwise");
    }
    if (site.mode == Mode::Observe) {
      warn(path + ".mode",
           "`observe` holds nothing back: visitors are tracked before they consent (ePrivacy Directive, "
           "article 5(3))",
           "use `standard` once you have seen what the site loads");
    }
    check_consent(site, path + ".consent");
  }

 private:
  void warn(std::string_view path, std::string text, std::string suggestion = {}) {
    diagnostics_.add(
        model_.places.at(path, Diagnostic::Severity::Warning, std::move(text), std::move(suggestion)));
  }

  void check_consent(const Site& site, const std::string& path) {
    const auto& consent = site.consent;
    for (const auto& [name, life] : {std::pair{".granted_life", consent.granted_life},
                                     std::pair{".refused_life", consent.refused_life}}) {
      if (life <= kLongestConsent) continue;
      warn(path + name,
           "a choice stands for more than 12 months: consent is to be refreshed at fitting intervals (GDPR, "
           "article "
           "7(1); EDPB Guidelines 05/2020, paragraph 110)",
           "authorities name 6 months");
    }
    if (consent.refused_life < consent.granted_life) {
      warn(path + ".refused_life",
           "who refused is asked again sooner than who agreed: refusing must be as easy (GDPR, article 7(3); "
           "EDPB "
           "Guidelines 03/2022 on deceptive patterns)",
           "make it at least as long as `granted_life`");
    }
  }

  const Model& model_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_law(const Model& model, Diagnostics& diagnostics) {
  LawChecks checks(model, diagnostics);
  checks.check_regions();
  checks.check_log();
  for (std::size_t i = 0; i < model.sites.size(); ++i)
    checks.check_site(model.sites[i], "sites[" + std::to_string(i) + "]");
}

}  // namespace portvakt::config
