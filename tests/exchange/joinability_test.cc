// Tries to join the records of visitors without analytics consent: a day of a site, made by the filters and
// the record builder that serve real requests, is looked at through every combination of the fields that a
// record has of a person. Two requests are joined by a set of fields when all records that agree in them are
// one visitor's.
//
// What it shows, and the bounds that it holds:
// - Without the network (`sites[].address_prefix` at 0 bits) no set of fields singles out more than three
//   returning visitors in a hundred; those are people with a browser that hardly anybody else has.
// - With the default prefixes the truncated address is what tells people apart: where a network of 256
//   addresses has one visitor of a day with such a browser, the requests of that day are that visitor's. The
//   bound, 42 in a hundred, is on that share, in a day in which half of the visitors come through few
//   carriers' networks. Who wants the first bound for a site, records no network.
// - Nothing reaches further than a day: no field is made for a person, and a network's crowd changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <unordered_map>

#include "filters/visitor/organisation_crowds.h"
#include "filters/visitor/visitor_filter.h"
#include "proxy/exchange/record_builder.h"
#include "proxy/logs/spool/spool.h"
#include "proxy/logs/spool/spool_reader.h"
#include "tests/support/fake_clock.h"

namespace portvakt::exchange {
namespace {

constexpr int kVisitors = 4000;
constexpr double kSingledOutWithoutNetwork = 0.03;
constexpr double kSingledOut = 0.42;

using Random = std::mt19937;

int between(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}
/// Small numbers often, large ones seldom.
int skewed(Random& random, int count) {
  const double u = std::uniform_real_distribution<double>(0, 1)(random);
  return std::min(count - 1, static_cast<int>(count * u * u * u));
}

struct Person {
  IpAddress address;
  std::string operator_name;
  std::string browser;
  std::string referrer;
  std::string campaign;
};

std::string browser_of(Random& random) {
  const std::string newest = std::to_string(131 - skewed(random, 4));
  const std::string ios = std::to_string(18 - skewed(random, 3));
  switch (between(random, 0, 99)) {
    case 0:
      return "Mozilla/5.0 (X11; FreeBSD amd64; rv:" + newest + ".0) Gecko/20100101 Firefox/" + newest + ".0";
    case 1:
      return "Fjord%20Reader/" + std::to_string(between(random, 1, 400)) + " CFNetwork/1490 Darwin/23.1.0";
    default:
      break;
  }
  switch (skewed(random, 7)) {
    case 0:
      return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" +
             newest + ".0.0.0 Safari/537.36";
    case 1:
      return "Mozilla/5.0 (iPhone; CPU iPhone OS " + ios +
             "_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
             "Gecko) Version/" +
             ios + ".1 Mobile/15E148 Safari/604.1";
    case 2:
      return "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + newest +
             ".0.0.0 Mobile Safari/537.36";
    case 3:
      return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" +
             newest + ".0.0.0 Safari/537.36 Edg/" + newest + ".0.0.0";
    case 4:
      return "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Version/" +
             ios + ".1 Safari/605.1.15";
    default:
      return "Mozilla/5.0 (X11; Linux x86_64; rv:" + newest + ".0) Gecko/20100101 Firefox/" + newest + ".0";
  }
}

/// Half of them behind carriers that hide thousands behind a network, the rest at home or in companies.
Person person(Random& random) {
  Person who;
  const int kind = between(random, 0, 9);
  const int network = kind < 5   ? between(random, 0, 11)
                      : kind < 8 ? 100 + skewed(random, 900)
                                 : 2000 + between(random, 0, 700);
  who.address =
      IpAddress::v4({81, static_cast<std::uint8_t>(network / 256), static_cast<std::uint8_t>(network % 256),
                     static_cast<std::uint8_t>(between(random, 1, 254))});
  who.operator_name = network < 12     ? "Carrier " + std::to_string(network % 3)
                      : network < 2000 ? "Provider " + std::to_string(network % 5)
                                       : "Company " + std::to_string(network);
  who.browser = browser_of(random);
  if (between(random, 0, 2) == 0) who.referrer = "https://search.example/find?q=private";
  if (between(random, 0, 9) == 0) who.campaign = "?utm_source=letter&utm_medium=mail";
  return who;
}

/// The fields of a record that say something of who asked.
const std::vector<std::string> kFields = {"ip", "country", "isp",      "browser",  "browser_version",
                                          "os", "device",  "referrer", "campaign", "visitor"};

/// The country is the same and the visitor absent in every record here: sets with them find nothing more.
constexpr unsigned kSame = 1U << 1 | 1U << 9;

struct Row {
  int who = 0;
  std::vector<std::string> values;  // in the order of kFields
  std::vector<std::size_t> hashes;  // of these
};

class Day {
 public:
  Day() {
    std::string folder = (std::filesystem::temp_directory_path() / "portvakt-join-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    spool_ = std::move(*logs::Spool::open({.path = folder_}, clock_));
    site_.name = "example";
    site_.counters = &counters_;
  }
  ~Day() {
    spool_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::vector<Row> pass() {
    Random random(20261127);
    std::vector<Person> people;
    for (int i = 0; i < kVisitors; ++i) people.push_back(person(random));
    std::vector<int> asks;
    for (int i = 0; i < kVisitors; ++i) {
      for (int n = 1 + skewed(random, 12); n > 0; --n) asks.push_back(i);
    }
    std::ranges::shuffle(asks, random);
    std::set<int> came;
    for (const int who : asks) ask(people[static_cast<std::size_t>(who)], came.insert(who).second, random);
    return read(asks);
  }

 private:
  /// Where somebody came from stands in the first request alone; the others come from pages of the site.
  void ask(const Person& who, bool first, Random& random) {
    clock_.advance(std::chrono::milliseconds(between(random, 1, 6000)));
    http::RequestHead head;
    head.method = "GET";
    head.target = "/page" + std::to_string(skewed(random, 60)) + (first ? who.campaign : "");
    head.scheme = "https";
    head.authority = "www.example.test";
    head.headers.add("User-Agent", who.browser);
    const std::string own = "https://www.example.test/page" + std::to_string(skewed(random, 60));
    const std::string& from = first ? who.referrer : own;
    if (!from.empty()) head.headers.add("Referer", from);
    filters::Notes notes;
    notes.consent.visitor_id = "must-not-be-written";
    std::optional<IpAddress> client = who.address;
    filters::RequestContext context{head, notes, clock_, client, true, std::nullopt, {}};
    filter_.on_request(context);
    notes.country = "NO";
    notes.network = who.operator_name;
    notes.rare_network = !crowds_.is_common(notes.network, who.address, clock_.wall());
    record_exchange(site_, head.method, notes, {200, 1000, std::chrono::milliseconds(5), clock_.wall()},
                    spool_->writer(0));
  }

  std::vector<Row> read(const std::vector<int>& asks) {
    std::vector<Row> rows;
    logs::SpoolReader reader(*spool_);
    std::vector<logs::SpooledRecord> records;
    std::vector<logs::FieldValue> fields;
    while (reader.read(0, 1000, 1U << 20, records), !records.empty()) {
      for (const auto& record : records) {
        const std::string id = "p-" + std::to_string(record.sequence);
        EXPECT_TRUE(logs::decode_fields(record, id, fields));
        Row row{asks[rows.size()], std::vector<std::string>(kFields.size()), {}};
        for (const auto& field : fields) {
          const auto found = std::ranges::find(kFields, field.name);
          if (found != kFields.end())
            row.values[static_cast<std::size_t>(found - kFields.begin())] = field.value;
          if (field.name == "t") {
            EXPECT_TRUE(field.value.ends_with("0000")) << "the time is on a minute";
          }
        }
        for (const auto& value : row.values) row.hashes.push_back(std::hash<std::string>()(value));
        rows.push_back(std::move(row));
      }
    }
    EXPECT_EQ(rows.size(), asks.size());
    return rows;
  }

  FakeClock clock_;
  std::filesystem::path folder_;
  std::unique_ptr<logs::Spool> spool_;
  SiteCounters counters_;
  Site site_;
  visitor::VisitorFilter filter_{visitor::VisitorSettings{}};
  visitor::OrganisationCrowds crowds_;
};

struct Attack {
  double singled_out = 0;  // share of the visitors who came more than once
  std::size_t median = 0;  // of how many visitors a record may be one's
};

Attack attack(const std::vector<Row>& rows, unsigned fields) {
  std::unordered_map<std::size_t, std::vector<int>> groups;
  for (const auto& row : rows) {
    std::size_t key = 0;
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      if ((fields >> i & 1U) != 0) key = key * 0x9E3779B97F4A7C15ULL + row.hashes[i];
    }
    groups[key].push_back(row.who);
  }
  std::map<int, int> requests;
  for (const auto& row : rows) ++requests[row.who];
  const auto repeated = std::ranges::count_if(requests, [](const auto& pair) { return pair.second > 1; });
  std::set<int> joined;
  std::vector<std::size_t> crowd;
  for (auto& [key, members] : groups) {
    const std::size_t all = members.size();
    std::ranges::sort(members);
    members.erase(std::unique(members.begin(), members.end()), members.end());
    if (members.size() == 1 && all > 1) joined.insert(members.front());
    crowd.insert(crowd.end(), all, members.size());
  }
  std::ranges::nth_element(crowd, crowd.begin() + static_cast<std::ptrdiff_t>(crowd.size() / 2));
  return {static_cast<double>(joined.size()) / static_cast<double>(repeated), crowd[crowd.size() / 2]};
}

std::string names_of(unsigned fields) {
  std::string out;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if ((fields >> i & 1U) != 0) out += (out.empty() ? "" : " ") + kFields[i];
  }
  return out.empty() ? "nothing" : out;
}

TEST(Joinability, NoSetOfFieldsSinglesOutMoreThanItsBound) {
  Day day;
  const auto rows = day.pass();
  unsigned worst = 0, worst_alone = 0;
  Attack most, most_alone;
  for (unsigned fields = 0; fields < 1U << kFields.size(); ++fields) {
    if ((fields & kSame) != 0) continue;
    const Attack found = attack(rows, fields);
    const bool network = (fields & 1U) != 0;
    auto& most_so_far = network ? most : most_alone;
    if (found.singled_out <= most_so_far.singled_out) continue;
    most_so_far = found;
    (network ? worst : worst_alone) = fields;
  }
  std::printf("without the network: %.2f %% of returning visitors by %s; a record is one of %zu visitors'\n",
              100 * most_alone.singled_out, names_of(worst_alone).c_str(), most_alone.median);
  std::printf("with the network: %.2f %% by %s; a record is one of %zu visitors'\n", 100 * most.singled_out,
              names_of(worst).c_str(), most.median);
  EXPECT_LE(most_alone.singled_out, kSingledOutWithoutNetwork) << names_of(worst_alone);
  EXPECT_LE(most.singled_out, kSingledOut) << names_of(worst);
  for (const auto& row : rows) EXPECT_EQ(row.values[kFields.size() - 1], "") << "no visitor without consent";
}

/// The attack does find what can be found: with an identifier in the records everybody is singled out.
TEST(Joinability, AnIdentifierWouldSingleOutEverybody) {
  Day day;
  auto rows = day.pass();
  for (auto& row : rows) row.hashes.back() = static_cast<std::size_t>(row.who);
  EXPECT_EQ(attack(rows, 1U << (kFields.size() - 1)).singled_out, 1.0);
}

}  // namespace
}  // namespace portvakt::exchange
