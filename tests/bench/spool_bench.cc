// What a record costs: the worker's append (encoding included), and the shipper's way to a Redis server if
// one is named: spool_bench FOLDER [REDIS_URL] [RECORDS]. Prints nanoseconds of CPU and of time for each
// record.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

#include <poll.h>

#include "proxy/logs/redis_shipper.h"
#include "proxy/logs/spool.h"

namespace {

using namespace portvakt;

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

logs::AccessRecord typical_record(const std::string& path, const Clock& clock) {
  logs::AccessRecord record;
  record.time = clock.wall();
  record.site = "www.example.test";
  record.method = "GET";
  record.path = path;
  record.status = 200;
  record.bytes = 18412;
  record.duration = std::chrono::milliseconds{12};
  record.country = "NO";
  record.isp = "Telenor Norge AS";
  record.browser = "Firefox";
  record.browser_version = "145";
  record.os = "Windows";
  record.device = "desktop";
  record.referrer = "https://www.search.example/";
  record.purposes = "necessary";
  record.blocked = "google-analytics, meta, linkedin";
  record.policy = "2026-11";
  return record;
}

void append_all(logs::Spool& spool, const Clock& clock, int count) {
  const double time = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < count; ++i) {
    const std::string path = "/products/chairs/" + std::to_string(i % 1000);
    spool.writer(0).append(typical_record(path, clock));
  }
  const double scale = 1e9 / count;
  std::printf("append: %.0f ns CPU, %.0f ns time a record; lost %llu\n",
              (seconds_of(CLOCK_THREAD_CPUTIME_ID) - cpu) * scale,
              (seconds_of(CLOCK_MONOTONIC) - time) * scale, static_cast<unsigned long long>(spool.lost()));
}

void ship_all(logs::Spool& spool, const Clock& clock, const logs::RedisUrl& url, int count) {
  logs::ShipperSettings settings;
  settings.redis = url;
  const double time = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  logs::RedisShipper shipper(spool, settings, clock);
  while (shipper.counters().delivered.value() < static_cast<std::uint64_t>(count)) ::poll(nullptr, 0, 1);
  const double took = seconds_of(CLOCK_MONOTONIC) - time;
  std::printf("ship: %.0f ns CPU a record, %.0f records/s\n",
              (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e9 / count, count / took);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: spool_bench FOLDER [REDIS_URL] [RECORDS]\n"), 2;
  const SystemClock clock;
  const int count = argc > 3 ? std::atoi(argv[3]) : 500000;
  logs::SpoolSettings settings;
  settings.path = argv[1];
  auto spool = logs::Spool::open(settings, clock);
  if (!spool) return std::fprintf(stderr, "%s\n", spool.error().detail.c_str()), 1;
  append_all(**spool, clock, count);
  if (argc < 3) return 0;
  const auto url = logs::parse_redis_url(argv[2]);
  if (!url) return std::fprintf(stderr, "%s\n", url.error().detail.c_str()), 2;
  ship_all(**spool, clock, *url, count);
  return 0;
}
