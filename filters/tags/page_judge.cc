#include "filters/tags/page_judge.h"

#include <utility>

#include "filters/consent/banner_style.h"
#include "filters/tags/same_site.h"

namespace portvakt::tags {
namespace {

constexpr std::size_t kMaxSeenHost = 253;  // RFC 1035

}  // namespace

PageJudge::PageJudge(const TagPolicy& policy, const consent::ConsentState& consent, const PageFacts& page,
                     filters::Notes& notes, FindingSink* findings)
    : policy_(policy), consent_(consent), page_(page), notes_(notes), findings_(findings) {
  std::string address(page.scheme);
  address.append("://").append(page.host).append(page.path);
  http::parse_url(address, nullptr, own_);
  // Without a readable address of its own a page still names others, relative to its scheme alone.
  if (!own_.is_network()) http::parse_url("https://page.invalid/", nullptr, own_);
  base_ = own_;
}

bool PageJudge::holds(std::string_view address) {
  http::parse_url(address, &base_, url_);
  return settle(policy_.judge_url(url_, own_, consent_), address);
}

bool PageJudge::holds_host(std::string_view address) {
  http::parse_url(address, &base_, url_);
  return settle(policy_.judge_host(url_, own_, consent_), address);
}

bool PageJudge::holds_any(std::string_view addresses, std::string& out) {
  static constexpr std::string_view kSpaces = " \t\n\r\f";
  bool held = false;
  for (std::string_view rest = addresses;;) {
    const std::size_t start = rest.find_first_not_of(kSpaces);
    if (start == std::string_view::npos) return held;
    rest.remove_prefix(start);
    const std::string_view address = rest.substr(0, rest.find_first_of(kSpaces));
    rest.remove_prefix(address.size());
    if (holds(address)) {
      held = true;
    } else {
      if (!out.empty()) out += ' ';
      out += address;
    }
  }
}

bool PageJudge::settle(const Decision& decision, std::string_view what) {
  report(what, decision);
  see(decision);
  if (decision.ruling == Ruling::Pass) return false;
  count(*decision.verdict);
  if (decision.ruling == Ruling::Count) return false;
  last_ = *decision.verdict;
  return true;
}

InlineFindings PageJudge::judge_inline(std::string_view script) {
  return policy_.judge_inline(script, own_, consent_);
}

void PageJudge::count(const InlineFindings& findings, std::string_view script) {
  static constexpr std::size_t kShownOfScript = 60;
  report(script.substr(0, kShownOfScript), findings.decision);
  count(*findings.decision.verdict);
  last_ = *findings.decision.verdict;
  for (const Verdict& verdict : findings.held) {
    if (verdict.vendor == nullptr) continue;
    notes_.hold_vendor(verdict.vendor->id);
    if (verdict.vendor->hosts.empty()) continue;
    const std::string_view host = verdict.vendor->hosts.front().text;
    notes_.see({filters::SeenKind::Host, std::string(host.substr(0, host.find('/'))), verdict.vendor->id,
                policy_.rules().purposes.name(verdict.purpose), findings.decision.ruling == Ruling::Hold});
  }
}

std::string PageJudge::take_embed_style() {
  if (std::exchange(styled_, true)) return {};
  const std::string nonce = notes_.style_nonce.empty() ? "" : " nonce=\"" + notes_.style_nonce + "\"";
  return "<style" + nonce + ">" + consent::embed_style() + "</style>";
}

/// For the inventory: a host of somebody else, or one that a rule knows on the site's own.
void PageJudge::see(const Decision& decision) {
  const std::string_view host = url_.plain_host();
  if (!url_.is_network() || host == own_.plain_host()) return;
  const bool held = decision.ruling == Ruling::Hold;
  if (auto* known = notes_.find_sighting(filters::SeenKind::Host, host)) {
    known->held = known->held || held;
    return;
  }
  if (notes_.sightings.size() >= filters::Notes::kMaxSightings || host.size() > kMaxSeenHost) return;
  if (!decision.verdict) {
    if (host == own_host_) return;
    if (is_same_site(host, own_.plain_host())) {
      own_host_ = host;
      return;
    }
  }
  filters::Sighting sighting{filters::SeenKind::Host, std::string(host), {}, {}, held};
  if (decision.verdict) {
    if (decision.verdict->vendor != nullptr) sighting.vendor = decision.verdict->vendor->id;
    sighting.purpose = policy_.rules().purposes.name(decision.verdict->purpose);
  }
  notes_.see(std::move(sighting));
}

void PageJudge::set_base(std::string_view href) {
  if (has_base_) return;
  has_base_ = true;
  http::parse_url(href, &own_, url_);
  if (url_.is_network()) base_ = url_;
}

void PageJudge::count(const Verdict& verdict) {
  if (verdict.vendor != nullptr) notes_.hold_vendor(verdict.vendor->id);
  if (counted_) return;
  counted_ = true;
  ++notes_.tags_held[verdict.purpose];
}

void PageJudge::report(std::string_view what, const Decision& decision) {
  if (findings_ == nullptr || !decision.verdict) return;
  findings_->on_finding({std::string(what), std::string(element_), decision});
}

}  // namespace portvakt::tags
