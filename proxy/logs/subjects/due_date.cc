#include "proxy/logs/subjects/due_date.h"

namespace portvakt::logs {

std::chrono::sys_days due_day(WallTime received, std::chrono::months time) {
  using namespace std::chrono;
  const year_month_day came{floor<days>(received)};
  const year_month_day same = came + time;
  return same.ok() ? sys_days{same} : sys_days{same.year() / same.month() / last};
}

WallTime end_of(std::chrono::sys_days day) {
  return WallTime{day + std::chrono::days{1}};
}

}  // namespace portvakt::logs
