#include "proxy/exchange/record_builder.h"

#include <algorithm>

#include "filters/visitor/organisation_crowds.h"
#include "proxy/logs/records/erasure_record.h"
#include "proxy/logs/records/subject.h"

namespace portvakt::exchange {
namespace {

void count(const Site& site, const filters::Notes& notes, const Outcome& outcome) {
  auto& counters = *site.counters;
  counters.responses[static_cast<std::size_t>(std::clamp(outcome.status, 0, 599))].add();
  const auto ms = static_cast<std::uint64_t>(outcome.duration.count());
  const auto bucket = std::ranges::lower_bound(kDurationBounds, ms);
  counters.durations[static_cast<std::size_t>(bucket - kDurationBounds.begin())].add();
  counters.duration_total_ms.add(ms);
  for (std::size_t p = 0; p < filters::kMaxPurposes; ++p) {
    if (notes.tags_held[p] > 0) counters.tags_held[p].add(notes.tags_held[p]);
    if (notes.request_cookies_held[p] > 0)
      counters.request_cookies_held[p].add(notes.request_cookies_held[p]);
    if (notes.response_cookies_held[p] > 0)
      counters.response_cookies_held[p].add(notes.response_cookies_held[p]);
  }
  if (!notes.receipt) return;
  if (notes.receipt->choice == "accept-all") counters.choices_accept_all.add();
  if (notes.receipt->choice == "reject-all") counters.choices_reject_all.add();
  if (notes.receipt->choice == "selected") counters.choices_selected.add();
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

/// Through the spool, like every record: what a visitor wants erased is erased however long Redis is away.
void erase(const Site& site, const filters::Notes& notes, const Outcome& outcome, logs::SpoolWriter& spool) {
  if (notes.erased_visitor.empty()) return;
  const auto subject = logs::subject_of(site.name, notes.erased_visitor);
  const auto now = outcome.began + outcome.duration;
  spool.append(logs::ErasureRecord{now, site.name, subject, logs::erase_before(now)});
}

bool name_may_stay(const filters::Notes& notes) {
  // A rare name would single out its sender; robots are nobody.
  return !notes.open_browser || notes.device == "bot" || notes.consent.grants(filters::kAnalytics);
}

/// An exchange that told an event leaves that as its record: nobody came to see the answer.
void record_event(const Site& site, const filters::Notes& notes, const Outcome& outcome,
                  logs::SpoolWriter& spool) {
  const auto purposes = site.purposes.join(notes.consent.granted, ", ");
  logs::EventRecord record;
  record.time = outcome.began;
  record.site = site.name;
  record.event = notes.event->name;
  record.path = notes.event->path;
  record.target = notes.event->target;
  record.seconds = notes.event->seconds;
  record.ip = notes.ip;
  record.country = notes.country;
  record.isp = notes.network;
  record.browser = notes.browser;
  record.browser_version = notes.browser_version;
  record.os = notes.os;
  record.device = notes.device;
  record.screen = notes.event->screen;
  record.purposes = purposes;
  record.policy = site.policy_version;
  record.analytics_granted = notes.consent.grants(filters::kAnalytics);
  record.visitor = notes.consent.visitor_id;
  spool.append(record);
}

}  // namespace

void record_exchange(const Site& site, std::string_view method, const filters::Notes& notes,
                     const Outcome& outcome, logs::SpoolWriter& spool) {
  count(site, notes, outcome);
  erase(site, notes, outcome, spool);
  if (notes.receipt) spool.append(logs::ConsentRecord{site.name, *notes.receipt, site.purposes});
  if (notes.event) return record_event(site, notes, outcome, spool);
  if (site.record_pages_only && !notes.is_document) return;
  const auto purposes = site.purposes.join(notes.consent.granted, ", ");
  const auto blocked = join(notes.held_vendors);
  logs::AccessRecord record;
  record.time = outcome.began;
  record.site = site.name;
  record.method = method;
  record.path = notes.path;
  record.status = outcome.status;
  record.bytes = outcome.body_bytes;
  record.duration = outcome.duration;
  record.ip = notes.ip;
  record.country = notes.country;
  const bool common = !notes.rare_network || notes.consent.grants(filters::kAnalytics);
  record.isp = common ? std::string_view(notes.network) : visitor::kRareOrganisation;
  const bool named = name_may_stay(notes);
  record.browser = named ? std::string_view(notes.browser) : std::string_view();
  record.browser_version = named ? std::string_view(notes.browser_version) : std::string_view();
  record.os = notes.os;
  record.device = notes.device;
  record.referrer = notes.referrer;
  record.campaign = notes.campaign;
  record.purposes = purposes;
  record.blocked = blocked;
  record.policy = site.policy_version;
  record.analytics_granted = notes.consent.grants(filters::kAnalytics);
  record.visitor = notes.consent.visitor_id;
  spool.append(record);
}

}  // namespace portvakt::exchange
