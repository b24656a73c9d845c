#include "proxy/logs/records/event_record.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

const std::string kId = "p-0-3";

EventRecord leave() {
  EventRecord record;
  record.time = WallTime{std::chrono::milliseconds{1795353605123}};
  record.site = "example";
  record.event = "leave";
  record.path = "/pumps/";
  record.seconds = 42;
  record.country = "NO";
  record.browser = "Firefox";
  record.browser_version = "145";
  record.os = "Linux";
  record.device = "desktop";
  record.screen = "l";
  record.purposes = "necessary, analytics";
  record.policy = "2026-11";
  record.analytics_granted = true;
  record.visitor = "v1";
  record.session = "s1";
  return record;
}

std::string lines(const EventRecord& record) {
  std::string payload;
  encode(record, payload);
  std::vector<FieldValue> fields;
  EXPECT_TRUE(decode_fields({3, RecordKind::Event, record.site, payload}, kId, fields));
  std::string out;
  for (const auto& field : fields) out.append(field.name).append("=").append(field.value).append("\n");
  return out;
}

TEST(EventRecord, HasItsFieldsInTheOrderThatConsumersKnow) {
  std::string names;
  for (const auto& field : event_fields()) names.append(names.empty() ? "" : " ").append(field.name);
  EXPECT_EQ(names,
            "id t site event path target seconds ip country isp browser browser_version os device screen "
            "purposes policy visitor session");
}

TEST(EventRecord, ComesBackAsItWasPutIn) {
  EXPECT_EQ(lines(leave()),
            "id=p-0-3\nt=1795353605123\nsite=example\nevent=leave\npath=/pumps/\nseconds=42\ncountry=NO\n"
            "browser=Firefox\nbrowser_version=145\nos=Linux\ndevice=desktop\nscreen=l\n"
            "purposes=necessary, analytics\npolicy=2026-11\nvisitor=v1\nsession=s1\n");
}

TEST(EventRecord, KeepsZeroSecondsAndLeavesOutNone) {
  auto record = leave();
  record.seconds = 0;
  EXPECT_NE(lines(record).find("seconds=0\n"), std::string::npos);
  record.seconds.reset();
  EXPECT_EQ(lines(record).find("seconds"), std::string::npos);
}

TEST(EventRecord, IsNotWrittenWithoutAnalyticsConsent) {
  auto record = leave();
  record.analytics_granted = false;
  std::string payload;
  encode(record, payload);
  EXPECT_EQ(payload, "");
}

}  // namespace
}  // namespace portvakt::logs
