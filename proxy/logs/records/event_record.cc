#include "proxy/logs/records/event_record.h"

#include "proxy/logs/records/field_writers.h"

namespace portvakt::logs {
namespace {

using R = EventRecord;
using Scratch = std::string&;
using Text = std::string_view;

constexpr std::size_t kShort = 32;
constexpr std::size_t kName = 96;

/// The place in this table is the field's number in spool files: append only.
constexpr RecordField<EventRecord> kFields[] = {
    {"id", nullptr, kName},
    {"t", [](const R& r, Scratch s) { return time_text(r.time, true, s); }, kShort},
    {"site", nullptr, kName},
    {"event", [](const R& r, Scratch) { return Text(r.event); }, kShort},
    {"path", [](const R& r, Scratch) { return Text(r.path); }, kMaxFieldBytes},
    {"target", [](const R& r, Scratch) { return Text(r.target); }, kMaxFieldBytes},
    {"seconds", [](const R& r, Scratch s) { return r.seconds ? number_text(*r.seconds, s) : Text(); },
     kShort},
    {"ip", [](const R& r, Scratch s) { return Text(s = r.ip.text()); }, kName},
    {"country", [](const R& r, Scratch) { return Text(r.country); }, kShort},
    {"isp", [](const R& r, Scratch) { return Text(r.isp); }, kName},
    {"browser", [](const R& r, Scratch) { return Text(r.browser); }, kName},
    {"browser_version", [](const R& r, Scratch) { return Text(r.browser_version); }, kShort},
    {"os", [](const R& r, Scratch) { return Text(r.os); }, kName},
    {"device", [](const R& r, Scratch) { return Text(r.device); }, kShort},
    {"screen", [](const R& r, Scratch) { return Text(r.screen); }, kShort},
    {"purposes", [](const R& r, Scratch) { return Text(r.purposes); }, 512},
    {"policy", [](const R& r, Scratch) { return Text(r.policy); }, kName},
    {"visitor", [](const R& r, Scratch) { return Text(r.visitor); }, kName},
    {"session", [](const R& r, Scratch) { return Text(r.session); }, kName},
};

}  // namespace

std::span<const RecordField<EventRecord>> event_fields() {
  return kFields;
}

void encode(const EventRecord& record, std::string& out) {
  if (record.analytics_granted) encode_by_table(event_fields(), record, out);
}

}  // namespace portvakt::logs
