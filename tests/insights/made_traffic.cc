#include "tests/insights/made_traffic.h"

#include <algorithm>

#include "proxy/logs/records/subject.h"

namespace portvakt::insights::truth {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kMinute = 60'000;

const std::vector<std::string> kPaths = {
    "/",         "/products",        "/products/lamp", "/products/chair",    "/basket",
    "/checkout", "/checkout/thanks", "/news",          "/news/2026/opening", "/about.html",
    "/contact"};
const std::vector<std::string> kScreens = {"xs", "s", "m", "l", "xl"};

struct Referrer {
  const char* field;
  const char* host;
  const char* channel;
};
constexpr Referrer kReferrers[] = {{"", "", "direct"},
                                   {"", "", "direct"},
                                   {"/news", "/", "internal"},
                                   {"https://www.google.no", "google.no", "search"},
                                   {"https://duckduckgo.com", "duckduckgo.com", "search"},
                                   {"https://www.facebook.com", "facebook.com", "social"},
                                   {"https://t.co", "t.co", "social"},
                                   {"https://mail.example.org", "mail.example.org", "mail"},
                                   {"https://partner.example", "partner.example", "referral"},
                                   {"https://rare-partner.example", "rare-partner.example", "referral"}};

struct Campaign {
  const char* field;
  const char* source;
  const char* medium;
  const char* name;
  const char* channel;  // null: the referrer's
};
constexpr Campaign kCampaigns[] = {
    {"", "", "", "", nullptr},
    {"source=letter&medium=email&campaign=autumn", "letter", "email", "autumn", "mail"},
    {"source=search&medium=cpc&campaign=lamps&term=lamp", "search", "cpc", "lamps", "paid"},
    {"source=poster&campaign=autumn", "poster", "", "autumn", "campaign"},
    {"source=feed&medium=social", "feed", "social", "", "social"}};

}  // namespace

std::int64_t MadeTraffic::moment() {
  const auto day = (first_ + number(kDays)) * kDay;
  // A third of it close to a midnight of some zone.
  const std::int64_t hours[] = {21, 22, 23, 18, 5};
  if (chance(35)) return day + hours[number(5)] * 3'600'000 + 1'200'000 + number(2'400'000);
  return day + number(static_cast<std::uint32_t>(kDay));
}

std::int64_t MadeTraffic::own_time(const std::string& visitor, std::int64_t time) {
  while (!taken_.emplace(visitor, time).second) ++time;
  return time;
}

Values MadeTraffic::surroundings() {
  Values values;
  values[Dimension::Country] = one_of({"NO", "NO", "NO", "SE", "DK", "DE", "FO", ""});
  values[Dimension::Organisation] = one_of({"Telenor", "Telia", "Small Net " + std::to_string(number(400))});
  values[Dimension::Browser] = one_of({"Chrome", "Safari", "Firefox"});
  values[Dimension::BrowserVersion] = values[Dimension::Browser] + " " + std::to_string(120 + number(3));
  values[Dimension::System] = one_of({"Windows", "iOS", "Android"});
  values[Dimension::Device] = one_of({"desktop", "phone", "tablet"});
  return values;
}

SourceRecord& MadeTraffic::add(logs::RecordKind kind, std::int64_t time) {
  auto& record = records.emplace_back();
  record.kind = kind;
  record.fields = {{"t", std::to_string(time)}, {"site", "a"}};
  return record;
}

void MadeTraffic::fill(SourceRecord& record, const Values& values) {
  const std::pair<Dimension, const char*> fields[] = {{Dimension::Country, "country"},
                                                      {Dimension::Organisation, "isp"},
                                                      {Dimension::Browser, "browser"},
                                                      {Dimension::System, "os"},
                                                      {Dimension::Device, "device"}};
  for (const auto& [by, name] : fields)
    if (!values.at(by).empty()) record.fields.emplace_back(name, values.at(by));
  const auto& version = values.at(Dimension::BrowserVersion);
  record.fields.emplace_back("browser_version", version.substr(version.find(' ') + 1));
}

