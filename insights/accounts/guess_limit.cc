#include "insights/accounts/guess_limit.h"

#include <algorithm>

#include "proxy/base/crypto.h"

namespace portvakt::insights {

GuessLimit::GuessLimit() : key_(crypto::random_bytes(16)) {}

bool GuessLimit::Budget::take(double most, double per_minute, SteadyTime now) {
  const std::chrono::duration<double, std::ratio<60>> passed = now - at;
  used = std::max(0.0, used - passed.count() * per_minute);
  at = now;
  if (used + 1 > most) return false;
  used += 1;
  return true;
}

GuessLimit::Budget& GuessLimit::place_of(std::string_view account) {
  const auto hash = crypto::hmac_sha256(key_, account);
  const auto high = static_cast<unsigned char>(hash[0]), low = static_cast<unsigned char>(hash[1]);
  return places_[(high * 256U + low) % kPlaces];
}

bool GuessLimit::take(std::string_view account, SteadyTime now) {
  return place_of(account).take(kGuessesPerAccount, kGuessesPerAccountMinute, now) &&
         all_.take(kGuessesInAll, kGuessesInAllMinute, now);
}

void GuessLimit::forgive(std::string_view account) {
  auto& place = place_of(account);
  place.used = 0;
  all_.used = std::max(0.0, all_.used - 1);
}

}  // namespace portvakt::insights
