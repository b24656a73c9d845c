#include "proxy/logs/records/access_record.h"

#include <gtest/gtest.h>

#include <random>
#include <type_traits>

namespace portvakt::logs {
namespace {

const std::string kId = "p-0-9";

static_assert(std::is_same_v<decltype(AccessRecord::ip), visitor::TruncatedIp>);
static_assert(!std::is_constructible_v<visitor::TruncatedIp, IpAddress>, "a full address must not fit");

AccessRecord full_record() {
  AccessRecord record;
  record.time = WallTime{std::chrono::milliseconds{1795353605123}};
  record.site = "example";
  record.method = "GET";
  record.path = "/a?b=c";
  record.status = 200;
  record.bytes = 1234;
  record.duration = std::chrono::milliseconds{7};
  record.country = "NO";
  record.isp = "Telenor Norge AS";
  record.browser = "Firefox";
  record.browser_version = "145";
  record.os = "Linux";
  record.device = "desktop";
  record.referrer = "https://search.example/";
  record.campaign = "spring";
  record.purposes = "necessary, analytics";
  record.blocked = "meta, linkedin";
  record.policy = "2026-11";
  record.analytics_granted = true;
  record.visitor = "v1";
  record.session = "s1";
  record.screen = "large";
  return record;
}

/// One `name=value` a line, as a consumer would get them.
std::string lines(const AccessRecord& record) {
  std::string payload;
  encode(record, payload);
  std::vector<FieldValue> fields;
  EXPECT_TRUE(decode_fields({9, RecordKind::Access, record.site, payload}, kId, fields));
  std::string out;
  for (const auto& field : fields) out.append(field.name).append("=").append(field.value).append("\n");
  return out;
}

TEST(AccessRecord, HasTheContractsFieldsInTheContractsOrder) {
  std::string names;
  for (const auto& field : access_fields()) names.append(names.empty() ? "" : " ").append(field.name);
  EXPECT_EQ(names,
            "id t site method path status bytes ms ip country isp browser browser_version os device referrer "
            "campaign "
            "purposes blocked policy visitor session screen");
}

TEST(AccessRecord, ComesBackAsItWasPutIn) {
  EXPECT_EQ(
      lines(full_record()),
      "id=p-0-9\nt=1795353605123\nsite=example\nmethod=GET\npath=/a?b=c\nstatus=200\nbytes=1234\nms=7\n"
      "country=NO\nisp=Telenor Norge AS\nbrowser=Firefox\nbrowser_version=145\nos=Linux\ndevice=desktop\n"
      "referrer=https://search.example/\ncampaign=spring\npurposes=necessary, analytics\n"
      "blocked=meta, linkedin\npolicy=2026-11\nvisitor=v1\nsession=s1\nscreen=large\n");
}

TEST(AccessRecord, WithoutAnalyticsConsentHasNothingThatLinksTwoRequests) {
  AccessRecord record = full_record();
  record.analytics_granted = false;
  const std::string text = lines(record);
  EXPECT_NE(text.find("t=1795353600000\n"), std::string::npos) << text;
  for (const char* name : {"visitor=", "session=", "screen="})
    EXPECT_EQ(text.find(name), std::string::npos) << name;
}

TEST(AccessRecord, LeavesOutWhatIsAbsent) {
  AccessRecord record;
  record.site = "s";
  EXPECT_EQ(lines(record), "id=p-0-9\nt=0\nsite=s\nbytes=0\nms=0\n");
}

TEST(AccessRecord, MakesHostileTextHarmless) {
  const struct {
    std::string_view given, kept;
  } cases[] = {
      {"a\r\nz", "a\xEF\xBF\xBD\xEF\xBF\xBDz"},
      {std::string_view("a\0z", 3), "a\xEF\xBF\xBDz"},
      {"\x1b[31m", "\xEF\xBF\xBD[31m"},
      {"\x7f", "\xEF\xBF\xBD"},
      {"\xC2\x9Bm", "\xEF\xBF\xBD\xEF\xBF\xBDm"},
      {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"gr\xC3\xB8t \xE2\x82\xAC \xF0\x9F\x8D\x93", "gr\xC3\xB8t \xE2\x82\xAC \xF0\x9F\x8D\x93"},
      {"\xC2\xA0", "\xC2\xA0"},
  };
  for (const auto& one : cases) {
    AccessRecord record;
    record.path = one.given;
    EXPECT_EQ(lines(record), "id=p-0-9\nt=0\npath=" + std::string(one.kept) + "\nbytes=0\nms=0\n")
        << one.kept;
  }
}

TEST(AccessRecord, CutsLongTextBetweenCharacters) {
  std::string path;
  while (path.size() < 64 * 1024) path += "\xE2\x82\xAC";
  AccessRecord record;
  record.path = path;
  const std::string text = lines(record);
  const std::size_t begin = text.find("path=") + 5;
  const std::size_t length = text.find('\n', begin) - begin;
  EXPECT_EQ(length, kMaxFieldBytes / 3 * 3);
}

TEST(AccessRecord, AnyTextSurvivesTheWayThroughTheSpoolsEncoding) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::string values[3];
    for (auto& value : values) {
      value.resize(random() % 300);
      for (char& c : value) c = static_cast<char>(round % 2 == 0 ? random() % 95 + 32 : random());
    }
    AccessRecord record = full_record();
    record.path = values[0];
    record.isp = std::string_view(values[1]).substr(0, 90);
    record.blocked = values[2];
    std::string payload, again;
    encode(record, payload);
    std::vector<FieldValue> fields;
    ASSERT_TRUE(decode_fields({1, RecordKind::Access, "s", payload}, kId, fields));
    for (const auto& field : fields) {
      for (const char c : field.value) ASSERT_FALSE((c >= 0 && c < 0x20) || c == 0x7f) << field.name;
      const bool plain = round % 2 == 0;
      ASSERT_TRUE(field.name != "path" || !plain || field.value == values[0]);
      if (field.name == "path") record.path = field.value;
    }
    record.isp = "x";
    std::string first;
    encode(record, first);
    encode(record, again);
    ASSERT_EQ(first, again);
  }
}

TEST(RecordFields, RefuseAPayloadCutAnywhereButBetweenFields) {
  std::string payload;
  encode(full_record(), payload);
  std::vector<FieldValue> fields;
  std::size_t accepted = 0;
  for (std::size_t length = 0; length <= payload.size(); ++length) {
    const std::string cut = payload.substr(0, length);
    if (decode_fields({1, RecordKind::Access, "s", cut}, kId, fields)) ++accepted;
  }
  EXPECT_EQ(accepted, 21U);  // nothing, and after each of 20 fields
}

TEST(RecordFields, SkipFieldsOfLaterVersions) {
  std::string payload;
  append_field(payload, 3, "GET", 32);
  append_field(payload, 200, "news", 32);
  append_field(payload, 30, "more", 32);
  std::vector<FieldValue> fields;
  ASSERT_TRUE(decode_fields({1, RecordKind::Access, "s", payload}, kId, fields));
  EXPECT_EQ(fields, (std::vector<FieldValue>{{"id", kId}, {"site", "s"}, {"method", "GET"}}));
  EXPECT_FALSE(decode_fields({1, static_cast<RecordKind>(9), "s", payload}, kId, fields));
  EXPECT_TRUE(fields.empty());
}

}  // namespace
}  // namespace portvakt::logs
