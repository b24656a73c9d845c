// What became of the banner, and what was held back.
#include <algorithm>
#include <map>

#include "insights/batch_rows.h"
#include "insights/column_reports.h"
#include "insights/record_facts.h"
#include "insights/store_keys.h"
#include "insights/time_axis.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

constexpr std::int64_t kQuarter = 15 * kMinuteMillis;
constexpr Day kNewDays = 7;
constexpr std::size_t kMaxConsentRows = 100;

using Groups = std::map<std::string, ConsentRow>;

/// Adds up receipts and the page views on which the banner stood.
class ConsentSums {
 public:
  ConsentSums(const WordTable& words, ConsentAnswer& answer) : words_(words), answer_(answer) {}

  /// `at` gives the figures of the time axis' step; null without one.
  template <typename At>
  void add(const DayColumns& day, At at) {
    const auto& requests = day.requests;
    for (std::size_t row = 0; row < requests.size(); ++row) {
      if (static_cast<RequestKind>(requests.kind[row]) != RequestKind::PageView) continue;
      add_view(requests, row, at(requests.quarter[row]));
    }
    for (std::size_t row = 0; row < day.consents.size(); ++row)
      add_choice(day.consents, row, at(day.consents.quarter[row]));
  }

  void finish(int small_group) {
    answer_.choices = ranked(choices_, small_group);
    answer_.countries = ranked(countries_, small_group);
    answer_.pages = ranked(pages_, small_group);
    answer_.languages = ranked(languages_, small_group);
    answer_.policies = ranked(policies_, small_group);
    answer_.texts = ranked(texts_, small_group);
    answer_.hows = ranked(hows_, small_group);
    for (auto& [name, row] : purposes_) {
      row.purpose = name;
      row.refused = answer_.now.chosen - row.granted;
      answer_.purposes.push_back(row);
    }
    std::ranges::stable_sort(answer_.purposes, std::greater<>(), &ConsentPurposeRow::granted);
    if (answer_.timed == 0) return;
    const auto middle = milliseconds_.begin() + static_cast<std::ptrdiff_t>(milliseconds_.size() / 2);
    std::ranges::nth_element(milliseconds_, middle);
    answer_.median_seconds = static_cast<double>(*middle) / 1000;
  }

 private:
  void add_view(const RequestColumns& requests, std::size_t row, ConsentRow* step) {
    const auto amount = requests.amount[row];
    const auto flags = requests.flags[row];
    if ((flags & kGpcKnown) != 0) answer_.gpc_known += amount;
    if ((flags & kGpc) != 0) answer_.gpc += amount;
    if ((flags & kBanner) == 0) return;
    answer_.now.shown += amount;
    if (step != nullptr) step->shown += amount;
    countries_[text(requests.country.word(row))].shown += amount;
    pages_[text(requests.path.word(row))].shown += amount;
  }

  void add_choice(const ConsentColumns& consents, std::size_t row, ConsentRow* step) {
    const auto choice = words_.text(consents.choice.word(row));
    const auto purposes = text(consents.purposes.word(row));
    const bool withdrawn = consents.withdrawn[row] != 0;
    const auto count = [&](ConsentRow& of) {
      ++of.chosen;
      of.accepted += choice == "accept-all" ? 1 : 0;
      of.rejected += choice == "reject-all" ? 1 : 0;
      of.selected += choice == "selected" ? 1 : 0;
      of.withdrawn += withdrawn ? 1 : 0;
      of.analytics += grants_analytics(purposes) ? 1 : 0;
    };
    count(answer_.now);
    if (step != nullptr) count(*step);
    count(choices_[std::string(choice)]);
    count(countries_[text(consents.region.word(row))]);
    if (const auto page = text(consents.page.word(row)); !page.empty()) count(pages_[page]);
    count(languages_[text(consents.language.word(row))]);
    count(policies_[text(consents.policy.word(row))]);
    count(texts_[text(consents.text.word(row))]);
    count(hows_[text(consents.how.word(row))]);
    for (const auto purpose : ascii::split(purposes, ','))
      if (purpose != "necessary") ++purposes_[std::string(purpose)].granted;
    if (consents.milliseconds[row] != kUnknownTime) add_time(consents.milliseconds[row]);
  }

  void add_time(std::uint32_t milliseconds) {
    std::size_t of = 0;
    while (of < kChoiceSeconds.size() && milliseconds > static_cast<std::uint32_t>(kChoiceSeconds[of]) * 1000)
      ++of;
    ++answer_.seconds[of];
    ++answer_.timed;
    milliseconds_.push_back(milliseconds);
  }

