// The index beside a day's stream: a hash from subject to the entries of that visitor's records, so that they
// are found without reading the day. Written by the batch script in the same call as the records. It holds no
// visitor id. A field's value is a run of ten-byte entries, big endian: six bytes of the entry id's
// milliseconds, four of its counter. What grows past 4,000 bytes is moved to the fields `SUBJECT:1`,
// `SUBJECT:2` and so on, and the field goes on behind an entry whose milliseconds are 0 and whose counter
// tells how many there are. With four records a visitor that costs Redis 30 bytes a record, with forty 13.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::logs {

struct IndexValue {
  std::vector<std::string> entries;  // entry ids, `1795348800000-0`
  std::uint64_t moved = 0;           // fields SUBJECT:1 to SUBJECT:moved exist too
};

/// A value as it lies in the hash; bytes that make no whole entry are left out.
IndexValue parse_index(std::string_view value);

}  // namespace portvakt::logs
