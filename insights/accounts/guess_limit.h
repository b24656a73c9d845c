// How often passwords may be guessed: for each account and for all of them together. Knows names by a keyed
// hash only and no address at all, in memory of a fixed size, so that no flood of names makes it grow. What
// one account used up does not lock out those who are signed in already. One thread.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "proxy/base/clock.h"

namespace portvakt::insights {

inline constexpr double kGuessesPerAccount = 5;        // at once
inline constexpr double kGuessesPerAccountMinute = 1;  // from then on
inline constexpr double kGuessesInAll = 30;
inline constexpr double kGuessesInAllMinute = 30;

class GuessLimit {
 public:
  GuessLimit();

  /// Takes one guess; false: none is left now.
  bool take(std::string_view account, SteadyTime now);
  /// It was no guess: gives back what take() took.
  void forgive(std::string_view account);

 private:
  struct Budget {
    double used = 0;
    SteadyTime at{};
    bool take(double most, double per_minute, SteadyTime now);
  };
  static constexpr std::size_t kPlaces = 1024;
  Budget& place_of(std::string_view account);

  std::string key_;
  Budget all_;
  std::array<Budget, kPlaces> places_{};
};

}  // namespace portvakt::insights
