// Tables: groups of visits, and of requests alone.
#include <algorithm>
#include <map>

#include "insights/batch_rows.h"
#include "insights/column_groups.h"
#include "insights/column_reports.h"

namespace portvakt::insights {
namespace {

constexpr std::size_t kMaxTableRows = 5000;

/// Whether a row of requests belongs to a table of requests alone.
bool belongs(const RequestColumns& requests, std::size_t row, Dimension by) {
  const bool bot = static_cast<RequestKind>(requests.kind[row]) == RequestKind::Bot;
  const int status = requests.status[row];
  if (static_cast<RequestKind>(requests.kind[row]) == RequestKind::ViewEvent) return false;
  if (by == Dimension::Bot || by == Dimension::BotPage) return bot;
  if (by == Dimension::NotFound) return !bot && is_not_found(status);
  return !bot && (by == Dimension::Status || is_redirect(status));
}

using Amounts = std::map<std::string, Coverage>;

void add_day(const DayColumns& day, Dimension by, const Mask& mask, const WordTable& words,
             Amounts& amounts) {
  const auto& requests = day.requests;
  const auto index = request_column_of(by);
  for (std::size_t row = 0; row < requests.size(); ++row) {
    if (mask[row] == 0 || !belongs(requests, row, by)) continue;
    auto& of = amounts[index ? std::string(words.text(request_column(requests, *index).word(row)))
                             : std::to_string(requests.status[row])];
    of.all += requests.amount[row];
    if ((requests.flags[row] & kConsented) != 0) of.consented += requests.amount[row];
  }
}

}  // namespace

Result<Table> ColumnReports::request_table(Asked& asked, const Query& query, Dimension by,
                                           const TableOptions& options) {
  const auto collect = [&](Period period, Amounts& amounts) {
    return each_day(asked, query, period, [&](Day, const DayColumns& day) {
      asked.filters.requests(day.requests, std::nullopt, request_mask_);
      add_day(day, by, request_mask_, words_, amounts);
    });
  };
  Amounts now, then;
  if (auto looked = collect(query.period, now); !looked) return tl::unexpected(looked.error());
  const auto compared = compared_period(query);
  if (compared) {
    if (auto looked = collect(*compared, then); !looked) return tl::unexpected(looked.error());
  }
  Table table;
  table.by = by;
  // Paths that people asked for could tell who they are; bots are nobody, statuses are a handful.
  const bool folds = by == Dimension::NotFound || by == Dimension::Redirect;
  const auto small = folds ? std::int64_t{settings_.small_group} : std::int64_t{1};
  for (const auto& [name, amount] : now) {
    Row row{name, {}, std::nullopt};
    row.figures.views = amount.all;
    row.figures.coverage = {amount.consented, amount.all, asked.filters.exact()};
    if (amount.all >= small) {
      table.rows.push_back(std::move(row));
      continue;
    }
    ++table.folded;
    table.other.views += amount.all;
    table.other.coverage.all += amount.all;
    table.other.coverage.consented += amount.consented;
  }
  std::erase_if(table.rows,
                [&](const Row& row) { return row.name.find(options.contains) == std::string::npos; });
  std::ranges::stable_sort(table.rows, std::greater<>(), [](const Row& row) { return row.figures.views; });
  table.groups = table.rows.size();
  const auto first = std::min(options.offset, table.rows.size());
  table.rows.erase(table.rows.begin(), table.rows.begin() + static_cast<std::ptrdiff_t>(first));
  table.rows.resize(std::min(table.rows.size(), options.limit));
  for (auto& row : table.rows) {
    if (!compared) break;
    const auto found = then.find(row.name);
    const auto amount = found != then.end() && found->second.all >= small ? found->second : Coverage{};
    row.before.emplace();
    row.before->views = amount.all;
    row.before->coverage = {amount.consented, amount.all, asked.filters.exact()};
  }
  return table;
}

Result<Table> ColumnReports::table(const Query& query, Dimension by, const TableOptions& wanted) {
  auto options = wanted;
  options.limit = std::min(options.limit, kMaxTableRows);
  std::vector<Goal> goals;
  if (by == Dimension::GoalReached) {
    auto known = definitions_.goals(query.site);
    if (!known) return tl::unexpected(known.error());
    goals = std::move(*known);
  }
  auto asked = ask(query);
  if (!asked) return tl::unexpected(asked.error());
  if (only_of_requests(by)) return request_table(*asked, query, by, options);
  const auto look = [&](ColumnGroups& groups, Period period, const auto& choose) -> Result<void> {
    auto looked = each_day(*asked, query, period, [&](Day, const DayColumns& day) { groups.add(day); });
    if (!looked) return looked;
    choose();
    return each_day(*asked, query, period, [&](Day, const DayColumns& day) { groups.tell_apart(day); });
  };
  ColumnGroups now(by, asked->filters, words_, goals, settings_.small_group);
  if (auto looked = look(now, query.period, [&] { now.choose(options); }); !looked)
    return tl::unexpected(looked.error());
  auto table = now.table();
  const auto compared = compared_period(query);
  if (!compared) return table;
  ColumnGroups then(by, asked->filters, words_, goals, settings_.small_group);
  if (auto looked = look(then, *compared, [&] { then.choose_names(table.rows); }); !looked)
    return tl::unexpected(looked.error());
  const auto before = then.table();
  for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].before = before.rows[i].figures;
  return table;
}

}  // namespace portvakt::insights
