// What a record costs: the worker's append (encoding included) with its system calls, and the shipper's way
// to a Redis server if one is named, with the bytes that a record takes there: spool_bench FOLDER [REDIS_URL]
// [RECORDS]. The server's database must be empty. Takes turns of five rounds and prints the median.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/redis/redis_command.h"
#include "proxy/logs/shipping/redis_shipper.h"
#include "proxy/logs/spool/spool.h"
#include "tests/support/system_calls.h"

namespace {

using namespace portvakt;

constexpr int kRounds = 5;
constexpr int kUntrapped = 1000;

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
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

void append_some(logs::Spool& spool, const Clock& clock, int count) {
  std::string path;
  for (int i = 0; i < count; ++i) {
    path.assign("/products/chairs/").append(std::to_string(i % 1000));
    spool.writer(0).append(typical_record(path, clock));
  }
}

void append_all(logs::Spool& spool, const Clock& clock, int count) {
  std::vector<double> cpu;
  for (int round = 0; round < kRounds; ++round) {
    const double began = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    append_some(spool, clock, count / kRounds);
    cpu.push_back((seconds_of(CLOCK_THREAD_CPUTIME_ID) - began) * 1e9 * kRounds / count);
  }
  std::printf("append: %.0f ns CPU a record; lost %llu\n", median(cpu),
              static_cast<unsigned long long>(spool.lost()));
  // Within one segment; between two, the keeper is woken by one call, once in some ten thousand records.
  const int calls = test::count_system_calls([&] { append_some(spool, clock, kUntrapped); });
  std::printf("append: %d system calls for %d records\n", calls, kUntrapped);
}

double stored_bytes(const logs::RedisUrl& url) {
  const logs::StopSignal stop;
  logs::RedisClient client(url, {std::chrono::seconds{5}, std::chrono::seconds{60}}, stop);
  std::string command;
  logs::append_command(command, {"INFO", "memory"});
  if (!client.connect()) return 0;
  const auto replies = client.exchange(command, 1);
  if (!replies) return 0;
  const std::string& text = replies->front().text;
  const std::size_t at = text.find("used_memory:");
  return at == std::string::npos ? 0 : std::atof(text.c_str() + at + 12);
}

void ship_all(logs::Spool& spool, const Clock& clock, const logs::RedisUrl& url, int count) {
  logs::ShipperSettings settings;
  settings.redis = url;
  const double memory = stored_bytes(url);
  const double time = seconds_of(CLOCK_MONOTONIC), cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  logs::RedisShipper shipper(spool, settings, clock);
  while (shipper.counters().delivered.value() < static_cast<std::uint64_t>(count)) ::poll(nullptr, 0, 1);
  const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  const double took = seconds_of(CLOCK_MONOTONIC) - time;
  std::printf("ship: %.0f ns CPU a record, %.0f records/s, retried %llu\n", used * 1e9 / count, count / took,
              static_cast<unsigned long long>(shipper.counters().retried.value()));
  std::printf("ship: %.0f bytes a record in Redis\n", (stored_bytes(url) - memory) / count);
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
