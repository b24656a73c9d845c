#include "filters/tags/tag_policy.h"

#include <algorithm>

#include "filters/tags/host_rules.h"
#include "filters/tags/inline_scan.h"
#include "filters/tags/same_site.h"

namespace portvakt::tags {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool is_untouchable(const std::optional<Verdict>& verdict) {
  return verdict && verdict->vendor != nullptr && verdict->vendor->untouchable;
}

constexpr std::string_view kStrictRule = "strict mode: unknown third party";

}  // namespace

struct TagPolicy::OwnRules {
  HostRules hosts;
};

TagPolicy::TagPolicy(const VendorCatalogue& catalogue, SiteRules rules)
    : catalogue_(catalogue), rules_(std::move(rules)) {
  for (const Vendor& vendor : catalogue_.vendors()) {
    const auto chosen = rules_.vendors.find(vendor.id);
    const bool keep = vendor.untouchable || chosen == rules_.vendors.end();
    purposes_.push_back(keep ? vendor.purpose : chosen->second);
    held_.push_back(!vendor.untouchable && rules_.held.contains(vendor.id));
  }
  auto own = std::make_unique<OwnRules>();
  for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
    own->hosts.add(rules_.rules[i].pattern, rules_.rules[i].line, i);
  }
  own_ = std::move(own);
}

TagPolicy::~TagPolicy() = default;

bool TagPolicy::allows(const Vendor& vendor, const consent::ConsentState& consent) const {
  if (vendor.untouchable) return true;
  if (held_[vendor.index]) return false;
  const filters::Purpose purpose = purpose_of(vendor);
  if (purpose == filters::kNecessary) return true;
  if (contains(consent.vendors_refused, vendor.id)) return false;
  return consent.grants(purpose) || contains(consent.vendors_granted, vendor.id);
}

std::string_view TagPolicy::held_for(const Vendor& vendor) const {
  return held_[vendor.index] ? std::string_view(rules_.held.find(vendor.id)->second) : std::string_view();
}

std::optional<Verdict> TagPolicy::find_own(const http::ParsedUrl& url) const {
  std::optional<Verdict> best;
  std::pair<std::size_t, std::size_t> best_fit;
  own_->hosts.for_each(url.plain_host(), [&](const HostRule& rule) {
    if (!rule.path.empty() && !rule.path.matches(url.path, url.query)) return;
    const std::pair fit{rule.path.weight(), rule.exactness};
    if (best && fit <= best_fit) return;
    best_fit = fit;
    const SiteRule& own = rules_.rules[rule.owner];
    best = Verdict{own.purpose, nullptr, own.pattern, own.file, own.line, !rule.path.empty()};
  });
  return best;
}

/// Who says first: payment vendors, the site's own rules, the catalogue; each later source is asked only
/// about what the earlier ones do not know.
std::optional<Verdict> TagPolicy::find_verdict(const http::ParsedUrl& url, Party party) const {
  auto listed = catalogue_.find_url(url, party);
  if (is_untouchable(listed)) return listed;
  if (auto own = find_own(url)) return own;
  if (listed) return on_this_site(*listed);
  if (party == Party::Third && rules_.mode == Mode::Strict) {
    return Verdict{filters::kMarketing, nullptr, kStrictRule, {}, 0, false};
  }
  return std::nullopt;
}

Verdict TagPolicy::on_this_site(Verdict verdict) const {
  if (verdict.vendor != nullptr) verdict.purpose = purpose_of(*verdict.vendor);
  return verdict;
}

Decision TagPolicy::decide(std::optional<Verdict> verdict, const consent::ConsentState& consent) const {
  Decision decision{Ruling::Pass, verdict};
  if (!verdict) return decision;
  const bool held = verdict->vendor != nullptr && held_[verdict->vendor->index];
  if (verdict->purpose == filters::kNecessary && !held) return decision;
  const bool allowed =
      verdict->vendor != nullptr ? allows(*verdict->vendor, consent) : consent.grants(verdict->purpose);
  if (!allowed) decision.ruling = rules_.mode == Mode::Observe ? Ruling::Count : Ruling::Hold;
  return decision;
}

Decision TagPolicy::judge_url(const http::ParsedUrl& url, const http::ParsedUrl& page,
                              const consent::ConsentState& consent) const {
  if (!url.is_network()) return {};
  const Party party = is_same_site(url.plain_host(), page.plain_host()) ? Party::First : Party::Third;
  return decide(find_verdict(url, party), consent);
}

Decision TagPolicy::judge_host(const http::ParsedUrl& url, const http::ParsedUrl& page,
                               const consent::ConsentState& consent) const {
  const Decision by_url = judge_url(url, page, consent);
  if (by_url.verdict && by_url.verdict->vendor == nullptr && by_url.verdict->rule != kStrictRule)
    return by_url;
  if (!url.is_network() || is_same_site(url.plain_host(), page.plain_host())) return by_url;
  const auto listed = catalogue_.find_host(url.plain_host());
  return listed ? decide(on_this_site(*listed), consent) : by_url;
}

InlineFindings TagPolicy::judge_inline(std::string_view script, const http::ParsedUrl& page,
                                       const consent::ConsentState& consent) const {
  InlineFindings findings;
  const auto hold = [&findings](const Decision& decision) {
    const Verdict& verdict = *decision.verdict;
    const auto same = [&verdict](const Verdict& known) { return known.vendor == verdict.vendor; };
    if (std::ranges::none_of(findings.held, same)) findings.held.push_back(verdict);
    const auto& worst = findings.decision.verdict;
    if (findings.decision.ruling == Ruling::Pass || worst->purpose < verdict.purpose)
      findings.decision = decision;
  };
  std::vector<SignatureHit> hits;
  catalogue_.find_signatures(script, hits);
  for (const SignatureHit& hit : hits) {
    if (hit.vendor->untouchable) findings.has_untouchable = true;
    if (!is_evidence(hit, hits)) continue;
    const Verdict verdict{purpose_of(*hit.vendor), hit.vendor,          hit.signature->text,
                          catalogue_.file(),       hit.signature->line, false};
    if (const Decision decision = decide(verdict, consent); decision.ruling != Ruling::Pass) hold(decision);
  }
  AddressScanner addresses(script);
  while (const ScriptAddress* address = addresses.next()) {
    const bool own = is_same_site(address->url.plain_host(), page.plain_host());
    const Decision decision = own ? Decision{} : judge_url(address->url, page, consent);
    if (is_untouchable(decision.verdict)) findings.has_untouchable = true;
    // Strict mode's "unknown" says nothing of an address in a script: that may be a link, and the guard sees
    // loads.
    if (decision.ruling == Ruling::Pass || decision.verdict->rule == kStrictRule) continue;
    if (!loads_when_named(*decision.verdict, address->url.path)) continue;
    hold(decision);
    findings.hosts.push_back({address->host_begin, address->host_end});
  }
  return findings;
}

}  // namespace portvakt::tags
