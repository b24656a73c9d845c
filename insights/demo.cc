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
constexpr std::array<Choice, 5> kNetworks = {{{"Northern Telecom", 40},
                                              {"Coast Broadband", 30},
                                              {"Harbour Mobile", 20},
                                              {"Island Fibre", 8},
                                              {"A Small Net", 2}}};
constexpr std::array<Choice, 5> kSystems = {
    {{"Android", 30}, {"iOS", 28}, {"Windows", 27}, {"macOS", 12}, {"Linux", 3}}};
constexpr std::array<Choice, 5> kScreens = {{{"xs", 45}, {"s", 14}, {"m", 8}, {"l", 18}, {"xl", 15}}};
constexpr std::array<Choice, 5> kCampaigns = {{{"", 86},
                                               {"source=newsletter&medium=email&campaign=autumn", 5},
                                               {"source=search&medium=cpc&campaign=brand", 4},
                                               {"source=instagram&medium=social&campaign=autumn", 3},
                                               {"source=poster&campaign=harbour", 2}}};
constexpr std::array<Choice, 4> kOutbound = {{{"https://map.example", 50},
                                              {"https://weather.example", 30},
                                              {"https://www.facebook.com", 15},
                                              {"https://partner.example", 5}}};
constexpr std::array<Choice, 3> kDownloads = {
    {{"/files/timetable.pdf", 60}, {"/files/prices.pdf", 30}, {"/files/terms.pdf", 10}}};
