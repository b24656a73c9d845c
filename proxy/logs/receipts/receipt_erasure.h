// How a visitor is taken out of consent receipts without breaking their chain: what was agreed to stays as
// proof, who agreed goes. The rule: a row leaves the stream of consents only together with a copy, without
// `visitor`, in the day's `erased` stream, behind a field `at` that names the entry it was. `portvakt
// receipts verify` reads both.
#pragma once

#include <string_view>

namespace portvakt::logs {

/// One atomic script. KEYS: the day's streams of consents and of erased receipts (one hash slot). ARGV: ids
/// of entries. Answers how many it moved; an entry that is not there is passed over, so it may be called
/// again.
std::string_view erase_receipts_script();

}  // namespace portvakt::logs
