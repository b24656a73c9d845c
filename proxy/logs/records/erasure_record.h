// What a visitor who pressed "erase" asks of Redis, on its way there through the spool like any record, so
// that it outlives a Redis that is down: all records of this subject that are older than `before` must go.
// Names nobody: the subject stands for the visitor id. Same encoding as an access record.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

/// Views live until encode() returns.
struct ErasureRecord {
  WallTime time{};
  std::string_view site;
  std::string_view subject;  // subject_of(site, visitor id)
  WallTime before{};         // erase_before(time)
};

/// The edges' clocks differ, and what is under way ends a little later: an erasure at `now` reaches so far.
WallTime erase_before(WallTime now);

/// `id t site subject before`.
std::span<const RecordField<ErasureRecord>> erasure_fields();

/// Appends the payload to `out`.
void encode(const ErasureRecord& record, std::string& out);

}  // namespace portvakt::logs
