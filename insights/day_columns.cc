#include "insights/day_columns.h"

#include <array>
#include <cstring>
#include <type_traits>

#include "insights/batch_rows.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kMagic = "PVday-01";
/// Beyond this a length in a blob is damage.
constexpr std::uint64_t kMaxRows = std::uint64_t{1} << 30;

/// Calls `visit` with every array of the day, in the order of the format.
template <typename Day, typename Visit>
void each_part(Day& day, Visit visit) {
  const auto column = [&](auto& one) {
    visit(one.words);
    visit(one.codes);
  };
  auto& v = day.visits;
  visit(v.start), visit(v.length), visit(v.subject), visit(v.bounce), visit(v.views), visit(v.events);
  column(v.entry), column(v.exit), column(v.referrer), column(v.campaign), column(v.channel),
      column(v.country);
  column(v.organisation), column(v.browser), column(v.version), column(v.system), column(v.device);
  column(v.screen), column(v.path), visit(v.view_time), visit(v.view_length);
  visit(v.event_kind), visit(v.event_time), column(v.target);
  auto& r = day.requests;
  visit(r.quarter), visit(r.kind), visit(r.flags), visit(r.status), visit(r.amount);
  column(r.path), column(r.referrer), column(r.campaign), column(r.channel), column(r.country);
  column(r.organisation), column(r.browser), column(r.version), column(r.system), column(r.device);
  auto& c = day.consents;
  visit(c.quarter), visit(c.withdrawn), visit(c.milliseconds);
  column(c.choice), column(c.how), column(c.purposes), column(c.policy), column(c.text), column(c.language);
  column(c.region), column(c.page);
  column(day.held), visit(day.held_amount);
}

bool fits(const Column& column, std::size_t rows) {
  if (column.codes.size() != rows) return false;
  for (const auto code : column.codes) {
    if (code >= column.words.size()) return false;
  }
  return true;
}

/// `ends` lists where each visit's rows begin, and the end of the last.
bool parts_fit(const std::vector<std::uint32_t>& ends, std::size_t visits, std::size_t rows) {
  if (ends.size() != visits + 1 || ends.front() != 0 || ends.back() != rows) return false;
  for (std::size_t i = 0; i < visits; ++i) {
    if (ends[i] > ends[i + 1]) return false;
  }
  return true;
}

bool is_whole(const VisitColumns& v) {
  const auto rows = v.size();
  for (const auto* column : {&v.entry, &v.exit, &v.referrer, &v.campaign, &v.channel, &v.country,
                             &v.organisation, &v.browser, &v.version, &v.system, &v.device, &v.screen}) {
    if (!fits(*column, rows)) return false;
  }
  const auto views = v.view_time.size(), events = v.event_time.size();
  return v.length.size() == rows && v.subject.size() == rows && v.bounce.size() == rows &&
         parts_fit(v.views, rows, views) && parts_fit(v.events, rows, events) && fits(v.path, views) &&
         v.view_length.size() == views && fits(v.target, events) && v.event_kind.size() == events;
}

bool is_whole(const RequestColumns& r) {
  const auto rows = r.size();
  for (std::size_t i = 0; i < kRequestColumns; ++i) {
    if (!fits(request_column(r, i), rows)) return false;
  }
  return r.quarter.size() == rows && r.kind.size() == rows && r.flags.size() == rows &&
         r.status.size() == rows;
}

bool is_whole(const ConsentColumns& c) {
  const auto rows = c.size();
  for (const auto* column :
       {&c.choice, &c.how, &c.purposes, &c.policy, &c.text, &c.language, &c.region, &c.page}) {
    if (!fits(*column, rows)) return false;
  }
  return c.withdrawn.size() == rows && c.milliseconds.size() == rows;
}

}  // namespace

const Column& request_column(const RequestColumns& r, std::size_t index) {
  const std::array columns = {&r.path,         &r.referrer, &r.campaign, &r.channel, &r.country,
                              &r.organisation, &r.browser,  &r.version,  &r.system,  &r.device};
  static_assert(columns.size() == kRequestColumns);
  return *columns[index];
}

void add_row(const RequestColumns& r, std::size_t row, DaySums& sum) {
  const auto amount = r.amount[row];
  const bool consented = (r.flags[row] & kConsented) != 0;
  const auto kind = static_cast<RequestKind>(r.kind[row]);
  if (kind == RequestKind::Bot) sum.bots += amount;
  if (kind == RequestKind::ViewEvent) sum.views.events += amount;
  if (kind == RequestKind::Bot || kind == RequestKind::ViewEvent) return;
  sum.requests += amount;
  if (consented) sum.consented += amount;
  if (is_not_found(r.status[row])) sum.not_found += amount;
  if (is_redirect(r.status[row])) sum.redirects += amount;
  if (r.status[row] >= 500) sum.errors += amount;
  if (kind != RequestKind::PageView) return;
  sum.views.all += amount;
  if (consented) sum.views.consented += amount;
}

void DayColumns::add_up() {
  sum = {};
  for (std::size_t row = 0; row < requests.size(); ++row) add_row(requests, row, sum);
  sums.assign(kRequestColumns, {});
  for (std::size_t i = 0; i < kRequestColumns; ++i) {
    const auto& column = request_column(requests, i);
    auto& by_code = sums[i];
    by_code.resize(column.words.size());
    for (std::size_t row = 0; row < requests.size(); ++row) {
      auto& of = by_code[column.codes[row]];
      const auto kind = static_cast<RequestKind>(requests.kind[row]);
      const auto amount = requests.amount[row];
      if (kind == RequestKind::ViewEvent) of.events += amount;
      if (kind != RequestKind::PageView) continue;
      of.all += amount;
      if ((requests.flags[row] & kConsented) != 0) of.consented += amount;
    }
  }
}

std::size_t DayColumns::bytes() const {
  std::size_t held_bytes = sizeof *this;
  each_part(*this, [&](const auto& part) { held_bytes += part.size() * sizeof part[0]; });
  for (const auto& of : sums) held_bytes += of.size() * sizeof of[0];
  return held_bytes;
}

std::string encode_columns(const DayColumns& day) {
  std::string out(kMagic);
  each_part(day, [&](const auto& part) {
    const std::uint64_t count = part.size();
    out.append(reinterpret_cast<const char*>(&count), sizeof count);
    out.append(reinterpret_cast<const char*>(part.data()), part.size() * sizeof part[0]);
  });
  return out;
}

std::optional<DayColumns> decode_columns(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  bytes.remove_prefix(kMagic.size());
  DayColumns day;
  bool well = true;
  each_part(day, [&](auto& part) {
    std::uint64_t count = 0;
    if (!well || bytes.size() < sizeof count) return void(well = false);
    std::memcpy(&count, bytes.data(), sizeof count);
    bytes.remove_prefix(sizeof count);
    const auto size = count * sizeof part[0];
    if (count > kMaxRows || bytes.size() < size) return void(well = false);
    part.resize(count);
    if (size > 0) std::memcpy(part.data(), bytes.data(), size);
    bytes.remove_prefix(size);
  });
  if (!well || !bytes.empty() || !is_whole(day.visits) || !is_whole(day.requests) ||
      !is_whole(day.consents) || !fits(day.held, day.held_amount.size())) {
    return std::nullopt;
  }
  day.add_up();
  return day;
}

}  // namespace portvakt::insights
