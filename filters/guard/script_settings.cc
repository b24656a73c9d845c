#include <array>
#include <map>
#include <string_view>

#include "filters/guard/guard_script.h"
#include "filters/tags/tag_policy.h"

namespace portvakt::guard {
namespace {

struct KnownGlobal {
  std::string_view vendor;  // of the catalogue
  std::string_view global;  // with the sign of its shape
};

// What pages call, also when the snippet that defines it is gone.
constexpr std::array<KnownGlobal, 44> kGlobals = {{
    {"google-tag-manager", "[dataLayer"},
    {"google-analytics-4", "[dataLayer"},
    {"google-analytics-4", "(gtag"},
    {"google-analytics-4", "(ga"},
    {"google-analytics-4", "[_gaq"},
    {"google-ads", "(gtag_report_conversion"},
    {"google-adsense", "[adsbygoogle"},
    {"meta-pixel", "(fbq"},
    {"meta-pixel", "(_fbq"},
    {"linkedin-insight", "(lintrk"},
    {"microsoft-clarity", "(clarity"},
    {"microsoft-uet", "[uetq"},
    {"azure-application-insights", "{appInsights"},
    {"hotjar", "(hj"},
    {"mouseflow", "[_mfq"},
    {"lucky-orange", "[LOQ"},
    {"smartlook", "(smartlook"},
    {"fullstory", "{FS"},
    {"matomo", "[_paq"},
    {"matomo", "[_mtm"},
    {"mixpanel", "{mixpanel"},
    {"segment", "{analytics"},
    {"amplitude", "{amplitude"},
    {"heap", "{heap"},
    {"posthog", "{posthog"},
    {"snowplow", "(snowplow"},
    {"plausible", "(plausible"},
    {"fathom", "{fathom"},
    {"umami", "{umami"},
    {"yandex-metrica", "(ym"},
    {"optimizely", "[optimizely"},
    {"vwo", "[_vwo_exp_ids"},
    {"tiktok-pixel", "{ttq"},
    {"pinterest-tag", "(pintrk"},
    {"snap-pixel", "(snaptr"},
    {"x-pixel", "(twq"},
    {"reddit-pixel", "(rdt"},
    {"quora-pixel", "(qp"},
    {"taboola", "[_taboola"},
    {"outbrain", "(obApi"},
    {"criteo", "[criteo_q"},
    {"hubspot", "[_hsq"},
    {"hubspot", "[_hsp"},
    {"klaviyo", "[_learnq"},
}};

/// The guard's form of a catalogue's host rule.
std::string guard_host(std::string_view rule) {
  return std::string(rule.starts_with("*.") ? rule.substr(1) : rule);
}

/// Vendors of different purposes on one host: there the paths tell whose a request is.
using HostOwners = std::map<std::string, std::vector<const tags::Vendor*>, std::less<>>;

bool is_held(const tags::Vendor& vendor, const tags::TagPolicy& policy) {
  return !policy.held_for(vendor).empty();
}

bool is_shared(const std::vector<const tags::Vendor*>& owners, const tags::TagPolicy& policy) {
  for (const auto* owner : owners) {
    if (policy.purpose_of(*owner) != policy.purpose_of(*owners.front())) return true;
    if (is_held(*owner, policy) != is_held(*owners.front(), policy)) return true;
  }
  return false;
}

void add_hosts(const tags::TagPolicy& policy, std::vector<GuardedName>& hosts) {
  HostOwners owners;
  for (const auto& vendor : policy.catalogue().vendors()) {
    for (const auto& rule : vendor.hosts) owners[guard_host(rule.text)].push_back(&vendor);
  }
  for (const auto& [host, vendors] : owners) {
    const bool shared = is_shared(vendors, policy) && host.find('/') == std::string::npos;
    for (const auto* vendor : vendors) {
      const auto purpose = vendor->untouchable ? filters::kNecessary : policy.purpose_of(*vendor);
      const bool never = is_held(*vendor, policy);
      hosts.push_back({host, purpose, vendor->id, never});
      if (!shared) continue;
      for (const auto& path : vendor->paths) hosts.push_back({host + path.text, purpose, vendor->id, never});
    }
  }
  for (const auto& rule : policy.rules().rules) hosts.push_back({guard_host(rule.pattern), rule.purpose});
}

/// Vendors that the site itself serves are known by their paths and queries.
void add_own_shapes(const tags::Vendor& vendor, filters::Purpose purpose, bool never,
                    std::vector<GuardedName>& hosts) {
  for (const auto& path : vendor.first_party_paths) hosts.push_back({path.text, purpose, vendor.id, never});
  for (const auto& set : vendor.first_party_parameters) {
    std::string query = "?";
    for (const auto& parameter : set.parameters) query += (query.size() > 1 ? "&" : "") + parameter;
    hosts.push_back({std::move(query), purpose, vendor.id, never});
  }
}

}  // namespace

GuardScriptSettings make_script_settings(const tags::TagPolicy& policy) {
  GuardScriptSettings settings;
  settings.purposes = policy.rules().purposes;
  settings.consent_path = policy.rules().consent_path;
  add_hosts(policy, settings.hosts);
  for (const auto& vendor : policy.catalogue().vendors()) {
    const auto purpose = policy.purpose_of(vendor);
    const bool never = is_held(vendor, policy);
    if (vendor.untouchable || (purpose == filters::kNecessary && !never)) continue;
    for (const auto& cookie : vendor.cookies) {
      if (!cookie.third_party) settings.cookies.push_back({cookie.name, purpose, vendor.id, never});
    }
    for (const auto& key : vendor.storage) settings.storage.push_back({key.text, purpose, vendor.id, never});
    add_own_shapes(vendor, purpose, never, settings.hosts);
  }
  for (const auto& [id, global] : kGlobals) {
    const auto* const vendor = policy.catalogue().vendor(id);
    if (vendor != nullptr) {
      settings.globals.push_back(
          {std::string(global), policy.purpose_of(*vendor), std::string(id), is_held(*vendor, policy)});
    }
  }
  return settings;
}

}  // namespace portvakt::guard
