#include "insights/demo.h"

#include <array>
#include <random>
#include <span>

namespace portvakt::insights {
namespace {

constexpr Day kDays = 90 * 2;  // the longest period and the one before it
constexpr std::int64_t kDayMilliseconds = 86'400'000;

struct Choice {
  std::string_view name;
  int weight;
};

struct DemoSite {
  std::string_view name;
  int visits;   // on a working day
  int growth;   // in percent, over the whole time
  int weekend;  // percent of a working day
  int consent;  // percent of visitors
  std::span<const Choice> pages;
  std::span<const Choice> held;
};

constexpr std::array<Choice, 9> kFerryPages = {{{"/", 40},
                                                {"/timetable", 26},
                                                {"/tickets", 14},
                                                {"/routes/north", 9},
                                                {"/routes/south", 7},
                                                {"/news", 5},
                                                {"/contact", 4},
                                                {"/accessibility", 2},
                                                {"/tickets/thanks", 5}}};
constexpr std::array<Choice, 8> kShopPages = {{{"/", 30},
                                               {"/products", 25},
                                               {"/products/lamp", 14},
                                               {"/products/chair", 12},
                                               {"/basket", 9},
                                               {"/checkout", 5},
                                               {"/returns", 3},
                                               {"/about", 4}}};
constexpr std::array<Choice, 3> kFerryHeld = {
    {{"google-analytics", 60}, {"youtube", 25}, {"meta-pixel", 15}}};
constexpr std::array<Choice, 5> kShopHeld = {
    {{"google-analytics", 40}, {"meta-pixel", 30}, {"hotjar", 12}, {"tiktok-pixel", 10}, {"criteo", 8}}};
constexpr std::array<Choice, 9> kCountries = {
    {{"NO", 60}, {"SE", 10}, {"DK", 7}, {"DE", 7}, {"GB", 5}, {"NL", 3}, {"FI", 3}, {"US", 3}, {"PL", 2}}};
constexpr std::array<Choice, 6> kBrowsers = {
    {{"Chrome", 46}, {"Safari", 30}, {"Edge", 11}, {"Firefox", 8}, {"Samsung Internet", 4}, {"Opera", 1}}};
constexpr std::array<Choice, 3> kDevices = {{{"phone", 57}, {"desktop", 38}, {"tablet", 5}}};
constexpr std::array<Choice, 7> kReferrers = {{{"", 34},
                                               {"https://www.google.com", 38},
                                               {"https://www.bing.com", 6},
                                               {"https://duckduckgo.com", 4},
                                               {"https://news.example", 8},
                                               {"https://www.facebook.com", 6},
                                               {"https://visit-the-coast.example", 4}}};
constexpr std::array<Choice, 4> kMissing = {
    {{"/wp-login.php", 50}, {"/old-timetable.pdf", 25}, {"/favicon.png", 15}, {"/campaign-2019", 10}}};

const std::array<DemoSite, 2> kSites = {{{"ferry.example", 260, 25, 70, 46, kFerryPages, kFerryHeld},
                                         {"shop.example", 150, -12, 115, 38, kShopPages, kShopHeld}}};

/// Makes the records of one site, day by day. The generator's numbers are the same on every machine; the
/// standard library's distributions are not, so they are not used.
class Writer {
 public:
  Writer(const DemoSite& site, Store& store, Day today) : site_(site), store_(store), today_(today) {
    batch_.stream = "demo/" + std::string(site.name);
  }

  Result<std::size_t> run() {
    const auto position = store_.position(batch_.stream);
    if (!position) return tl::unexpected(position.error());
    if (!position->empty()) return 0;
    for (Day day = today_ - kDays + 1; day <= today_; ++day) {
      write_day(day);
      batch_.up_to = std::to_string(day);
      const auto taken = store_.take(batch_);
      if (!taken) return taken;
      taken_ += *taken;
      batch_.after = batch_.up_to;
      batch_.records.clear();
    }
    return taken_;
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }

