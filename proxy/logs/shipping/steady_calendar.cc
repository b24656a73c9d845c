#include "proxy/logs/shipping/steady_calendar.h"

namespace portvakt::logs {
namespace {

constexpr std::chrono::hours kLeap{1};

bool are_near(std::chrono::milliseconds a, std::chrono::milliseconds b) {
  return std::chrono::abs(a - b) <= kLeap;
}

}  // namespace

SteadyCalendar::SteadyCalendar(const Clock& clock, std::chrono::milliseconds patience)
    : clock_(clock), patience_(patience), believed_(offset()) {}

std::chrono::milliseconds SteadyCalendar::offset() const {
  return clock_.wall().time_since_epoch() -
         std::chrono::floor<Milliseconds>(clock_.steady().time_since_epoch());
}

WallTime SteadyCalendar::now() {
  const SteadyTime steady = clock_.steady();
  const Milliseconds told = offset();
  if (are_near(told, believed_)) {
    believed_ = told;
    doubt_.reset();
  } else if (!doubt_ || !are_near(told, doubt_->offset)) {
    doubt_ = Doubt{told, steady};
  } else if (steady - doubt_->since >= patience_) {
    believed_ = told;
    doubt_.reset();
  }
  return WallTime{std::chrono::floor<Milliseconds>(steady.time_since_epoch()) + believed_};
}

}  // namespace portvakt::logs
