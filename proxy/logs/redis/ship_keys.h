// The names of our keys in Redis. One day of one site lies in one hash slot, because what is in braces
// decides it. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"

namespace portvakt::logs {

/// Days since 1970, UTC.
std::int64_t day_of(WallTime time);
/// `2026-11-22`.
std::string day_text(std::int64_t day);
bool is_day_text(std::string_view text);

/// The keys of one site and day.
struct DayKeys {
  std::string requests;
  std::string consents;
  std::string events;
  std::string sent;
  // Indexes from subject to entries (visitor_index.h), one a stream, so that each goes with its stream.
  std::string visitors;
  std::string erased;  // stream: receipts whose visitor was erased, see receipt_erasure.h
  std::string consent_visitors;
  std::string event_visitors;
  /// A hash: subject to the time before which its records must not be stored any more.
  std::string orders;
  /// The stream of erasures that visitors ordered, until they are entered.
  std::string erasures;
};
/// The field of `sent` that holds the end of a producer's receipt chain.
std::string chain_end_field(std::string_view producer);
DayKeys day_keys(std::string_view prefix, std::string_view site, std::string_view day);

/// Where a stream is written anew before it takes the stream's name.
std::string stream_copy(std::string_view stream);

/// The sorted set of a site's days.
std::string days_key(std::string_view prefix, std::string_view site);

/// `portvakt:{SITE}:NAME`.
std::string site_key(std::string_view prefix, std::string_view site, std::string_view name);

}  // namespace portvakt::logs
