#include "proxy/server/process_limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace portvakt::server {
namespace {

constexpr std::uint64_t kReserve = 64;          // listeners of the operators, Redis, log, files being read
constexpr std::uint64_t kReservePerWorker = 8;  // event loop, listening sockets, spool segments
constexpr std::uint64_t kFewest = 16;
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 20;

/// Control groups version 2; a process without one, or without a limit, has no such file or the word "max".
std::uint64_t group_memory() {
  std::ifstream in("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  return in >> bytes ? bytes : UINT64_MAX;
}

}  // namespace

std::uint64_t worker_count(int given) {
  if (given > 0) return static_cast<std::uint64_t>(given);
  return std::max(1U, std::thread::hardware_concurrency());
}

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  rlimit raised = limit;
  raised.rlim_cur = limit.rlim_max == RLIM_INFINITY ? kUnlimited : limit.rlim_max;
  if (raised.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return std::min<std::uint64_t>(limit.rlim_cur, kUnlimited);
}

std::uint64_t connections_for(std::uint64_t descriptors, std::uint64_t workers) {
  const auto reserve = kReserve + kReservePerWorker * workers;
  return std::max(kFewest, (std::max(descriptors, reserve) - reserve) / 2);
}

std::uint64_t usable_memory() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto size = ::sysconf(_SC_PAGESIZE);
  const auto machine = pages > 0 && size > 0
                           ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size)
                           : UINT64_MAX;
  return std::min(machine, group_memory());
}

}  // namespace portvakt::server
