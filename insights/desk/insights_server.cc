#include "insights/desk/insights_server.h"

#include <algorithm>
#include <optional>

#include "insights/files/exports.h"
#include "insights/pages/labels.h"
#include "insights/pages/page_style.h"
#include "insights/pages/pages.h"
#include "proxy/base/address.h"
#include "proxy/base/ascii.h"
#include "proxy/base/log.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;

constexpr Day kUsualPeriod = 30;

bool names_this_machine(std::string_view authority) {
  const auto where = HostPort::parse(authority, 80);
  if (!where) return false;
  if (ascii::iequals(where->host, "localhost")) return true;
  const auto address = IpAddress::parse(where->host);
  return address && address->is_loopback();
}

/// The first parameter of that name, decoded; empty without one.
std::string parameter(std::string_view query, std::string_view name) {
  for (const auto pair : ascii::split(query, '&')) {
    const auto equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == std::string_view::npos) continue;
    return ascii::decode_form_component(pair.substr(equals + 1));
  }
  return {};
}

Period period_of(std::string_view days, Day today) {
  const auto wanted = static_cast<Day>(ascii::parse_uint(days).value_or(0));
  const bool offered = std::ranges::find(kPeriods, wanted) != kPeriods.end();
  return {today - (offered ? wanted : kUsualPeriod) + 1, today};
}

Answer with_policy(Answer answer) {
  answer.headers.insert(answer.headers.end(), {{"Content-Security-Policy", page_policy()},
                                               {"X-Content-Type-Options", "nosniff"},
                                               {"Referrer-Policy", "no-referrer"},
                                               {"Cross-Origin-Resource-Policy", "same-origin"},
                                               {"Cross-Origin-Opener-Policy", "same-origin"}});
  return answer;
}

Answer notice(int status, std::string_view title, std::string_view text) {
  return {status, "text/html; charset=utf-8", notice_page(title, text)};
}

std::optional<Ranking> find_table(std::string_view id) {
  for (const auto by : kRankings) {
    if (table_labels(by).id == id) return by;
  }
  return std::nullopt;
}

Answer csv_answer(const Report& report, std::string_view table) {
  const auto only = find_table(table);
  if (!only && !table.empty()) return notice(404, "Not found", "The report has no such table.");
  Answer answer{200, "text/csv; charset=utf-8; header=present", report_csv(report, only)};
  const std::string part = only ? std::string(table) : "report";
  const std::string name =
      part + "-" + iso_date(report.period.first) + "-" + iso_date(report.period.last) + ".csv";
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return answer;
}

}  // namespace

InsightsServer::InsightsServer(net::EventLoop& loop, net::FileDescriptor listening, Reports& reports,
                               const Clock& clock, InsightsSettings settings)
    : reports_(reports),
      clock_(clock),
      settings_(std::move(settings)),
      server_(loop, std::move(listening),
              [this](const http::RequestHead& request) { return answer(request); }) {}

Result<std::vector<std::string>> InsightsServer::sites() {
  auto names = settings_.sites;
  const auto stored = reports_.sites();
  if (!stored) return stored;
  for (const auto& name : *stored) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

Result<Answer> InsightsServer::answer_report(const http::RequestHead& request) {
  const auto names = sites();
  if (!names) return tl::unexpected(names.error());
  const auto query = request.query();
  auto site = parameter(query, "site");
  if (site.empty() && !names->empty()) site = names->front();
  if (names->empty())
    return notice(200, "No records yet", "Once a site has been visited, its figures are here.");
  if (std::ranges::find(*names, site) == names->end())
    return notice(404, "Not found", "There is no such site.");
  const Day today = day_of(clock_.wall());
  const auto report = make_report(reports_, site, period_of(parameter(query, "days"), today));
  if (!report) return tl::unexpected(report.error());
  if (request.path() == "/report.json") return Answer{200, "application/json", report_json(*report)};
  if (request.path() == "/report.csv") return csv_answer(*report, parameter(query, "table"));
  return Answer{200, "text/html; charset=utf-8", report_page(*report, {*names, today, settings_.demo})};
}

Answer InsightsServer::answer(const http::RequestHead& request) {
  if (!names_this_machine(request.authority)) {
    return with_policy(
        notice(421, "Not here", "The reports are open only under this machine's own name, localhost."));
  }
  const auto path = request.path();
  if (path != "/" && path != "/report.json" && path != "/report.csv") {
    return with_policy(notice(404, "Not found", "There is no such page."));
  }
  if (request.method != "GET" && request.method != "HEAD") {
    auto refused = with_policy(notice(405, "Not allowed", "Reports can only be read."));
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  auto answered = answer_report(request);
  if (answered) return with_policy(std::move(*answered));
  log_error(answered.error().detail);
  return with_policy(notice(503, "Not now", "The reports store cannot be read. The log says why."));
}

}  // namespace portvakt::insights
