#include "proxy/logs/redis/ship_keys.h"

#include <algorithm>
#include <chrono>

#include "proxy/base/ascii.h"

namespace portvakt::logs {
namespace {

std::string padded(unsigned number, std::size_t digits) {
  std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

}  // namespace

std::int64_t day_of(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

std::string day_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return padded(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" + padded(static_cast<unsigned>(date.day()), 2);
}

bool is_day_text(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::ranges::count_if(text, ascii::is_digit) == 8;
}

DayKeys day_keys(std::string_view prefix, std::string_view site, std::string_view day) {
  std::string base;
  base.append(prefix).append(":{").append(site).append("/").append(day).append("}:");
  return {base + "requests",
          base + "consents",
          base + "events",
          base + "sent",
          base + "visitors",
          base + "erased",
          base + "visitors:consents",
          base + "visitors:events",
          base + "orders",
          base + "erasures"};
}

std::string chain_end_field(std::string_view producer) {
  return std::string(producer) + ":chain";
}

std::string stream_copy(std::string_view stream) {
  return std::string(stream) + ":copy";
}

std::string days_key(std::string_view prefix, std::string_view site) {
  return site_key(prefix, site, "days");
}

std::string site_key(std::string_view prefix, std::string_view site, std::string_view name) {
  return std::string(prefix).append(":{").append(site).append("}:").append(name);
}

}  // namespace portvakt::logs
