#include "proxy/server/site_compiler.h"

#include "filters/consent/banner_style.h"
#include "filters/consent/consent_filter.h"
#include "filters/cookies/cookie_filter.h"
#include "filters/events/event_filter.h"
#include "filters/events/visit_script.h"
#include "filters/guard/compatibility_source.h"
#include "filters/guard/guard_filter.h"
#include "filters/guard/guard_update_source.h"
#include "filters/html/html_filter.h"
#include "filters/tags/tag_handler.h"
#include "filters/tags/update_handler.h"
#include "filters/visitor/visitor_filter.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/exchange/https_filter.h"
#include "proxy/server/held_vendors.h"

namespace portvakt::server {
namespace {

tags::Mode tag_mode(config::Mode mode) {
  switch (mode) {
    case config::Mode::Observe:
      return tags::Mode::Observe;
    case config::Mode::Standard:
      return tags::Mode::Standard;
    case config::Mode::Strict:
      return tags::Mode::Strict;
  }
  return tags::Mode::Strict;
}

consent::RegionRule region_rule(config::RegionRule rule) {
  switch (rule) {
    case config::RegionRule::OptIn:
      return consent::RegionRule::OptIn;
    case config::RegionRule::OptOut:
      return consent::RegionRule::OptOut;
    case config::RegionRule::Notice:
      return consent::RegionRule::Notice;
  }
  return consent::RegionRule::OptIn;
}

/// The fixed purposes, those the site asks for, and those that its rules name.
Result<filters::PurposeNames> site_purposes(const config::Site& from) {
  filters::PurposeNames names;
  for (const auto& purpose : from.consent.purposes) {
    if (!names.add(purpose))
      return failure(ErrorKind::Invalid, "site " + from.name + " has too many purposes");
  }
  return names;
}

visitor::VisitorSettings visitor_settings(const config::Model& model, const config::Site& from,
                                          const SharedParts& parts) {
  visitor::VisitorSettings settings;
  settings.trusted = visitor::TrustedProxies(model.trusted_proxies);
  settings.truncation = visitor::IpTruncation(from.ipv4_prefix, from.ipv6_prefix);
  settings.client_address = from.client_address;
  settings.hosts = from.hosts;
  settings.query_allow = from.log.query_allow;
  settings.geo = parts.geo.get();
  return settings;
}

consent::VendorEntry vendor_entry(const config::Site& from, const tags::TagPolicy& policy,
                                  const tags::Vendor& vendor) {
  consent::VendorEntry entry;
  entry.id = vendor.id;
  entry.name = vendor.name;
  entry.purpose = policy.purpose_of(vendor);
  entry.country = vendor.country;
  const auto agreement = from.agreements.find(vendor.id);
  if (agreement != from.agreements.end()) entry.agreement = agreement->second == config::Agreement::Signed;
  entry.held = policy.held_for(vendor);
  for (const auto& cookie : vendor.cookies)
    entry.cookies.push_back({cookie.name, cookie.reason, cookie.max_age.count()});
  return entry;
}

consent::ConsentSettings consent_settings(const config::Model& model, const config::Site& from,
                                          const SharedParts& parts, const tags::TagPolicy& policy) {
  consent::ConsentSettings settings;
  settings.site = from.name;
  settings.path = model.consent.path;
  settings.policy_version = from.consent.policy_version;
  settings.policy_url = from.consent.policy_url;
  settings.names = policy.rules().purposes;
  settings.offered.clear();
  for (const auto& purpose : from.consent.purposes) {
    const auto number = settings.names.find(purpose);
    if (number && *number != filters::kNecessary) settings.offered.push_back(*number);
  }
  settings.regions = consent::Regions(region_rule(model.consent.default_region));
  for (const auto& [country, rule] : model.consent.regions) settings.regions.set(country, region_rule(rule));
  settings.sensitive = consent::SensitivePaths(from.hold.paths);
  settings.do_not_track = model.consent.do_not_track;
  settings.cookie_life = from.consent.granted_life;
  settings.refused_life = from.consent.refused_life;
  settings.cookie_domain = from.consent.cookie_domain;
  settings.keys = parts.keys;
  for (const auto& vendor : parts.catalogue->vendors()) {
    settings.vendors.push_back(vendor_entry(from, policy, vendor));
  }
  if (from.log.events) settings.passed_on = {settings.path + std::string(events::kNotePath)};
  settings.shown_vendors = from.consent.vendors;
  settings.theme = from.consent.banner;
  settings.authority = from.consent.authority;
  settings.clear_storage = from.consent.clear_storage;
  settings.update_script = guard::guard_update_source();
  settings.locales = parts.locales.get();
  return settings;
}

cookies::CookieSettings cookie_settings(const config::Site& from, const tags::TagPolicy& policy) {
  std::vector<cookies::CookieRule> rules;
  for (const auto& [pattern, purpose] : from.cookies) {
    rules.push_back({pattern, policy.rules().purposes.find(purpose).value_or(filters::kMarketing)});
  }
  return {cookies::CookiePolicy(std::move(rules), &policy, from.mode, policy.rules().purposes), from.mode};
}

guard::GuardSettings guard_settings(const config::Model& model, const config::Site& from,
                                    const tags::TagPolicy& policy) {
  guard::GuardSettings settings;
  settings.mode = from.mode;
  settings.script = guard::make_script_settings(policy);
  for (const auto& [pattern, purpose] : from.cookies) {
    settings.script.cookies.push_back(
        {pattern, policy.rules().purposes.find(purpose).value_or(filters::kMarketing)});
  }
  for (const auto& vendor : policy.catalogue().vendors()) {
    if (!vendor.untouchable && policy.purpose_of(vendor) != filters::kNecessary) continue;
    if (!policy.held_for(vendor).empty()) continue;
    for (const auto& host : vendor.hosts)
      settings.allowed_hosts.push_back(host.text.substr(0, host.text.find('/')));
  }
  settings.extra_scripts = {guard::guard_update_source()};
  if (from.log.events) settings.extra_scripts.push_back(events::visit_script(model.consent.path));
  settings.extra_styles = {consent::question_style(from.consent.banner), consent::answered_style(),
                           consent::embed_style()};
  for (const auto dialect : from.consent.dialects)
    settings.script.compatibility += guard::compatibility_source(dialect);
  settings.policy = &policy;
  return settings;
}

exchange::HttpsSettings https_settings(const config::Model& model, const config::Site& from) {
  exchange::HttpsSettings settings;
  settings.challenges = model.acme_directory;
  settings.redirect = from.redirect == config::Redirect::Https;
  settings.port = from.redirect_port;
  return settings;
}

std::string hsts_policy(const config::Hsts& hsts) {
  auto policy = "max-age=" + std::to_string(hsts.max_age.count());
  if (hsts.include_subdomains) policy += "; includeSubDomains";
  if (hsts.preload) policy += "; preload";
  return policy;
}

html::HtmlFilterSettings html_settings(const config::Site& from, const tags::TagPolicy& policy,
                                       std::string edition) {
  html::HtmlFilterSettings settings;
  settings.observe = from.mode == config::Mode::Observe;
  settings.edition = std::move(edition);
  settings.always_holds = !policy.rules().held.empty();
  settings.make_handler = [&policy](const http::RequestHead& request, filters::Notes& notes) {
    const tags::PageFacts page{request.scheme, request.authority, request.target};
    if (notes.update_from) return tags::make_update_handler(policy, *notes.update_from, page, notes);
    return tags::make_handler(policy, notes.consent, page, notes);
  };
  return settings;
}

}  // namespace

Result<tags::SiteRules> tag_rules(const config::Model& model, const config::Site& from,
                                  const tags::VendorCatalogue& catalogue) {
  auto names = site_purposes(from);
  if (!names) return tl::unexpected(names.error());
  tags::SiteRules rules;
  rules.mode = tag_mode(from.mode);
  rules.purposes = std::move(*names);
  rules.consent_path = model.consent.path;
  rules.held = held_vendors(from, catalogue);
  for (const auto& [vendor, purpose] : from.vendors) {
    const auto number = rules.purposes.find(purpose);
    if (!number)
      return failure(ErrorKind::Invalid,
                     "site " + from.name + ": vendor " + vendor + " has the unknown purpose " + purpose);
    rules.vendors[vendor] = *number;
  }
  return rules;
}

Result<void> compile_filters(const config::Model& model, const config::Site& from,
                             const std::shared_ptr<const SharedParts>& parts, exchange::Site& site) {
  auto rules = tag_rules(model, from, *parts->catalogue);
  if (!rules) return tl::unexpected(rules.error());
  site.purposes = rules->purposes;
  site.policy_version = from.consent.policy_version;
  site.record_pages_only = model.log.record == config::RecordScope::Pages;
  site.parts.push_back(parts);
  site.filters.push_back(std::make_unique<visitor::VisitorFilter>(visitor_settings(model, from, *parts)));
  site.filters.push_back(std::make_unique<exchange::HttpsFilter>(https_settings(model, from)));
  if (from.hsts) {
    site.hsts = hsts_policy(*from.hsts);
    site.hsts_replaces = from.hsts->replace;
  }
  if (!from.filter) return {};
  const auto policy = std::make_shared<const tags::TagPolicy>(*parts->catalogue, std::move(*rules));
  site.parts.push_back(policy);
  // A page that was made by other rules, texts or code must not be confirmed as still good: every start and
  // reload is an edition of its own.
  auto edition = crypto::random_bytes(8);
  if (from.mode != config::Mode::Observe) {
    auto settings = consent_settings(model, from, *parts, *policy);
    if (site.counters != nullptr) settings.inventory = &site.counters->inventory;
    site.filters.push_back(std::make_unique<consent::ConsentFilter>(std::move(settings)));
  }
  if (from.mode != config::Mode::Observe && from.log.events) {
    site.filters.push_back(std::make_unique<events::EventFilter>(
        events::EventSettings{model.consent.path, from.log.query_allow}));
  }
  site.filters.push_back(std::make_unique<cookies::CookieFilter>(cookie_settings(from, *policy)));
  site.filters.push_back(
      std::make_unique<html::HtmlFilter>(html_settings(from, *policy, std::move(edition))));
  site.filters.push_back(std::make_unique<guard::GuardFilter>(guard_settings(model, from, *policy)));
  return {};
}

}  // namespace portvakt::server
