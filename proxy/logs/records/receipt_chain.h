// What makes a changed, dropped or reordered consent receipt findable. The rows of one producer, site and day
// form a chain: each carries a mark, an HMAC under a key made from the consent signing key, over its place,
// its fields and the mark before it. A mark of the end, kept by the batch script in the day's `sent` hash,
// guards the last rows. The visitor id is not under the mark but under a seal of its own, so that erasing it
// leaves the chain whole. What it cannot find: the loss of all that one producer wrote on a day together with
// its marks, and an older state put back as a whole; for that keep the printed ends elsewhere.
//
//   chain field of a row       KEY.PLACE.MARK.SEAL   SEAL is empty when the row has no visitor
//   `PRODUCER:chain` in `sent` KEY.COUNT.MARK.END
//   KEY    SigningKey::id      PLACE  from 1, decimal
//   MARK   HMAC-SHA-256 over label, site, day, producer, place, mark before, digest of the row, seal
//   SEAL   first 128 bits of the HMAC over label, receipt and visitor
//   END    HMAC over label, site, day, producer, count, mark
// The digest is SHA-256 over names and values, each behind its length, in the row's order, without `visitor`
// and `chain`. Text is base64url. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/signing_key.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

inline constexpr std::string_view kChainField = "chain";

/// Whose chain. The views live as long as the call.
struct ChainScope {
  std::string_view site;
  std::string_view day;  // 2026-11-22
  std::string_view producer;
};

/// How far a chain has come: nothing written yet, unless said.
struct ChainEnd {
  std::uint64_t count = 0;
  std::string mark;  // of the last row
};

/// A row's chain field, taken apart.
struct ChainMark {
  std::string key;
  std::uint64_t place = 0;
  std::string mark;
  std::string seal;
};
std::optional<ChainMark> parse_chain_mark(std::string_view text);

class ReceiptChain {
 public:
  /// The first key writes, all verify. Without a key nothing is chained.
  explicit ReceiptChain(const std::vector<consent::SigningKey>& keys);

  bool empty() const { return keys_.empty(); }

  /// The chain field for the next row, and the chain's new end.
  std::string add(const ChainScope& scope, const std::vector<FieldValue>& fields, ChainEnd& end) const;
  /// The mark of the end.
  std::string close(const ChainScope& scope, const ChainEnd& end) const;

  enum class Verdict : std::uint8_t { Good, Wrong, UnknownKey };
  /// Whether the row is the one that was written after the row with mark `before`.
  Verdict check(const ChainScope& scope, const std::vector<FieldValue>& fields, const ChainMark& mark,
                std::string_view before) const;
  struct CheckedEnd {
    Verdict verdict = Verdict::Wrong;
    ChainEnd end;
  };
  CheckedEnd check_end(const ChainScope& scope, std::string_view text) const;

 private:
  const consent::SigningKey* find(std::string_view id) const;

  std::vector<consent::SigningKey> keys_;  // made from the consent keys, with their ids
};

}  // namespace portvakt::logs
