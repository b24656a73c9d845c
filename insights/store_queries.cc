// The store's questions. Each reads one range of a table's primary key: site, then days.
#include "insights/store_state.h"

namespace portvakt::insights {
namespace {

struct RankingSource {
  std::string_view table;
  std::string_view column;
  std::string_view rows;        // of the table, beside site and days
  std::string_view names = "";  // that are wanted
};

RankingSource ranking_source(Ranking by) {
  constexpr std::string_view kViews = " AND kind = 0";
  switch (by) {
    case Ranking::Page:
      return {"requests", "path", kViews};
    case Ranking::Referrer:
      return {"requests", "referrer", kViews, " WHERE text <> '/'"};
    case Ranking::Country:
      return {"requests", "country", kViews};
    case Ranking::Browser:
      return {"requests", "browser", kViews};
    case Ranking::Device:
      return {"requests", "device", kViews};
    case Ranking::NotFound:
      return {"requests", "path", " AND kind = 1 AND status IN (404, 410)"};
    case Ranking::Choice:
      return {"consents", "choice", ""};
    case Ranking::Held:
      return {"held", "vendor", ""};
  }
  return {};
}

/// Adds up by number first and looks the few texts up afterwards.
std::string ranking_sql(Ranking by) {
  const auto source = ranking_source(by);
  std::string sql = "SELECT text, total, consenting FROM (SELECT ";
  sql.append(source.column)
      .append(" AS word, sum(amount) AS total, sum(amount * consented) AS consenting FROM ");
  sql.append(source.table).append(" WHERE site = ? AND day BETWEEN ? AND ?").append(source.rows);
  sql.append(" GROUP BY word) JOIN words ON id = word").append(source.names);
  return sql.append(" ORDER BY total DESC, text LIMIT ?");
}

/// Runs a query to its end, with `on_row` for each row.
template <typename OnRow>
Result<void> each_row(Statement& query, OnRow on_row) {
  while (true) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    on_row();
  }
  query.reset();
  return {};
}

void count_into(OverviewTotals& totals, RequestKind kind, std::int64_t consented, std::int64_t amount,
                std::int64_t missing) {
  if (kind == RequestKind::Bot) {
    totals.bots += amount;
    return;
  }
  totals.requests.all += amount;
  totals.requests.consented += amount * consented;
  totals.not_found += missing;
  if (kind != RequestKind::PageView) return;
  totals.views.all += amount;
  totals.views.consented += amount * consented;
}

}  // namespace

Result<std::vector<std::string>> Store::sites() {
  std::vector<std::string> names;
  auto& query = state_->list_sites.with();
  if (auto read = each_row(query, [&] { names.push_back(query.text(0)); }); !read)
    return tl::unexpected(read.error());
  return names;
}

Result<OverviewTotals> Store::totals(std::string_view site, Period period) {
  OverviewTotals totals;
  const auto id = state_->known_word(site);
  if (!id) return tl::unexpected(id.error());
  auto query = state_->database->prepare(
      "SELECT kind, consented, sum(amount), sum(CASE WHEN status IN (404, 410) THEN amount ELSE 0 END) FROM "
      "requests "
      "WHERE site = ? AND day BETWEEN ? AND ? GROUP BY kind, consented");
  if (!query) return tl::unexpected(query.error());
  query->with(*id, period.first, period.last);
  auto read = each_row(*query, [&] {
    count_into(totals, static_cast<RequestKind>(query->number(0)), query->number(1), query->number(2),
               query->number(3));
  });
  if (!read) return tl::unexpected(read.error());
  auto visitors = state_->database->prepare(
      "SELECT count(*), count(DISTINCT visitor) FROM visitors WHERE site = ? AND day BETWEEN ? AND ?");
  if (!visitors) return tl::unexpected(visitors.error());
  visitors->with(*id, period.first, period.last);
  read = each_row(*visitors, [&] {
    totals.visits = visitors->number(0);
    totals.visitors = visitors->number(1);
  });
  if (!read) return tl::unexpected(read.error());
  return totals;
}

Result<std::vector<DayRow>> Store::days(std::string_view site, Period period) {
  std::vector<DayRow> rows;
  const auto id = state_->known_word(site);
  if (!id) return tl::unexpected(id.error());
  auto query = state_->database->prepare(
      "SELECT day, sum(amount), sum(amount * consented) FROM requests "
      "WHERE site = ? AND day BETWEEN ? AND ? AND kind = 0 GROUP BY day ORDER BY day");
  if (!query) return tl::unexpected(query.error());
  query->with(*id, period.first, period.last);
  const auto read =
      each_row(*query, [&] { rows.push_back({query->number(0), {query->number(1), query->number(2)}}); });
  if (!read) return tl::unexpected(read.error());
  return rows;
}

Result<std::vector<RankedRow>> Store::ranking(std::string_view site, Period period, Ranking by,
                                              std::size_t limit) {
  std::vector<RankedRow> rows;
  const auto id = state_->known_word(site);
  if (!id) return tl::unexpected(id.error());
  auto query = state_->database->prepare(ranking_sql(by));
  if (!query) return tl::unexpected(query.error());
  query->with(*id, period.first, period.last, static_cast<std::int64_t>(limit));
  const auto read =
      each_row(*query, [&] { rows.push_back({query->text(0), {query->number(1), query->number(2)}}); });
  if (!read) return tl::unexpected(read.error());
  return rows;
}

}  // namespace portvakt::insights