void MadeTraffic::page(std::int64_t time, const std::string& path, const Values& values,
                       const std::string& visitor) {
  Request request;
  request.time = visitor.empty() ? time - time % kMinute : time;
  request.page = request.told = true;
  request.consented = !visitor.empty();
  request.path = path;
  request.values = values;
  request.visitor = visitor;
  request.status = chance(20) ? 304 : 200;
  const auto& referrer = kReferrers[number(10) == 9 && chance(98) ? 3 : number(std::size(kReferrers))];
  const auto& campaign = kCampaigns[chance(80) ? 0 : number(std::size(kCampaigns))];
  request.values[Dimension::Referrer] = referrer.host;
  request.values[Dimension::Source] = campaign.source;
  request.values[Dimension::Medium] = campaign.medium;
  request.values[Dimension::Campaign] = campaign.name;
  request.values[Dimension::Channel] = campaign.channel != nullptr ? campaign.channel : referrer.channel;
  auto& record = add(logs::RecordKind::Access, request.time);
  record.fields.insert(record.fields.end(),
                       {{"method", "GET"},
                        {"path", path + (chance(10) ? "?q=x" : "")},
                        {"status", std::to_string(request.status)},
                        {"referrer", referrer.field},
                        {"campaign", campaign.field},
                        {"purposes", visitor.empty() ? "necessary" : "necessary, analytics"},
                        {"visitor", visitor}});
  fill(record, values);
  truth.requests.push_back(request);
}

void MadeTraffic::event(std::int64_t time, const std::string& kind, const std::string& path,
                        const Values& values, const std::string& visitor) {
  auto& record = add(logs::RecordKind::Event, time);
  record.fields.insert(
      record.fields.end(),
      {{"event", kind}, {"path", path}, {"purposes", "necessary, analytics"}, {"visitor", visitor}});
  fill(record, values);
  if (kind == "view") {
    Request request;
    request.time = time, request.page = request.event = request.consented = true;
    request.path = path, request.visitor = visitor, request.values = values;
    for (const auto by : {Dimension::Referrer, Dimension::Source, Dimension::Medium, Dimension::Campaign})
      request.values[by] = "";
    request.values[Dimension::Channel] = "direct";
    truth.requests.push_back(request);
    return;
  }
  Event told{time, visitor, kind, path, "", one_of(kScreens), -1};
  if (kind == "outbound") told.target = one_of({"https://shop.example", "https://map.example"});
  if (kind == "download") told.target = one_of({"/files/list.pdf", "/files/rare.pdf"});
  if (kind == "form") told.target = "/contact/send";
  if (kind == "leave") told.milliseconds = (1 + number(200)) * 1000;
  record.fields.emplace_back("screen", told.screen);
  if (!told.target.empty()) record.fields.emplace_back("target", told.target);
  if (told.milliseconds >= 0) record.fields.emplace_back("seconds", std::to_string(told.milliseconds / 1000));
  truth.events.push_back(told);
}

