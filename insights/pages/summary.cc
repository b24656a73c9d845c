#include "insights/pages/summary.h"

#include "insights/pages/labels.h"

namespace portvakt::insights {
namespace {

/// The largest row that is named; null: there is none.
const RankedRow* leader(const Report& report, Ranking by) {
  for (const auto& table : report.tables) {
    if (table.by != by) continue;
    for (const auto& row : table.rows) {
      if (!row.name.empty()) return &row;
    }
  }
  return nullptr;
}

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
  return number_text(number) + " " + std::string(number == 1 ? one : many);
}

std::string origins(const Report& report) {
  const auto* country = leader(report, Ranking::Country);
  const auto* referrer = leader(report, Ranking::Referrer);
  if (country == nullptr && referrer == nullptr) return {};
  if (referrer == nullptr) return " Most were from " + row_label(Ranking::Country, country->name) + ".";
  if (country == nullptr) return " The site that sent most visitors was " + referrer->name + ".";
  return " Most were from " + row_label(Ranking::Country, country->name) +
         "; the site that sent most visitors was " + referrer->name + ".";
}

}  // namespace

std::string change_text(std::int64_t now, std::int64_t before) {
  const auto percent = change(now, before);
  if (!percent) return "nothing before to compare with";
  if (*percent == 0) return "as many as before";
  const auto size = *percent < 0 ? -*percent : *percent;
  return number_text(size) + "\u00a0% " + (*percent < 0 ? "fewer" : "more") + " than before";
}

std::string summary(const Report& report) {
  const auto days = std::to_string(report.period.days());
  if (report.now.views.all == 0) return "No page was viewed in the last " + days + " days.";
  std::string out =
      counted(report.now.views.all, "page view", "page views") + " in the last " + days + " days";
  const auto percent = change(report.now.views.all, report.before.views.all);
  if (percent) out += ", " + change_text(report.now.views.all, report.before.views.all);
  out += "." + origins(report);
  return out + " " + share_text(report.now.views) +
         " of the page views are of visitors who allowed analytics; what is said of visits rests on these.";
}

}  // namespace portvakt::insights
