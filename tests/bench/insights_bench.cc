// The reports' store and answers in figures: insights_bench [VISITS] [FOLDER]
// Makes up a year of one site, of which VISITS (1,000,000) are of consenting visitors and as many again
// anonymous, feeds it through the store's own door and asks every kind of question, each several times.
// Prints records per CPU second, milliseconds of CPU at the median and the 95th percentile, memory, file
// size.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

#include "insights/column_reports.h"
#include "insights/sqlite_store.h"

namespace portvakt::insights {
namespace {

constexpr Day kFirst = 20454;  // 1 January 2026
constexpr Day kDays = 365;
constexpr std::int64_t kDayMilliseconds = 86'400'000;

double cpu_seconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

long peak_mebibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// A clock that stands at the end of the year.
class YearEnd : public Clock {
 public:
  WallTime wall() const override {
    return WallTime(std::chrono::milliseconds((kFirst + kDays) * kDayMilliseconds));
  }
  SteadyTime steady() const override { return {}; }
};

class Year {
 public:
  Year(Store& store, std::int64_t visits) : store_(store), visits_(visits) {}

  std::size_t run() {
    for (Day day = kFirst; day < kFirst + kDays; ++day) {
      batch_.stream = "bench/" + std::to_string(day);
      batch_.after.clear();
      for (std::int64_t i = 0; i < visits_ / kDays; ++i) visit(day, true), visit(day, false);
      flush();
    }
    return taken_;
  }
  double store_seconds() const { return seconds_; }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  /// The first words come often, the last seldom.
  std::uint32_t skewed(std::uint32_t limit) { return below(below(limit) + 1); }

  /// Good until the next.
  SourceRecord& add(logs::RecordKind kind, std::int64_t time) {
    if (batch_.records.size() >= kBatchRecords) flush();
    auto& record = batch_.records.emplace_back();
    record.kind = kind;
    record.fields = {{"id", "00ff00ff00ff00ff-0-" + std::to_string(++sequence_)},
                     {"t", std::to_string(time)},
                     {"site", "bench"}};
    return record;
  }