void MadeTraffic::visit(const std::string& visitor, std::int64_t begin) {
  const auto values = surroundings();
  auto time = begin;
  const auto views = 1 + number(6);
  std::int64_t withdrawn = chance(8) ? 1 + number(views) : 100;
  for (std::uint32_t i = 0; i < views; ++i) {
    const auto& path = one_of(kPaths);
    if (--withdrawn < 0) {  // from here on nobody knows who it is
      page(time, path, values, "");
    } else {
      time = own_time(visitor, time);
      chance(20) ? event(time, "view", path, values, visitor) : page(time, path, values, visitor);
      if (chance(12)) {
        const auto kind = one_of({"outbound", "download", "form"});
        event(own_time(visitor, time + number(chance(95) ? 60'000 : 2'400'000)), kind, path, values, visitor);
      }
      if (chance(40)) event(own_time(visitor, time + 1 + number(200'000)), "leave", path, values, visitor);
    }
    // Now and then to the millisecond what parts two visits and what does not.
    const std::int64_t gaps[] = {1'799'999, 1'800'000, 1'800'001, 2'000'000};
    time += chance(6) ? gaps[number(4)] : 1 + number(240'000);
  }
}

void MadeTraffic::visitor() {
  const auto name = "visitor-" + std::to_string(++visitors_) + "-abcdefghijklm";
  known_visitors_.push_back(name);
  const auto visits = 1 + number(chance(10) ? 12 : 2);
  for (std::uint32_t i = 0; i < visits; ++i) visit(name, moment());
}

void MadeTraffic::stranger() {
  const auto values = surroundings();
  auto time = moment();
  for (std::uint32_t i = 0; i <= number(4); ++i, time += number(120'000))
    page(time, one_of(kPaths), values, "");
}

void MadeTraffic::bot() {
  Request request;
  request.time = moment() / kMinute * kMinute;
  request.bot = true;
  request.path = one_of(kPaths);
  request.status = chance(10) ? 404 : 200;
  request.values[Dimension::Browser] = one_of({"Googlebot", "bingbot"});
  auto& record = add(logs::RecordKind::Access, request.time);
  record.fields.insert(record.fields.end(), {{"method", "GET"},
                                             {"path", request.path},
                                             {"status", std::to_string(request.status)},
                                             {"country", "US"},
                                             {"browser", request.values[Dimension::Browser]},
                                             {"device", "bot"}});
  truth.requests.push_back(request);
}

void MadeTraffic::fault() {
  Request request;
  request.time = moment() / kMinute * kMinute;
  request.status = static_cast<int>(std::vector{404, 410, 301, 302, 500, 503}[number(6)]);
  request.told = request.status < 500;
  request.consented = chance(40);
  const auto values = surroundings();
  if (request.told) {
    request.path = chance(95) ? one_of({"/old", "/moved/here", "/wp-login.php"})
                              : "/typo/" + std::to_string(number(500));
    request.values = values;
  }
  auto& record = add(logs::RecordKind::Access, request.time);
  record.fields.insert(record.fields.end(),
                       {{"method", "GET"},
                        {"path", request.told ? request.path : "/broken"},
                        {"status", std::to_string(request.status)},
                        {"purposes", request.consented ? "necessary, analytics" : "necessary"}});
  fill(record, values);
  truth.requests.push_back(request);
}

void MadeTraffic::asset() {
  Request request;
  request.time = moment() / kMinute * kMinute;
  request.consented = chance(40);
  auto& record = add(logs::RecordKind::Access, request.time);
  record.fields.insert(record.fields.end(), {{"method", "GET"},
                                             {"path", one_of({"/app.js", "/style.css", "/.privacy/"})},
                                             {"status", "200"},
                                             {"purposes", request.consented ? "analytics" : "necessary"}});
  fill(record, surroundings());
  truth.requests.push_back(request);
}

void MadeTraffic::choice() {
  Choice choice;
  choice.time = moment() / kMinute * kMinute;
  choice.choice = one_of({"accept-all", "reject-all", "selected"});
  choice.purposes =
      choice.choice == "accept-all" ? "necessary, functional, analytics, marketing" : "necessary";
  choice.region = one_of({"NO", "SE"});
  choice.language = one_of({"nb", "sv"});
  auto& record = add(logs::RecordKind::Consent, choice.time);
  record.fields.insert(record.fields.end(), {{"choice", choice.choice},
                                             {"purposes", choice.purposes},
                                             {"region", choice.region},
                                             {"language", choice.language}});
  truth.choices.push_back(choice);
}

void MadeTraffic::erasures() {
  for (std::size_t i = 0; i < known_visitors_.size(); i += 29) {
    const auto& visitor = known_visitors_[i];
    const auto before = i % 2 == 0 ? (first_ + 3 * kDays) * kDay : moment();
    truth.erased[visitor] = before;
    auto& record = add(logs::RecordKind::Erasure, before);
    record.fields.insert(record.fields.end(),
                         {{"subject", logs::subject_of("a", visitor)}, {"before", std::to_string(before)}});
  }
}

void MadeTraffic::make() {
  while (records.size() < wanted_) {
    const auto kind = number(20);
    if (kind < 4) {
      visitor();
    } else if (kind < 9) {
      stranger();
    } else if (kind < 12) {
      bot();
    } else if (kind < 14) {
      fault();
    } else if (kind < 18) {
      asset();
    } else {
      choice();
    }
  }
  erasures();
  // Most in the order of time, one in ten late, anything up to weeks.
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::int64_t late = chance(10) ? static_cast<std::int64_t>(random_() % (14 * kDay)) : 0;
    order.emplace_back(std::stoll(std::string(records[i].field("t"))) + late, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<SourceRecord> sorted;
  for (const auto& [time, i] : order) sorted.push_back(std::move(records[i]));
  records = std::move(sorted);
  for (std::size_t i = 0; i < records.size(); ++i)
    records[i].fields.emplace_back("id", "00ff00ff00ff00ff-0-" + std::to_string(i + 1));
}

}  // namespace portvakt::insights::truth
