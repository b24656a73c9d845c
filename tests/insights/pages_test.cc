#include "insights/pages/pages.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "insights/files/exports.h"
#include "insights/pages/page_style.h"
#include "proxy/base/crypto.h"
#include "tests/insights/made_records.h"

namespace portvakt::insights {
namespace {

constexpr const char* kNasty = "/<script>alert(1)</script>\"'&amp;x";

Report nasty_report() {
  Report report{"<b>\"site\"</b>", {kToday - 6, kToday}, {}, {}, {}, {}};
  report.now.views = {1234567, 400000};
  report.now.visits = 9;
  report.days = {{kToday - 1, {7, 3}}, {kToday, {2, 0}}};
  for (const auto by : kRankings) report.tables.push_back({by, {{kNasty, {5, 2}}, {"", {3, 0}}}});
  return report;
}

PageFrame nasty_frame() {
  return {{"<b>\"site\"</b>", "other&site"}, kToday, false};
}

TEST(Pages, EscapeWhateverComesFromOutside) {
  const auto page = report_page(nasty_report(), nasty_frame());
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<b>\"site"), std::string::npos);
  EXPECT_NE(page.find("/&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(page.find("?site=%3Cb%3E%22site%22%3C%2Fb%3E&amp;days=7"), std::string::npos);
  EXPECT_NE(page.find("?site=other%26site&amp;"), std::string::npos);
}

TEST(Pages, NameNothingOutsideThemselves) {
  const auto page = report_page(nasty_report(), nasty_frame());
  const std::regex reference("(?:href|src|action|data|poster|xlink:href)=\"([^\"]*)\"");
  int found = 0;
  for (std::sregex_iterator next(page.begin(), page.end(), reference), end; next != end; ++next, ++found) {
    const auto target = (*next)[1].str();
    const bool own = target.starts_with("/?") || target.starts_with("/report.") || target.starts_with("#") ||
                     target == "data:,";
    EXPECT_TRUE(own) << target;
  }
  EXPECT_GT(found, 10);
  for (const char* outside : {"http:", "https:", "//", "url(", "@import"}) {
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  }
}

TEST(Pages, CarryExactlyTheStyleThatTheirPolicyAllows) {
  const auto page = report_page(nasty_report(), nasty_frame());
  const auto from = page.find("<style>") + 7, to = page.find("</style>");
  const auto hash = crypto::base64(crypto::sha256(page.substr(from, to - from)));
  EXPECT_NE(page_policy().find("style-src 'sha256-" + hash + "'"), std::string::npos);
  EXPECT_TRUE(page_policy().starts_with("default-src 'none'"));
  EXPECT_EQ(page.find(" style="), std::string::npos) << "the policy forbids style attributes";
}

TEST(Pages, SayTheFiguresInWordsAndTables) {
  const auto page = report_page(nasty_report(), nasty_frame());
  EXPECT_NE(page.find("1,234,567 page views in the last 7 days."), std::string::npos);
  EXPECT_NE(page.find("32\u00a0% of the page views are of visitors who allowed analytics"),
            std::string::npos);
  EXPECT_NE(page.find("about 28 if the others behaved alike"), std::string::npos);
  EXPECT_NE(page.find("<title>21 Nov 2026: 7 page views, 3 with analytics consent</title>"),
            std::string::npos);
  EXPECT_NE(page.find("<th scope=\"row\">21 Nov 2026</th><td>7</td><td>3</td>"), std::string::npos);
}

TEST(Exports, DisarmFormulasInCsv) {
  EXPECT_EQ(csv_field("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  for (const char* formula : {"+1", "-1", "@SUM(A1)", "\tx", "\rx"}) {
    EXPECT_EQ(csv_field(formula), "\"'" + std::string(formula) + "\"");
  }
  EXPECT_EQ(csv_field("/a,b"), "\"/a,b\"");
  Report report = nasty_report();
  report.tables = {{Ranking::Page, {{"=cmd|' /C calc'!A0", {5, 2}}}}};
  EXPECT_EQ(report_csv(report, Ranking::Page),
            "\"Page\",\"Page views\",\"With analytics consent\"\r\n\"'=cmd|' /C calc'!A0\",5,2\r\n");
}

TEST(Exports, HoldWhatIsOnTheScreen) {
  const auto report = nasty_report();
  const auto json = nlohmann::json::parse(report_json(report));
  EXPECT_EQ(json["site"], report.site);
  EXPECT_EQ(json["last_day"], "2026-11-22");
  EXPECT_EQ(json["totals"]["page_views"]["consented"], 400000);
  EXPECT_EQ(json["pages"][0], (nlohmann::json{{"name", kNasty}, {"all", 5}, {"consented", 2}}));
  EXPECT_EQ(json["days"][1]["day"], "2026-11-22");
  const auto csv = report_csv(report, std::nullopt);
  EXPECT_NE(csv.find("\"Days\",\"2026-11-21\",7,3\r\n"), std::string::npos);
  EXPECT_NE(csv.find("\"Where visitors came from\",\"Direct, or not told\",3,0\r\n"), std::string::npos);
}

}  // namespace
}  // namespace portvakt::insights