  void visit(Day day, bool consented) {
    static const char* const kCountries[] = {"NO", "SE", "DK", "DE", "GB", "NL", "FI", "US", "PL", "FR"};
    static const char* const kBrowsers[] = {"Chrome", "Safari", "Edge", "Firefox", "Opera"};
    static const char* const kSystems[] = {"Windows", "iOS", "Android", "macOS", "Linux"};
    static const char* const kDevices[] = {"phone", "desktop", "tablet"};
    auto time = day * kDayMilliseconds + below(86'400'000);
    const std::string visitor =
        consented ? "visitor-" + std::to_string(below(static_cast<std::uint32_t>(visits_ / 2))) : "";
    const std::pair<std::string, std::string> surroundings[] = {
        {"country", kCountries[skewed(10)]}, {"isp", "Network " + std::to_string(skewed(800))},
        {"browser", kBrowsers[skewed(5)]},   {"browser_version", std::to_string(120 + skewed(15))},
        {"os", kSystems[skewed(5)]},         {"device", kDevices[skewed(3)]}};
    const auto referrer = skewed(200) < 60 ? "" : "https://site" + std::to_string(skewed(300)) + ".example";
    for (std::uint32_t i = 0; i <= skewed(6); ++i, time += 1 + below(120'000)) {
      auto& record = add(logs::RecordKind::Access, consented ? time : time / 60000 * 60000);
      record.fields.insert(
          record.fields.end(),
          {{"method", "GET"},
           {"path", "/section" + std::to_string(skewed(20)) + "/page" + std::to_string(skewed(100))},
           {"status", "200"},
           {"referrer", i == 0 ? referrer : std::string("/before")},
           {"campaign", i == 0 && below(8) == 0
                            ? "source=letter&medium=email&campaign=c" + std::to_string(skewed(50))
                            : std::string()},
           {"purposes", consented ? "necessary, analytics" : "necessary"},
           {"visitor", visitor}});
      record.fields.insert(record.fields.end(), std::begin(surroundings), std::end(surroundings));
      if (!consented || below(6) != 0) continue;
      auto& event = add(logs::RecordKind::Event, time + 1);
      event.fields.insert(event.fields.end(),
                          {{"event", "outbound"},
                           {"target", "https://out" + std::to_string(skewed(100)) + ".example"},
                           {"screen", "m"},
                           {"purposes", "necessary, analytics"},
                           {"visitor", visitor}});
    }
  }

  void flush() {
    batch_.up_to = std::to_string(sequence_);
    const auto began = cpu_seconds();
    const auto taken = store_.take(batch_);
    seconds_ += cpu_seconds() - began;
    if (!taken) std::printf("%s\n", taken.error().detail.c_str()), std::exit(1);
    taken_ += *taken;
    batch_.after = batch_.up_to;
    batch_.records.clear();
  }

  Store& store_;
  const std::int64_t visits_;
  std::mt19937_64 random_{3};
  RecordBatch batch_;
  std::uint64_t sequence_ = 0;
  std::size_t taken_ = 0;
  double seconds_ = 0;
};

template <typename Ask>
double measure(const char* name, Ask ask) {
  constexpr int kRounds = 20;
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto began = cpu_seconds();
    if (const auto answer = ask(); !answer) std::printf("%s\n", answer.error().detail.c_str()), std::exit(1);
    times.push_back((cpu_seconds() - began) * 1000);
  }
  std::sort(times.begin(), times.end());
  std::printf("  %-44s p50 %7.1f ms  p95 %7.1f ms\n", name, times[kRounds / 2], times[kRounds * 19 / 20]);
  return times[kRounds * 19 / 20];
}

void ask_all(Reports& reports, const std::string& title, Query query) {
  std::printf("%s\n", title.c_str());
  measure("totals", [&] { return reports.totals(query); });
  measure("series by day", [&] { return reports.series(query, Granularity::Days); });
  measure("series by hour", [&] { return reports.series(query, Granularity::Hours); });
  for (const auto by : {Dimension::Page, Dimension::Section, Dimension::Entry, Dimension::Referrer,
                        Dimension::Campaign, Dimension::Country, Dimension::Organisation,
                        Dimension::BrowserVersion, Dimension::Outbound, Dimension::NotFound}) {
    const auto name = "table " + std::string(dimension_name(by));
    measure(name.c_str(), [&] { return reports.table(query, by, {}); });
  }
  measure("goals", [&] { return reports.goals(query); });
  const Funnel funnel{0,
                      "f",
                      {{"a", {GoalKind::Page, "/section0/*"}},
                       {"b", {GoalKind::Page, "/section1/*"}},
                       {"c", {GoalKind::Page, "*"}}}};
  measure("funnel", [&] { return reports.funnel(query, funnel); });
  measure("consent", [&] { return reports.consent(query, Granularity::Days); });
  measure("held", [&] { return reports.held(query); });
  measure("screen: totals, series, six tables", [&]() -> Result<int> {
    auto said = reports.totals(query);
    if (!said) return tl::unexpected(said.error());
    (void)reports.series(query, Granularity::Weeks);
    for (const auto by : {Dimension::Page, Dimension::Entry, Dimension::Referrer, Dimension::Campaign,
                          Dimension::Country, Dimension::Device})
      (void)reports.table(query, by, {});
    return 0;
  });
}

int run(std::int64_t visits, const std::filesystem::path& folder) {
  const auto file = folder / "insights.db";
  auto store = SqliteStore::open(file);
  if (!store) return 1;
  Year year(**store, visits);
  const auto taken = year.run();
  std::printf("%zu records, %.0f a CPU second into the store\n", taken,
              static_cast<double>(taken) / year.store_seconds());
  auto began = cpu_seconds();
  while ((*store)->settle().value_or(false)) {
  }
  std::printf("days prepared in %.1f s of CPU; file %.0f MiB; peak memory so far %ld MiB\n",
              cpu_seconds() - began, static_cast<double>(std::filesystem::file_size(file)) / 1048576,
              peak_mebibytes());
  const YearEnd clock;
  const auto reports = ColumnReports::open(file, {}, clock);
  if (!reports) return 1;
  (void)(*reports)->definitions().store("bench", Goal{0, "Bought", {GoalKind::Page, "/section3/*"}});
  Query query;
  query.site = "bench";
  query.period = {kFirst, kFirst + kDays - 1};
  began = cpu_seconds();
  if (!(*reports)->totals(query)) return 1;
  std::printf("first question, all from the file: %.0f ms\n", (cpu_seconds() - began) * 1000);
  ask_all(**reports, "the whole year", query);
  query.filters = {{Dimension::Country, Match::Is, {"NO"}}};
  ask_all(**reports, "country is NO", query);
  query.filters = {{Dimension::Page, Match::Is, {"/section1/page3"}},
                   {Dimension::Device, Match::IsNot, {"tablet"}}};
  ask_all(**reports, "page and device", query);
  std::printf("prepared days in memory %.0f MiB; peak memory %ld MiB\n",
              static_cast<double>((*reports)->cached_bytes()) / 1048576, peak_mebibytes());
  return 0;
}

}  // namespace
}  // namespace portvakt::insights

int main(int count, char** words) {
  const auto visits = count > 1 ? std::stoll(words[1]) : 1'000'000;
  const std::filesystem::path folder = count > 2 ? words[2] : "insights-bench";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return portvakt::insights::run(visits, folder);
}
