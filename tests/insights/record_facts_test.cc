#include "insights/record_facts.h"

#include <gtest/gtest.h>

#include "tests/insights/made_records.h"

namespace portvakt::insights {
namespace {

TEST(RecordFacts, TellPagesFromAssetsByTheirPath) {
  for (const char* page : {"/", "/news", "/news/", "/a.b/c", "/index.html", "/Shop.PHP", "/about.us.htm"}) {
    EXPECT_TRUE(is_page_path(page)) << page;
  }
  for (const char* asset :
       {"/app.js", "/a/logo.svg", "/x.woff2", "/report.pdf", "/.privacy/", "/.well-known/gpc.json"}) {
    EXPECT_FALSE(is_page_path(asset)) << asset;
  }
}

RequestKind kind_of(Fields fields) {
  return read_request(made_record(logs::RecordKind::Access, 1, kToday, fields))->kind;
}

TEST(RecordFacts, CountAPageViewOnlyWhenAPageWasDeliveredToAPerson) {
  using enum RequestKind;
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}, {"status", "200"}}), PageView);
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}, {"status", "304"}}), PageView);
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}, {"status", "302"}}), Other);
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}, {"status", "500"}}), Other);
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}}), Other);
  EXPECT_EQ(kind_of({{"method", "POST"}, {"path", "/"}, {"status", "200"}}), Other);
  EXPECT_EQ(kind_of({{"method", "GET"}, {"path", "/"}, {"status", "200"}, {"device", "bot"}}), Bot);
}

TEST(RecordFacts, ReadTheReferrersHost) {
  const auto referrer = [](const char* text) {
    return read_request(
               made_record(logs::RecordKind::Access, 1, kToday,
                           {{"method", "GET"}, {"path", "/"}, {"status", "200"}, {"referrer", text}}))
        ->referrer;
  };
  EXPECT_EQ(referrer("https://www.Search.example/"), "search.example");
  EXPECT_EQ(referrer("https://news.example:8443"), "news.example:8443");
  EXPECT_EQ(referrer("/inside"), "/");
  EXPECT_EQ(referrer(""), "");
}

TEST(RecordFacts, KnowConsentByTheWholeWord) {
  const auto consented = [](const char* purposes) {
    return read_request(made_record(logs::RecordKind::Access, 1, kToday, {{"purposes", purposes}}))
        ->consented;
  };
  EXPECT_TRUE(consented("necessary, analytics"));
  EXPECT_FALSE(consented("necessary, not-analytics"));
  EXPECT_FALSE(consented(""));
}

TEST(RecordFacts, LeaveOutRecordsWithoutTimeOrSite) {
  EXPECT_FALSE(read_request({logs::RecordKind::Access, {{"site", "a"}}}));
  EXPECT_FALSE(read_request({logs::RecordKind::Access, {{"site", "a"}, {"t", "99999999999999999"}}}));
  EXPECT_FALSE(read_consent({logs::RecordKind::Consent, {{"t", "1"}}}));
}

}  // namespace
}  // namespace portvakt::insights
