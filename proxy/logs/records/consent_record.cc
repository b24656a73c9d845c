#include "proxy/logs/records/consent_record.h"

#include "proxy/logs/records/field_writers.h"

namespace portvakt::logs {
namespace {

using R = ConsentRecord;
using Scratch = std::string&;
using Text = std::string_view;

constexpr std::size_t kShort = 32;
constexpr std::size_t kName = 96;

bool may_recognise(const R& r) {
  return r.receipt.state.grants(filters::kAnalytics);
}

Text refused_text(const R& r, Scratch s) {
  s.clear();
  for (const auto purpose : r.receipt.asked) {
    if (r.receipt.state.grants(purpose)) continue;
    if (!s.empty()) s += ", ";
    s += r.purposes.name(purpose);
  }
  return s;
}

/// The place in this table is the field's number in spool files: append only.
constexpr RecordField<ConsentRecord> kFields[] = {
    {"id", nullptr, kName},
    {"t", [](const R& r, Scratch s) { return time_text(r.receipt.state.given_at, may_recognise(r), s); },
     kShort},
    {"site", nullptr, kName},
    {"receipt", [](const R& r, Scratch) { return Text(r.receipt.receipt_id); }, kName},
    {"choice", [](const R& r, Scratch) { return Text(r.receipt.choice); }, kShort},
    {"how", [](const R& r, Scratch) { return Text(consent::source_name(r.receipt.state.source)); }, kShort},
    {"purposes",
     [](const R& r, Scratch s) { return Text(s = r.purposes.join(r.receipt.state.granted, ", ")); }, 512},
    {"vendors_granted", [](const R& r, Scratch s) { return list_text(r.receipt.state.vendors_granted, s); },
     kMaxFieldBytes},
    {"vendors_refused", [](const R& r, Scratch s) { return list_text(r.receipt.state.vendors_refused, s); },
     kMaxFieldBytes},
    {"policy", [](const R& r, Scratch) { return Text(r.receipt.state.policy_version); }, kName},
    {"text", [](const R& r, Scratch) { return Text(r.receipt.text_version); }, kName},
    {"language", [](const R& r, Scratch) { return Text(r.receipt.language); }, kShort},
    {"region", [](const R& r, Scratch) { return Text(r.receipt.region); }, kShort},
    {"visitor",
     [](const R& r, Scratch) { return may_recognise(r) ? Text(r.receipt.state.visitor_id) : Text(); }, kName},
    {"event", [](const R& r, Scratch) { return Text(r.receipt.event); }, kShort},
    {"refused", [](const R& r, Scratch s) { return refused_text(r, s); }, 512},
    {"rule", [](const R& r, Scratch) { return Text(r.receipt.rule); }, kShort},
    {"signal", [](const R& r, Scratch) { return Text(r.receipt.signal); }, kShort},
    {"expires",
     [](const R& r, Scratch s) {
       return r.receipt.expires == WallTime{} ? Text() : time_text(r.receipt.expires, may_recognise(r), s);
     },
     kShort},
};

}  // namespace

std::span<const RecordField<ConsentRecord>> consent_fields() {
  return kFields;
}

void encode(const ConsentRecord& record, std::string& out) {
  encode_by_table(consent_fields(), record, out);
}

}  // namespace portvakt::logs
