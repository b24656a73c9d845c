#include "insights/desk/api.h"

#include <algorithm>

#include "insights/files/archive.h"
#include "insights/files/csv.h"
#include "insights/files/json.h"
#include "insights/files/open_api.h"
#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;

constexpr std::chrono::seconds kBeat{5};
constexpr int kBeats = 720;  // an hour; browsers ask again
constexpr std::size_t kFileRows = 1000;

template <typename T, typename Make>
Result<std::vector<Sheet>> made(const Result<T>& answer, Make make) {
  if (!answer) return tl::unexpected(answer.error());
  return make(*answer);
}

/// The sheets of a screen by its name.
Result<std::vector<Sheet>> sheets_of(Desk& desk, const Visit& visit, std::string_view screen) {
  const auto query = query_of(visit.state, desk.reports.today(visit.state.site));
  const auto& words = visit.words;
  if (screen == "overview")
    return made(ask_overview(desk.reports, visit.state),
                [&](const auto& one) { return overview_sheets(words, one); });
  if (screen == "table") {
    const bool compared = compared_period(query).has_value();
    return made(ask_table(desk.reports, visit.state, kFileRows),
                [&](const auto& one) { return std::vector{ranked_sheet(words, one, compared)}; });
  }
  if (screen == "consent") {
    return made(desk.reports.consent(query, usual_granularity(query.period)),
                [&](const auto& one) { return consent_sheets(words, one); });
  }
  if (screen == "held")
    return made(desk.reports.held(query), [&](const auto& one) { return held_sheets(words, one); });
  if (screen == "goals")
    return made(ask_goals(desk.reports, visit.state),
                [&](const auto& one) { return goals_sheets(words, one); });
  if (screen == "bots")
    return made(ask_bots(desk.reports, visit.state),
                [&](const auto& one) { return bots_sheets(words, one); });
  if (screen == "realtime")
    return made(desk.reports.realtime(visit.state.site),
                [&](const auto& one) { return realtime_sheets(words, one); });
  return std::vector<Sheet>();
}

Answer file(std::string type, std::string body, const std::string& name) {
  return {200,
          std::move(type),
          std::move(body),
          {{"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
}

}  // namespace

Result<Answer> answer_screen(Desk& desk, const Visit& visit) {
  const auto screen = visit.path.substr(visit.path.rfind('/') + 1);
  const auto sheets = sheets_of(desk, visit, screen);
  if (!sheets) return tl::unexpected(sheets.error());
  return Answer{200,
                std::string(kJson),
                screen_json(query_of(visit.state, desk.reports.today(visit.state.site)), *sheets),
                {}};
}

Result<Answer> answer_sites(Desk&, const Visit& visit) {
  return Answer{200, std::string(kJson), sites_json(visit.sites), {}};
}

Result<Answer> answer_open_api(Desk&, const Visit&) {
  return Answer{200, std::string(kJson), std::string(open_api_text()), {}};
}

Result<Answer> answer_realtime(Desk& desk, const Visit& visit) {
  const auto answer = desk.reports.realtime(visit.state.site);
  if (!answer) return tl::unexpected(answer.error());
  return Answer{200, std::string(kJson), realtime_json(visit.words, visit.state.site, *answer), {}};
}

Result<Answer> answer_stream(Desk& desk, const Visit& visit) {
  Answer answer{200, "text/event-stream; charset=utf-8", {}, {}};
  const auto left = std::make_shared<int>(kBeats);
  answer.feed = http_server::Feed{kBeat,
                                  [&desk, left, site = visit.state.site, words = visit.words,
                                   session = visit.reader.session_token]() -> std::optional<std::string> {
                                    if (--*left < 0) return std::nullopt;
                                    if (!session.empty()) {
                                      const auto account = desk.sessions.find(session, desk.clock.wall());
                                      if (!account || !*account) return std::nullopt;
                                    }
                                    const auto now = desk.reports.realtime(site);
                                    if (!now) return ": not now\n\n";
                                    auto text = realtime_json(words, site, *now);
                                    text.pop_back();
                                    return "data: " + text + "\n\n";
                                  }};
  return answer;
}

Result<Answer> answer_export(Desk& desk, const Visit& visit) {
  const auto query = visit.request.query();
  const auto period = period_of(visit.state, desk.reports.today(visit.state.site));
  const auto screen = visit.state.table ? std::string("table") : parameter(query, "screen");
  const auto sheets = sheets_of(desk, visit, screen);
  if (!sheets) return tl::unexpected(sheets.error());
  const auto wanted =
      visit.state.table ? std::string(dimension_name(*visit.state.table)) : parameter(query, "sheet");
  const auto found = std::ranges::find(*sheets, wanted, &Sheet::id);
  if (found == sheets->end()) return not_found(visit.words);
  if (parameter(query, "format") == "json")
    return file(std::string(kJson), sheet_json(*found),
                file_name(visit.state.site, period, found->id, "json"));
  return file("text/csv; charset=utf-8; header=present", csv_text(*found),
              file_name(visit.state.site, period, found->id, "csv"));
}

Result<Answer> answer_archive(Desk& desk, const Visit& visit) {
  auto archive = overview_archive(desk.reports, visit.words, visit.state);
  if (!archive) return tl::unexpected(archive.error());
  const auto period = period_of(visit.state, desk.reports.today(visit.state.site));
  return file("application/zip", std::move(*archive), file_name(visit.state.site, period, "report", "zip"));
}

Result<Answer> answer_metrics(Desk& desk, const Visit& visit) {
  std::string out =
      "# HELP portvakt_insights_today What today's reports show, by site.\n"
      "# TYPE portvakt_insights_today gauge\n";
  for (const auto& site : visit.sites) {
    const auto today = desk.reports.today(site);
    const auto totals = desk.reports.totals({site, {today, today}, Comparison::None, {}, {}});
    if (!totals) return tl::unexpected(totals.error());
    std::string label;  // of a site's name, as Prometheus quotes it
    for (const char c : site) label += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    const auto line = [&](std::string_view figure, std::int64_t number) {
      out += "portvakt_insights_today{site=\"" + label + "\",figure=\"" + std::string(figure) + "\"} " +
             std::to_string(number) + "\n";
    };
    line("page_views", totals->now.figures.views);
    line("page_views_consented", totals->now.figures.coverage.consented);
    if (!totals->now.figures.few) line("visits", totals->now.figures.visits);
    line("requests", totals->now.requests.requests);
    line("not_found", totals->now.requests.not_found);
    line("errors", totals->now.requests.errors);
    line("bot_requests", totals->now.requests.bots);
  }
  return Answer{200, "text/plain; version=0.0.4; charset=utf-8", std::move(out), {}};
}

}  // namespace portvakt::insights