constexpr std::array<Choice, 3> kBots = {{{"Googlebot", 55}, {"bingbot", 30}, {"AhrefsBot", 15}}};
/// Of a day's visits in each hour.
constexpr std::array<int, 24> kHours = {1,  1, 1, 1, 1, 2, 4, 7,  9,  9, 9, 9,
                                        10, 9, 8, 8, 8, 8, 9, 10, 10, 8, 5, 2};
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

  /// Somebody with a browser, for as long as a visit.
  struct Guest {
    std::string visitor;  // empty: did not consent
    std::string country, network, browser, version, system, device, screen;
  };

  SourceRecord& add(logs::RecordKind kind, std::int64_t time, bool consented) {
    auto& record = batch_.records.emplace_back();
    record.kind = kind;
    record.fields = {{"id", "demo-" + std::to_string(++sequence_)},
                     {"t", std::to_string(consented ? time : time / 60000 * 60000)},
                     {"site", std::string(site_.name)}};
    return record;
  }

  void describe(SourceRecord& record, const Guest& guest) {
    record.fields.insert(record.fields.end(),
                         {{"country", guest.country},
                          {"isp", guest.network},
                          {"browser", guest.browser},
                          {"browser_version", guest.version},
                          {"os", guest.system},
                          {"device", guest.device},
                          {"purposes", guest.visitor.empty() ? "necessary" : "necessary, analytics"},
                          {"visitor", guest.visitor}});
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
    for (int i = 0; i < visits / 20; ++i) write_fault(day);
  }

  std::int64_t moment(Day day) {
    int left = below(149), hour = 0;
    while (hour < 23 && (left -= kHours[static_cast<std::size_t>(hour)]) >= 0) ++hour;
    if (day == today_) hour /= 2;  // the day is not over
    return day * kDayMilliseconds + hour * 3'600'000LL + below(3'600'000);
  }

  Guest guest(bool consented) {
    Guest guest;
    if (consented) guest.visitor = "made-up-" + std::to_string(below(site_.visits * 20));
    guest.country = pick(kCountries), guest.network = pick(kNetworks), guest.browser = pick(kBrowsers);
    guest.version = std::to_string(120 + below(8));
    guest.system = pick(kSystems), guest.device = pick(kDevices), guest.screen = pick(kScreens);
    return guest;
  }

  void write_visit(Day day) {
    const auto who = guest(below(100) < site_.consent);
    const bool consented = !who.visitor.empty();
    auto time = moment(day);
    const bool asked = below(100) < 55;
    if (asked) write_choice(time + 4000 + below(20000), consented, who);
    std::string referrer(pick(kReferrers)), campaign(pick(kCampaigns));
    const int pages = 1 + below(consented ? 5 : 4);
    for (int page = 0; page < pages; ++page, time += 5000 + below(120000)) {
      const std::string path(page == 0 && below(3) > 0 ? "/" : pick(site_.pages));
      auto& record = add(logs::RecordKind::Access, time, consented);
      record.fields.insert(record.fields.end(), {{"method", "GET"},
                                                 {"path", path},
                                                 {"status", "200"},
                                                 {"referrer", referrer},
                                                 {"campaign", campaign},
                                                 {"blocked", consented ? "" : std::string(pick(site_.held))},
                                                 {"banner", asked && page == 0 ? "shown" : ""},
                                                 {"gpc", below(100) < 7 ? "1" : "0"}});
      describe(record, who);
      if (consented) write_events(time, path, who);
      if (below(60) == 0) write_file(time, who);
      referrer = "/";
      campaign.clear();
    }
  }

  void write_event(std::int64_t time, std::string_view kind, const std::string& path, std::string_view target,
                   const Guest& who) {
    auto& record = add(logs::RecordKind::Event, time, true);
    record.fields.insert(record.fields.end(), {{"event", std::string(kind)},
                                               {"path", path},
                                               {"target", std::string(target)},
                                               {"screen", who.screen}});
    if (kind == "leave") record.fields.emplace_back("seconds", std::to_string(3 + below(150)));
    describe(record, who);
  }

  void write_events(std::int64_t time, const std::string& path, const Guest& who) {
    if (below(9) == 0) write_event(time + 3000, "outbound", path, pick(kOutbound), who);
    if (below(14) == 0) write_event(time + 3500, "download", path, pick(kDownloads), who);
    if (path == "/contact" && below(3) == 0) write_event(time + 4000, "form", path, "/contact/send", who);
    if (below(2) == 0) write_event(time + 4500, "leave", path, "", who);
  }

  void write_file(std::int64_t time, const Guest& who) {
    auto& record = add(logs::RecordKind::Access, time + 3500, false);
    record.fields.insert(record.fields.end(),
                         {{"method", "GET"}, {"path", std::string(pick(kDownloads))}, {"status", "200"}});
    describe(record, who);
  }

  void write_choice(std::int64_t time, bool consented, const Guest& who) {
    auto& record = add(logs::RecordKind::Consent, time, consented);
    const bool selected = below(100) < 12, withdrawn = !consented && below(100) < 4;
    const bool later = time / kDayMilliseconds > today_ - 40;
    record.fields.insert(record.fields.end(),
                         {{"choice", selected ? "selected" : (consented ? "accept-all" : "reject-all")},
                          {"how", withdrawn ? "preferences" : "banner"},
                          {"purposes", consented ? (selected ? "necessary, analytics"
                                                             : "necessary, functional, analytics, marketing")
                                                 : "necessary"},
                          {"region", who.country},
                          {"language", who.country == "NO" ? "nb" : "en"},
                          {"policy", later ? "2026-11" : "2026-06"},
                          {"text", later ? "v4" : "v3"},
                          {"page", std::string(pick(site_.pages))},
                          {"seconds", std::to_string(1 + below(below(60) + 1))},
                          {"withdrawn", withdrawn ? "1" : ""}});
  }

  void write_bot(Day day) {
    auto& record = add(logs::RecordKind::Access, moment(day), false);
    record.fields.insert(record.fields.end(), {{"method", "GET"},
                                               {"path", std::string(pick(site_.pages))},
                                               {"status", "200"},
                                               {"browser", std::string(pick(kBots))},
                                               {"device", "bot"}});
  }

  void write_fault(Day day) {
    const bool moved = below(3) == 0;
    auto& record = add(logs::RecordKind::Access, moment(day), false);
    record.fields.insert(record.fields.end(), {{"method", "GET"},
                                               {"path", moved ? "/home" : std::string(pick(kMissing))},
                                               {"status", moved ? "301" : "404"}});
    describe(record, guest(false));
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

Result<void> define_demo(Definitions& definitions, Day today) {
  for (const auto& site : kSites) {
    const std::string done = site.name == "ferry.example" ? "/tickets/thanks" : "/checkout";
    const std::string before = site.name == "ferry.example" ? "/tickets" : "/basket";
    const Goal goals[] = {{0, "Bought", {GoalKind::Page, done}},
                          {0, "Read a document", {GoalKind::Download, "*.pdf"}},
                          {0, "Wrote to us", {GoalKind::Form, "/contact/send"}}};
    for (const auto& goal : goals) {
      if (auto stored = definitions.store(site.name, goal); !stored) return tl::unexpected(stored.error());
    }
    const Funnel funnel{0,
                        "To a purchase",
                        {{"Any page", {GoalKind::Page, "*"}},
                         {before, {GoalKind::Page, before}},
                         {done, {GoalKind::Page, done}}}};
    if (auto stored = definitions.store(site.name, funnel); !stored) return tl::unexpected(stored.error());
    const Annotation banner{0, AnnotationKind::Banner, {today - 39, today - 39}, "Banner text v4"};
    const Annotation week{0, AnnotationKind::Written, {today - 20, today - 14}, "Autumn campaign"};
    for (const auto& note : {banner, week}) {
      if (auto stored = definitions.store(site.name, note); !stored) return tl::unexpected(stored.error());
    }
  }
  return {};
}

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
