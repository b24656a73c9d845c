// What is counted of one site, by all workers, for /metrics. Lives as long as the process: a reload keeps
// counting.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "filters/inventory.h"
#include "filters/purposes.h"
#include "proxy/base/counters.h"
#include "proxy/upstream/server_status.h"

namespace portvakt::exchange {

/// Upper bounds of the histogram of request durations, in milliseconds; one more bucket takes the rest.
inline constexpr std::array<unsigned, 12> kDurationBounds = {1,   2,   5,   10,   25,   50,
                                                             100, 250, 500, 1000, 5000, 30000};

struct SiteCounters {
  std::array<Counter, 600> responses;  // by status code
  std::array<Counter, kDurationBounds.size() + 1> durations;
  Counter duration_total_ms;
  std::array<Counter, filters::kMaxPurposes> tags_held;
  std::array<Counter, filters::kMaxPurposes> request_cookies_held;
  std::array<Counter, filters::kMaxPurposes> response_cookies_held;
  Counter choices_accept_all;
  Counter choices_reject_all;
  Counter choices_selected;
  filters::InventoryBoard inventory;
  /// Of every server that the site ever had, by name; added to on the main thread alone.
  std::map<std::string, std::shared_ptr<upstream::ServerStatus>, std::less<>> servers;
};

}  // namespace portvakt::exchange
