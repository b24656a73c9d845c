// One minimised log line. A value made of views over what the exchange already holds, encoded at once by its
// worker; nothing is allocated for it. It cannot hold a full address (its type is TruncatedIp), and without
// analytics consent the encoder leaves out what would link two requests of one person and rounds the time to
// the minute.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "filters/visitor/truncated_ip.h"
#include "proxy/base/clock.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

struct AccessRecord {
  WallTime time{};
  std::string_view site;
  std::string_view method;
  std::string_view path;  // scrubbed
  int status = 0;         // 0: none was sent
  std::uint64_t bytes = 0;
  std::chrono::milliseconds duration{};
  visitor::TruncatedIp ip;
  std::string_view country;
  std::string_view isp;
  std::string_view browser;
  std::string_view browser_version;
  std::string_view os;
  std::string_view device;
  std::string_view referrer;
  std::string_view campaign;
  std::string_view purposes;  // granted, "necessary, analytics"
  std::string_view blocked;   // vendors held back, by catalogue id
  std::string_view policy;    // version

  /// Analytics consent stands. Without it the three below are not written, whatever they hold.
  bool analytics_granted = false;
  std::string_view visitor;
  std::string_view session;
  std::string_view screen;
};

/// The contract's fields in the contract's order.
std::span<const RecordField<AccessRecord>> access_fields();

/// Appends the payload to `out`. The site is not in it; the spool keeps it beside the payload.
void encode(const AccessRecord& record, std::string& out);

}  // namespace portvakt::logs
