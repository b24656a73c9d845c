#include "proxy/logs/records/access_record.h"

#include "proxy/logs/records/field_writers.h"

namespace portvakt::logs {
namespace {

using R = AccessRecord;
using Scratch = std::string&;
using Text = std::string_view;

constexpr std::size_t kShort = 32;
constexpr std::size_t kName = 96;

/// The order is the contract's, and the place in this table is the field's number in spool files: append
/// only.
constexpr RecordField<AccessRecord> kFields[] = {
    {"id", nullptr, kName},
    {"t", [](const R& r, Scratch s) { return time_text(r.time, r.analytics_granted, s); }, kShort},
    {"site", nullptr, kName},
    {"method", [](const R& r, Scratch) { return Text(r.method); }, kShort},
    {"path", [](const R& r, Scratch) { return Text(r.path); }, kMaxFieldBytes},
    {"status", [](const R& r, Scratch s) { return r.status != 0 ? number_text(r.status, s) : Text(); },
     kShort},
    {"bytes", [](const R& r, Scratch s) { return number_text(r.bytes, s); }, kShort},
    {"ms", [](const R& r, Scratch s) { return number_text(r.duration.count(), s); }, kShort},
    {"ip", [](const R& r, Scratch s) { return Text(s = r.ip.text()); }, kName},
    {"country", [](const R& r, Scratch) { return Text(r.country); }, kShort},
    {"isp", [](const R& r, Scratch) { return Text(r.isp); }, kName},
    {"browser", [](const R& r, Scratch) { return Text(r.browser); }, kName},
    {"browser_version", [](const R& r, Scratch) { return Text(r.browser_version); }, kShort},
    {"os", [](const R& r, Scratch) { return Text(r.os); }, kName},
    {"device", [](const R& r, Scratch) { return Text(r.device); }, kShort},
    {"referrer", [](const R& r, Scratch) { return Text(r.referrer); }, kMaxFieldBytes},
    {"campaign", [](const R& r, Scratch) { return Text(r.campaign); }, 512},
    {"purposes", [](const R& r, Scratch) { return Text(r.purposes); }, 512},
    {"blocked", [](const R& r, Scratch) { return Text(r.blocked); }, kMaxFieldBytes},
    {"policy", [](const R& r, Scratch) { return Text(r.policy); }, kName},
    {"visitor", [](const R& r, Scratch) { return r.analytics_granted ? Text(r.visitor) : Text(); }, kName},
    {"session", [](const R& r, Scratch) { return r.analytics_granted ? Text(r.session) : Text(); }, kName},
    {"screen", [](const R& r, Scratch) { return r.analytics_granted ? Text(r.screen) : Text(); }, kShort},
};

}  // namespace

std::span<const RecordField<AccessRecord>> access_fields() {
  return kFields;
}

void encode(const AccessRecord& record, std::string& out) {
  encode_by_table(access_fields(), record, out);
}

}  // namespace portvakt::logs