  static std::vector<ConsentRow> ranked(Groups& groups, int small_group) {
    std::vector<ConsentRow> rows;
    ConsentRow other;
    for (auto& [name, row] : groups) {
      if (row.chosen + row.shown >= small_group) {
        row.name = name;
        rows.push_back(row);
        continue;
      }
      other.shown += row.shown, other.chosen += row.chosen, other.accepted += row.accepted;
      other.rejected += row.rejected, other.selected += row.selected, other.withdrawn += row.withdrawn;
      other.analytics += row.analytics;
    }
    std::ranges::stable_sort(rows, [](const ConsentRow& a, const ConsentRow& b) {
      return std::pair(a.chosen, a.shown) > std::pair(b.chosen, b.shown);
    });
    rows.resize(std::min(rows.size(), kMaxConsentRows));
    other.name.append(kOtherName);
    if (other.chosen + other.shown >= small_group) rows.push_back(other);
    return rows;
  }

  std::string text(std::uint32_t word) const { return std::string(words_.text(word)); }

  const WordTable& words_;
  ConsentAnswer& answer_;
  Groups choices_, countries_, pages_, languages_, policies_, texts_, hows_;
  std::map<std::string, ConsentPurposeRow> purposes_;
  std::vector<std::uint32_t> milliseconds_;
};

InventoryRow inventory_row(const Statement& row, std::int64_t now) {
  InventoryRow item;
  item.kind = row.text(0), item.name = row.text(1), item.vendor = row.text(2), item.purpose = row.text(3);
  item.example = row.text(4), item.count = row.number(5), item.known = row.number(8) != 0;
  const auto time = [](std::int64_t milliseconds) {
    return milliseconds > 0 ? std::optional(WallTime(std::chrono::milliseconds(milliseconds))) : std::nullopt;
  };
  item.first_seen = time(row.number(6));
  item.last_seen = time(row.number(7));
  item.is_new = item.first_seen && now - row.number(6) < kNewDays * kDayMillis;
  return item;
}

}  // namespace

Result<ConsentAnswer> ColumnReports::consent(const Query& query, Granularity granularity) {
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  ConsentAnswer answer;
  const TimeAxis axis(query.period, granularity, settings_.zone(query.site), clock_.wall());
  for (const auto& bucket : axis.buckets()) answer.series.push_back({bucket, {}});
  ConsentSums sums(words_, answer);
  auto looked = each_day(*asked, query, query.period, [&](Day day, const DayColumns& columns) {
    sums.add(columns, [&](std::uint8_t quarter) {
      return &answer.series[axis.place(day, quarter * kQuarter)].figures;
    });
  });
  if (!looked) return tl::unexpected(looked.error());
  sums.finish(settings_.small_group);
  const auto compared = compared_period(query);
  if (!compared) return answer;
  ConsentAnswer before;
  ConsentSums other(words_, before);
  looked = each_day(*asked, query, *compared, [&](Day, const DayColumns& columns) {
    other.add(columns, [](std::uint8_t) { return nullptr; });
  });
  if (!looked) return tl::unexpected(looked.error());
  answer.before = before.now;
  return answer;
}

Result<void> ColumnReports::read_inventory(std::int64_t site, HeldAnswer& answer) {
  auto query = database_->prepare(
      "SELECT kind, name, vendor, purpose, example, count, first_seen, last_seen, known FROM inventory "
      "WHERE site = ? ORDER BY known, count DESC, name");
  if (!query) return tl::unexpected(query.error());
  query->with(site);
  const auto now = clock_.wall().time_since_epoch().count();
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    answer.inventory.push_back(inventory_row(*query, now));
  }
}

Result<HeldAnswer> ColumnReports::held(const Query& query) {
  const auto known = span(query.site);
  if (!known) return tl::unexpected(known.error());
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  HeldAnswer answer;
  std::map<std::string, HeldRow> vendors;
  const auto compared = compared_period(query);
  // All days that there are: since when a vendor is known is asked of the whole.
  const auto all = known->value_or(query.period);
  auto looked =
      each_day(*asked, query, {all.first - 1, all.last + 1}, [&](Day day, const DayColumns& columns) {
        if (query.period.holds(day)) answer.views += columns.sum.views.all;
        for (std::size_t row = 0; row < columns.held_amount.size(); ++row) {
          auto& of = vendors[std::string(words_.text(columns.held.word(row)))];
          if (of.last_seen == 0) of.first_seen = day;
          of.last_seen = day;
          if (query.period.holds(day)) of.requests += columns.held_amount[row];
          if (compared && compared->holds(day)) of.before += columns.held_amount[row];
        }
      });
  if (!looked) return tl::unexpected(looked.error());
  const auto now = settings_.zone(query.site).day(clock_.wall());
  for (auto& [name, row] : vendors) {
    if (row.requests == 0 && row.before == 0) continue;
    row.vendor = name;
    row.is_new = now - row.first_seen < kNewDays;
    answer.requests += row.requests;
    answer.vendors.push_back(std::move(row));
  }
  std::ranges::stable_sort(answer.vendors, std::greater<>(), &HeldRow::requests);
  if (asked->site < 0) return answer;
  if (auto read = read_inventory(asked->site, answer); !read) return tl::unexpected(read.error());
  return answer;
}

}  // namespace portvakt::insights
