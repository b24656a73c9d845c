#include "insights/batch_rows.h"

#include "insights/campaign.h"
#include "insights/store_keys.h"
#include "proxy/logs/records/subject.h"

namespace portvakt::insights {
namespace {

std::string version_text(const Surroundings& from) {
  if (from.browser.empty() || from.browser_version.empty()) return std::string(from.browser);
  return std::string(from.browser) + " " + std::string(from.browser_version);
}

std::int64_t flags_of(const RequestFacts& facts) {
  std::int64_t flags = facts.consented ? kConsented : 0;
  if (facts.banner) flags |= kBanner;
  if (facts.gpc) flags |= kGpcKnown | (*facts.gpc ? kGpc : 0);
  return flags;
}

}  // namespace

Result<void> RowStatements::prepare(Database& database) {
  struct Row {
    Statement* statement;
    std::string_view sql;
  };
  const std::array rows = {
      Row{&hit, "INSERT INTO hits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      Row{&request, "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      Row{&held, "INSERT INTO held VALUES (?, ?, ?, ?)"},
      Row{&consent, "INSERT INTO consents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      Row{&version, "INSERT INTO versions VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET version = version + 1"},
  };
  for (const auto& row : rows) {
    auto prepared = database.prepare(row.sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *row.statement = std::move(*prepared);
  }
  return {};
}

std::size_t BatchRows::Hash::operator()(const Request& request) const {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&](std::int64_t number) {
    hash = (hash ^ static_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32;
  };
  for (const auto number : {request.site, request.minute, request.kind, request.status, request.flags})
    mix(number);
  for (const auto number : request.words) mix(number);
  return hash;
}

Result<BatchRows::Place> BatchRows::place(std::string_view site, std::int64_t time) {
  const auto number = numbering_.site(site);
  if (!number) return tl::unexpected(number.error());
  const auto frozen = numbering_.frozen_before(*number);
  if (!frozen) return tl::unexpected(frozen.error());
  const auto day = settings_.zone(site).day(WallTime(std::chrono::milliseconds(time)));
  const Place found{*number, day >= *frozen};
  if (found.open) changed_.emplace(found.site, utc_day(time));
  return found;
}

Result<void> BatchRows::number(const std::array<std::string_view, kWords>& texts,
                               std::array<std::int64_t, kWords>& words) {
  for (std::size_t i = 0; i < kWords; ++i) {
    const auto id = texts[i].empty() ? Result<std::int64_t>(kEmptyWord) : numbering_.word(texts[i]);
    if (!id) return tl::unexpected(id.error());
    words[i] = *id;
  }
  return {};
}

/// What reports derive from a text has a number too: those that read make none.
Result<void> BatchRows::add_derived(std::string_view path, std::string_view campaign) {
  const auto parts = read_campaign(campaign);
  for (const auto text : {section_of(path), parts.source, parts.medium, parts.name}) {
    if (text.empty()) continue;
    if (const auto id = numbering_.word(text); !id) return tl::unexpected(id.error());
  }
  return {};
}

Result<bool> BatchRows::add_hit(std::int64_t site, std::string_view site_name, std::string_view visitor,
                                std::int64_t time, HitKind kind,
                                const std::array<std::int64_t, kWords>& words, std::int64_t screen,
                                std::int64_t target, std::int64_t milliseconds) {
  const auto subject = numbering_.subject(site, logs::subject_of(site_name, visitor), time);
  if (!subject) return tl::unexpected(subject.error());
  if (!*subject) return false;
  const auto key = numbering_.arrival(Arrivals::Hits, site, utc_day(time));
  if (!key) return tl::unexpected(key.error());
  const auto& w = words;
  const auto written = statements_.hit
                           .with(*key, **subject, time, static_cast<std::int64_t>(kind), w[0], w[1], w[2],
                                 w[3], w[4], w[5], w[6], w[7], w[8], screen, target, milliseconds)
                           .run();
  if (!written) return tl::unexpected(written.error());
  return true;
}

Result<bool> BatchRows::add(const RequestFacts& facts) {
  const auto at = place(facts.site, facts.time);
  if (!at) return tl::unexpected(at.error());
  if (!at->open) return false;
  const auto& from = facts.surroundings;
  const auto version = version_text(from);
  std::array<std::int64_t, kWords> words{};
  auto done = number({facts.path, facts.referrer, facts.campaign, from.country, from.organisation,
                      from.browser, version, from.system, from.device},
                     words);
  if (done) done = add_derived(facts.path, facts.campaign);
  if (!done) return tl::unexpected(done.error());
  const auto minute = facts.time / kMinuteMillis;
  if (!facts.visitor.empty()) {
    const auto hit = add_hit(at->site, facts.site, facts.visitor, facts.time, HitKind::View, words,
                             kEmptyWord, kEmptyWord, facts.status);
    if (!hit || !*hit) return hit;
  } else {
    ++requests_[{at->site, minute, static_cast<std::int64_t>(facts.kind), facts.status, flags_of(facts),
                 words}];
  }
  for (const auto name : facts.held) {
    const auto vendor = numbering_.word(name);
    if (!vendor) return tl::unexpected(vendor.error());
    ++held_[{at->site, minute, *vendor}];
  }
  return true;
}

Result<bool> BatchRows::add(const EventFacts& facts) {
  const auto at = place(facts.site, facts.time);
  if (!at) return tl::unexpected(at.error());
  if (!at->open) return false;
  const auto& from = facts.surroundings;
  const auto version = version_text(from);
  std::array<std::int64_t, kWords> words{};
  auto done = number(
      {facts.path, {}, {}, from.country, from.organisation, from.browser, version, from.system, from.device},
      words);
  if (done) done = add_derived(facts.path, {});
  if (!done) return tl::unexpected(done.error());
  const auto screen = numbering_.word(facts.screen);
  const auto target = numbering_.word(facts.target);
  if (!screen) return tl::unexpected(screen.error());
  if (!target) return tl::unexpected(target.error());
  return add_hit(at->site, facts.site, facts.visitor, facts.time, facts.kind, words, *screen, *target,
                 facts.milliseconds);
}

Result<bool> BatchRows::add(const ConsentFacts& facts) {
  const auto at = place(facts.site, facts.time);
  if (!at) return tl::unexpected(at.error());
  if (!at->open) return false;
  const std::array<std::string_view, 8> texts = {facts.choice, facts.how,      facts.purposes, facts.policy,
                                                 facts.text,   facts.language, facts.region,   facts.page};
  std::array<std::int64_t, 8> w{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto id = numbering_.word(texts[i]);
    if (!id) return tl::unexpected(id.error());
    w[i] = *id;
  }
  const auto key = numbering_.arrival(Arrivals::Consents, at->site, utc_day(facts.time));
  if (!key) return tl::unexpected(key.error());
  const auto written = statements_.consent
                           .with(*key, facts.time / kMinuteMillis, w[0], w[1], w[2], w[3], w[4], w[5], w[6],
                                 w[7], std::int64_t{facts.withdrawn}, facts.milliseconds)
                           .run();
  if (!written) return tl::unexpected(written.error());
  return true;
}

Result<void> BatchRows::write_requests() {
  for (const auto& [row, amount] : requests_) {
    const auto key =
        numbering_.arrival(Arrivals::Requests, row.site, row.minute * kMinuteMillis / kDayMillis);
    if (!key) return tl::unexpected(key.error());
    const auto& w = row.words;
    const auto written = statements_.request
                             .with(*key, row.minute, row.kind, row.status, row.flags, w[0], w[1], w[2], w[3],
                                   w[4], w[5], w[6], w[7], w[8], amount)
                             .run();
    if (!written) return written;
  }
  return {};
}

Result<void> BatchRows::write_held() {
  for (const auto& [row, amount] : held_) {
    const auto key = numbering_.arrival(Arrivals::Held, row.site, row.minute * kMinuteMillis / kDayMillis);
    if (!key) return tl::unexpected(key.error());
    if (auto written = statements_.held.with(*key, row.minute, row.vendor, amount).run(); !written)
      return written;
  }
  return {};
}

Result<void> BatchRows::write() {
  if (auto written = write_requests(); !written) return written;
  if (auto written = write_held(); !written) return written;
  for (const auto& [site, day] : changed_) {
    if (auto noted = statements_.version.with(site, day).run(); !noted) return noted;
  }
  return {};
}

}  // namespace portvakt::insights
