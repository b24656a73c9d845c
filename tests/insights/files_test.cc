#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "insights/files/archive.h"
#include "insights/files/csv.h"
#include "insights/files/json.h"
#include "insights/files/mail.h"
#include "insights/files/open_api.h"
#include "insights/files/report_files.h"
#include "insights/files/zip.h"
#include "tests/insights/made_reports.h"

namespace portvakt::insights {
namespace {

TEST(Csv, QuotesFieldsAndStopsFormulas) {
  EXPECT_EQ(csv_field("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
  for (const std::string text : {"=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1",
                                 "\xef\xbc\x9d"
                                 "1"})
    EXPECT_EQ(csv_field(text)[1], '\'') << text;
  EXPECT_EQ(csv_field("/a=b"), "\"/a=b\"");
  EXPECT_EQ(csv_field(""), "\"\"");
}

TEST(Csv, HoldsExactlyWhatTheTableShows) {
  MadeReports reports;
  const auto state = parse_state("site=a&table=referrer");
  const auto sheet = ranked_sheet(Words(Language::En), *ask_table(reports, state, 3), true);
  EXPECT_EQ(csv_text(sheet),
            "\"Referring site\",\"Name\",\"Page views\",\"Before\",\"Visits\",\"Allow analytics\"\r\n"
            "\"\",\"Direct, or not told\",2400,2160,240,0.4000\r\n"
            "\"news.example\",\"news.example\",1600,1440,160,0.4000\r\n"
            "\"'=cmd()\",\"'=cmd()\",1066,959,106,0.3996\r\n");
}

TEST(Json, SaysWhatIsWithheldAndHowPeopleReadIt) {
  MadeReports reports;
  auto table = *ask_table(reports, parse_state("site=a&table=country"), 2);
  table.rows[1].figures.few = true;
  const auto tree = nlohmann::json::parse(sheet_json(ranked_sheet(Words(Language::Nb), table, false)));
  EXPECT_EQ(tree["rows"][0]["visits"], 240);
  EXPECT_EQ(tree["rows"][1]["visits"], nullptr);
  EXPECT_EQ(tree["rows"][0]["name"], "Norge");
}

TEST(Json, SurvivesTextsThatAreNotUtf8) {
  const Sheet sheet{"x", "x", {{"name", "Name"}}, {{text_cell("\xff\xfe")}}};
  EXPECT_TRUE(nlohmann::json::accept(sheet_json(sheet)));
}

TEST(OpenApi, NamesOnlyWhatItDefines) {
  const auto tree = nlohmann::json::parse(open_api_text());
  EXPECT_EQ(tree["paths"].size(), 9U);
  for (const auto& [path, methods] : tree["paths"].items()) {
    for (const auto& parameter : methods["get"].value("parameters", nlohmann::json::array())) {
      if (!parameter.contains("$ref")) continue;
      const auto name = parameter["$ref"].get<std::string>();
      EXPECT_TRUE(tree.contains(nlohmann::json::json_pointer(name.substr(1)))) << path << " " << name;
    }
  }
}

TEST(Zip, IsReadByOthers) {
  const auto bytes = zip_archive({{"a.csv", "1,2\r\n"}, {"b.csv", ""}});
  // As `python3 -m zipfile` writes it, but for the version that made it.
  EXPECT_EQ(bytes.substr(0, 4), std::string("PK\x03\x04"));
  EXPECT_EQ(bytes.substr(bytes.size() - 22, 4), std::string("PK\x05\x06"));
  EXPECT_NE(bytes.find("a.csv1,2\r\nPK"), std::string::npos);
}

TEST(Archive, HoldsEveryTable) {
  MadeReports reports;
  const auto bytes = overview_archive(reports, Words(Language::En), parse_state("site=a"));
  ASSERT_TRUE(bytes);
  for (const char* name :
       {"totals.csv", "series.csv", "page.csv", "entry.csv", "campaign.csv", "not-found.csv"})
    EXPECT_NE(bytes->find(name), std::string::npos) << name;
  EXPECT_EQ(file_name("a/../b\"", {kToday, kToday}, "x", "csv"), "a_.._b_-2026-11-22-2026-11-22-x.csv");
}

TEST(Mail, IsWholeAndNamesOnlyAddresses) {
  MadeReports reports;
  const auto files = make_report_files(reports, parse_state("site=a&lang=nb"));
  ASSERT_TRUE(files);
  EXPECT_EQ(files->html.find("<script"), std::string::npos);
  EXPECT_NE(files->html.find("<style>"), std::string::npos);
  const auto text =
      mail_text({"a@b.test", {"c@d.test"}, files->title, files->html, files->archive, files->archive_name});
  EXPECT_NE(text.find("To: c@d.test\r\n"), std::string::npos);
  EXPECT_TRUE(is_mail_address("kari.n+x@example.test"));
  for (const char* wrong : {"", "kari", "@x", "x@", "-f@x", "a@b\r\nBcc: c@d", "a b@c", "a@b,c@d"})
    EXPECT_FALSE(is_mail_address(wrong)) << wrong;
}

}  // namespace
}  // namespace portvakt::insights
