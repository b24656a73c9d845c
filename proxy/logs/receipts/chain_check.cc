#include "proxy/logs/receipts/chain_check.h"

#include <algorithm>

namespace portvakt::logs {
namespace {

std::string_view value_of(const std::vector<FieldValue>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &FieldValue::name);
  return found == fields.end() ? std::string_view() : found->value;
}

std::string range_text(std::uint64_t first, std::uint64_t last) {
  if (first == last) return "receipt " + std::to_string(first) + " is";
  return "receipts " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

}  // namespace

ChainCheck::ChainCheck(const ReceiptChain& chain, std::string_view site, std::string_view day)
    : chain_(chain), site_(site), day_(day) {}

void ChainCheck::add_row(std::string_view entry, const std::vector<FieldValue>& fields) {
  ++rows_;
  const auto id = value_of(fields, "id");
  const auto dash = id.rfind('-');
  const auto mark = parse_chain_mark(value_of(fields, kChainField));
  if (!mark || dash == std::string_view::npos) {
    return say("entry " + std::string(entry) + " is no receipt of ours: it has no place in a chain");
  }
  Row row{std::string(entry), *mark, {}};
  for (const auto& [name, value] : fields) row.fields.emplace_back(name, value);
  producers_[std::string(id.substr(0, dash))].rows.push_back(std::move(row));
}

void ChainCheck::add_end(std::string_view producer, std::string_view text) {
  producers_[std::string(producer)].end = text;
}

std::vector<std::string> ChainCheck::finish() {
  for (const auto& [name, producer] : producers_) check_producer(name, producer);
  return std::move(findings_);
}

void ChainCheck::check_producer(const std::string& name, const Producer& producer) {
  const ChainScope scope{site_, day_, name};
  std::map<std::uint64_t, const Row*> places;
  for (const auto& row : producer.rows) {
    if (places.emplace(row.mark.place, &row).second) continue;
    say("entry " + row.entry + ": receipt " + std::to_string(row.mark.place) + " of " + name +
        " is there more than once");
  }
  check_order(name, producer.rows);
  check_marks(scope, places);
  check_end(scope, producer.end, places.empty() ? 0 : places.rbegin()->first);
}

/// A row that stands behind a later one was moved.
void ChainCheck::check_order(const std::string& name, const std::vector<Row>& rows) {
  std::uint64_t highest = 0;
  for (const auto& row : rows) {
    if (row.mark.place < highest) {
      say("entry " + row.entry + ": receipt " + std::to_string(row.mark.place) + " of " + name +
          " stands behind receipt " + std::to_string(highest));
    }
    highest = std::max(highest, row.mark.place);
  }
}

/// Each row against what the row before says of itself, so that one change is told once. Behind a gap the
/// mark before is not known; the gap is what is told.
void ChainCheck::check_marks(const ChainScope& scope, const std::map<std::uint64_t, const Row*>& places) {
  std::uint64_t expected = 1;
  std::string_view before;
  std::vector<FieldValue> fields;
  for (const auto& [place, row] : places) {
    const bool gap = place != expected;
    if (gap) {
      say(range_text(expected, place - 1) + " missing of " + std::string(scope.producer) + ", before entry " +
          row->entry);
    }
    fields.clear();
    for (const auto& [name, value] : row->fields) fields.push_back({name, value});
    const auto verdict = gap ? ReceiptChain::Verdict::Good : chain_.check(scope, fields, row->mark, before);
    const auto what =
        "entry " + row->entry + ": receipt " + std::to_string(place) + " of " + std::string(scope.producer);
    if (verdict == ReceiptChain::Verdict::Wrong) say(what + " was changed");
    if (verdict == ReceiptChain::Verdict::UnknownKey)
      say(what + " was chained with key " + row->mark.key + ", which `consent.signing_keys` does not hold");
    before = row->mark.mark;
    expected = place + 1;
  }
}

void ChainCheck::check_end(const ChainScope& scope, const std::string& text, std::uint64_t last) {
  const std::string of = " of " + std::string(scope.producer);
  if (text.empty()) return say("the end of the chain" + of + " is missing: its last receipts may be too");
  const auto [verdict, end] = chain_.check_end(scope, text);
  if (verdict == ReceiptChain::Verdict::Wrong) return say("the end of the chain" + of + " was changed");
  if (verdict == ReceiptChain::Verdict::UnknownKey)
    return say("the end of the chain" + of +
               " was made with a key that `consent.signing_keys` does not hold");
  if (last < end.count) say(range_text(last + 1, end.count) + " missing" + of + ", at the end of the day");
  if (last > end.count) say(range_text(end.count + 1, last) + " not Portvakt's" + of);
}

}  // namespace portvakt::logs
