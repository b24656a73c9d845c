// Turns a finished exchange into its one access record and its counts. The single place where a record is
// made: what it takes is already minimised, and a full address has no way in.
#pragma once

#include <chrono>
#include <cstdint>

#include "filters/notes.h"
#include "proxy/exchange/site.h"
#include "proxy/http/message.h"
#include "proxy/logs/spool/spool_writer.h"

namespace portvakt::exchange {

struct Outcome {
  int status = 0;  // what the client was sent; 499 if it left before
  std::uint64_t body_bytes = 0;
  std::chrono::milliseconds duration{0};
  WallTime began{};
};

/// Appends the record (and the consent receipt, if the exchange carried a choice) and counts. `method` is
/// empty for a request that could not be read.
void record_exchange(const Site& site, std::string_view method, const filters::Notes& notes,
                     const Outcome& outcome, logs::SpoolWriter& spool);

}  // namespace portvakt::exchange
