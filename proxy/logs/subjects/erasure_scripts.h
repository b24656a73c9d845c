// The atomic steps of an erasure. Each is one call on keys of one hash slot, bounded in time, and may be
// repeated. Bytes of an entry that XDEL took stay in Redis' memory, dump and append-only file until its
// stream is written anew: a copy grows beside the stream, step by step, and takes its name in the step that
// copies the last entries. Entry ids, the stream's last id and its consumer groups stay, so that readers'
// positions and acknowledgements stay valid. No state.
#pragma once

#include <string_view>

namespace portvakt::logs {

/// KEYS: a site's `orders`, `erasing`, `erasures`, `audit`. ARGV: subject, before, now, notice id, site, who,
/// length of the audit trail. 1: entered; 0: an order that reaches as far stands already.
std::string_view order_script();

/// Takes a subject's rows out of one stream, a bounded number a call. KEYS: the day's `orders`, the index,
/// the stream, its copy, for receipts the stream `erased`. ARGV: subject, before, the stream's name. Enters
/// the order, moves the rows, notes that the stream needs rewriting. Answers how many it took, or -1 - that
/// when there are more.
std::string_view hide_script();

/// Begins a copy from nothing. KEYS: the day's `orders`, the stream, its copy. ARGV: the stream's name. The
/// number of the wish that this rewriting fulfils; 0: nobody wished for it.
std::string_view begin_rewrite_script();

/// Copies some more. KEYS: the day's `orders`, the stream, its copy. ARGV: the stream's name, the wish, how
/// many entries. 1: there are more; 0: done, or another has done it.
std::string_view rewrite_script();

}  // namespace portvakt::logs