  std::string_view pick(std::span<const Choice> choices) {
    int sum = 0;
    for (const auto& choice : choices) sum += choice.weight;
    int left = below(sum);
    for (const auto& choice : choices) {
      left -= choice.weight;
      if (left < 0) return choice.name;
    }
    return {};
  }

  SourceRecord& add(logs::RecordKind kind, Day day) {
    auto& record = batch_.records.emplace_back();
    record.kind = kind;
    record.fields = {{"id", "demo-" + std::to_string(++sequence_)},
                     {"t", std::to_string(day * kDayMilliseconds)},
                     {"site", std::string(site_.name)}};
    return record;
  }

  void write_day(Day day) {
    const int weekday = static_cast<int>((day + 3) % 7);  // 0: Monday
    int visits = site_.visits * (weekday >= 5 ? site_.weekend : 100) / 100;
    visits = visits *
             (100 + site_.growth * static_cast<int>(day - today_ + kDays) / static_cast<int>(kDays)) / 100;
    visits = visits * (88 + below(25)) / 100;
    if (day == today_) visits = visits * 3 / 5;
    for (int i = 0; i < visits; ++i) write_visit(day);
    for (int i = 0; i < visits / 6; ++i) write_bot(day);
    for (int i = 0; i < visits / 20; ++i) write_missing(day);
  }

  void write_visit(Day day) {
    const bool consented = below(100) < site_.consent;
    const std::string visitor =
        consented ? "made-up-" + std::to_string(below(site_.visits * 20)) : std::string();
    const std::string country(pick(kCountries)), browser(pick(kBrowsers)), device(pick(kDevices));
    std::string referrer(pick(kReferrers));
    if (below(100) < 55) write_choice(day, consented, country);
    const int pages = 1 + below(consented ? 5 : 4);
    for (int page = 0; page < pages; ++page) {
      auto& record = add(logs::RecordKind::Access, day);
      record.fields.insert(record.fields.end(),
                           {{"method", "GET"},
                            {"path", std::string(page == 0 && below(3) > 0 ? "/" : pick(site_.pages))},
                            {"status", "200"},
                            {"country", country},
                            {"browser", browser},
                            {"device", device},
                            {"referrer", referrer},
                            {"purposes", consented ? "necessary, analytics" : "necessary"},
                            {"blocked", consented ? "" : std::string(pick(site_.held))},
                            {"visitor", visitor}});
      referrer = "/";
    }
  }

  void write_choice(Day day, bool consented, const std::string& country) {
    auto& record = add(logs::RecordKind::Consent, day);
    const bool selected = below(100) < 12;
    record.fields.insert(record.fields.end(),
                         {{"choice", selected ? "selected" : (consented ? "accept-all" : "reject-all")},
                          {"purposes", consented ? "necessary, analytics" : "necessary"},
                          {"region", country},
                          {"language", country == "NO" ? "nb" : "en"},
                          {"policy", "2026-11"}});
  }

  void write_bot(Day day) {
    auto& record = add(logs::RecordKind::Access, day);
    record.fields.insert(record.fields.end(),
                         {{"method", "GET"}, {"path", "/"}, {"status", "200"}, {"device", "bot"}});
  }

  void write_missing(Day day) {
    auto& record = add(logs::RecordKind::Access, day);
    record.fields.insert(record.fields.end(), {{"method", "GET"},
                                               {"path", std::string(pick(kMissing))},
                                               {"status", "404"},
                                               {"device", "desktop"},
                                               {"purposes", "necessary"}});
  }

  const DemoSite& site_;
  Store& store_;
  const Day today_;
  std::mt19937 random_{20261122};
  RecordBatch batch_;
  std::uint64_t sequence_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace

Result<std::size_t> DemoSource::poll(Store& store) {
  std::size_t taken = 0;
  for (const auto& site : kSites) {
    const auto written = Writer(site, store, today_).run();
    if (!written) return written;
    taken += *written;
  }
  return taken;
}

}  // namespace portvakt::insights
