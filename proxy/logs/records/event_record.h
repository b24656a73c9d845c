// What a visitor with analytics consent did on a page, as the page's own script told it: a click that led
// away, a download, a form, a navigation inside the page, the end of a visit. Same encoding as an access
// record. Without analytics consent there is no such record: encode() then writes nothing at all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "filters/visitor/truncated_ip.h"
#include "proxy/base/clock.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

/// Views live until encode() returns.
struct EventRecord {
  WallTime time{};
  std::string_view site;
  std::string_view event;   // view | outbound | download | form | leave
  std::string_view path;    // of the page, scrubbed
  std::string_view target;  // scrubbed: an origin, or a path of the site
  std::optional<std::uint32_t> seconds;
  visitor::TruncatedIp ip;
  std::string_view country;
  std::string_view isp;
  std::string_view browser;
  std::string_view browser_version;
  std::string_view os;
  std::string_view device;
  std::string_view screen;    // xs | s | m | l | xl
  std::string_view purposes;  // granted, "necessary, analytics"
  std::string_view policy;    // version

  bool analytics_granted = false;
  std::string_view visitor;
  std::string_view session;
};

/// `id t site event path target seconds ip country isp browser browser_version os device screen purposes
/// policy visitor session`.
std::span<const RecordField<EventRecord>> event_fields();

/// Appends the payload to `out`; nothing without analytics consent.
void encode(const EventRecord& record, std::string& out);

}  // namespace portvakt::logs
