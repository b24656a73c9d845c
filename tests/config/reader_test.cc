#include "config/reader.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace portvakt::config {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kMinimal =
    "listen: [{address: 127.0.0.1:8080}]\n"
    "sites:\n  - {name: a, hosts: [a.test], upstreams: [\"http://127.0.0.1:9000\"]}\n";

Model read_good(const std::string& text, const std::string& base_dir = "/etc/portvakt") {
  Diagnostics diagnostics;
  auto model = read(text, "portvakt.yaml", base_dir, diagnostics);
  EXPECT_TRUE(model) << diagnostics.format();
  EXPECT_EQ(diagnostics.all().size(), 0U) << diagnostics.format();
  return model ? std::move(*model) : Model();
}

constexpr std::string_view kContract = R"(
listen:
  - address: 127.0.0.1:8080
  - address: 127.0.0.1:8443
    tls: {certificates: [{certificate: cert.pem, key: key.pem}]}
workers: 2                         # default: one per core
trusted_proxies: [10.0.0.0/8]      # default: none
admin: {address: 127.0.0.1:9901}   # or unix:/run/portvakt/admin.sock
geo: {country: country.mmdb, network: asn.mmdb}
consent:
  signing_keys: [file:/etc/portvakt/consent.key]   # first signs, all verify; generated on first start if absent
log:
  spool: {path: /var/lib/portvakt/spool, max_size: 1GiB}
  redis: {url: "redis://127.0.0.1:6379/0"}          # rediss:, unix:, redis+sentinel:, redis+cluster:; absent: spool only
  retention: 30d
  record: all                      # all | pages
sites:
  - name: example
    hosts: [www.example.test, example.test]
    upstreams: [http://127.0.0.1:9000]
    mode: standard                 # observe | standard | strict
    client_address: truncated      # to the upstream: truncated | none | full (warned about)
    consent: {policy_version: "2026-11", policy_url: /privacy, purposes: [functional, analytics, marketing]}
    lists: [{file: easyprivacy.txt, purpose: analytics}]
    vendors: {youtube: marketing}  # overrides of the catalogue
    cookies: {basket: necessary}
)";

TEST(Reader, ReadsTheServerPartOfAFullFile) {
  const auto model = read_good(std::string(kContract), "/srv/conf");
  ASSERT_EQ(model.listeners.size(), 2U);
  EXPECT_EQ(model.listeners[0].address.tcp.host, "127.0.0.1");
  EXPECT_EQ(model.listeners[0].address.tcp.port, 8080);
  EXPECT_FALSE(model.listeners[0].is_tls());
  ASSERT_TRUE(model.listeners[1].is_tls());
  EXPECT_EQ(model.listeners[1].certificates[0].certificate, "/srv/conf/cert.pem");
  EXPECT_EQ(model.listeners[1].certificates[0].key, "/srv/conf/key.pem");
  EXPECT_EQ(model.workers, 2);
  ASSERT_EQ(model.trusted_proxies.size(), 1U);
  EXPECT_TRUE(model.trusted_proxies[0].contains(IpAddress::v4({10, 1, 2, 3})));
  ASSERT_TRUE(model.admin);
  EXPECT_EQ(model.admin->tcp.port, 9901);
  EXPECT_EQ(model.geo.country, "/srv/conf/country.mmdb");
  EXPECT_EQ(model.geo.network, "/srv/conf/asn.mmdb");
  ASSERT_EQ(model.consent.signing_keys.size(), 1U);
  EXPECT_EQ(model.consent.signing_keys[0].file, "/etc/portvakt/consent.key");
  EXPECT_EQ(model.log.spool.path, "/var/lib/portvakt/spool");
  EXPECT_EQ(model.log.spool.max_size, 1024U * 1024 * 1024);
  ASSERT_TRUE(model.log.redis);
  EXPECT_EQ(model.log.redis->url.value, "redis://127.0.0.1:6379/0");
  EXPECT_EQ(model.log.redis->prefix, "portvakt");
  EXPECT_EQ(model.log.retention, 720h);
  EXPECT_EQ(model.log.record, RecordScope::All);
}

TEST(Reader, ReadsTheSitesOfAFullFile) {
  const auto model = read_good(std::string(kContract), "/srv/conf");
  ASSERT_EQ(model.sites.size(), 1U);
  const auto& site = model.sites[0];
  EXPECT_EQ(site.name, "example");
  EXPECT_EQ(site.hosts, (std::vector<std::string>{"www.example.test", "example.test"}));
  ASSERT_EQ(site.upstreams.size(), 1U);
  EXPECT_EQ(site.upstreams[0].scheme, Upstream::Scheme::Http);
  EXPECT_EQ(site.upstreams[0].address.host, "127.0.0.1");
  EXPECT_EQ(site.upstreams[0].address.port, 9000);
  EXPECT_EQ(site.mode, Mode::Standard);
  EXPECT_TRUE(site.filter);
  EXPECT_EQ(site.client_address, ClientAddress::Truncated);
  EXPECT_EQ(site.consent.policy_version, "2026-11");
  EXPECT_EQ(site.consent.policy_url, "/privacy");
  EXPECT_EQ(site.consent.purposes, (std::vector<std::string>{"functional", "analytics", "marketing"}));
  ASSERT_EQ(site.lists.size(), 1U);
  EXPECT_EQ(site.lists[0].file, "/srv/conf/easyprivacy.txt");
  EXPECT_EQ(site.lists[0].purpose, "analytics");
  EXPECT_EQ(site.vendors.at("youtube"), "marketing");
  EXPECT_EQ(site.cookies.at("basket"), "necessary");
}

TEST(Reader, NeedsOnlyListenersAndSitesWithNameHostsAndUpstreams) {
  const auto model = read_good(std::string(kMinimal));
  EXPECT_EQ(model.workers, 0);
  EXPECT_FALSE(model.admin);
  EXPECT_FALSE(model.log.redis);
  EXPECT_EQ(model.consent.path, "/.privacy/");
  EXPECT_EQ(model.consent.default_region, RegionRule::OptIn);
  EXPECT_EQ(model.limits.header_timeout, 10s);
  EXPECT_EQ(model.limits.max_body, 0U);
  EXPECT_EQ(model.sites[0].ipv4_prefix, 24);
  EXPECT_EQ(model.sites[0].ipv6_prefix, 48);
}

TEST(Reader, TakesTheConsentKeyBesideTheSpoolWhenNoneIsNamed) {
  const auto model = read_good(std::string(kMinimal) + "log: {spool: {path: data/spool}}\n", "/srv");
  ASSERT_EQ(model.consent.signing_keys.size(), 1U);
  EXPECT_EQ(model.consent.signing_keys[0].file, "/srv/data/consent.key");
}

TEST(Reader, ReadsDurationsSizesAndCounts) {
  const auto model =
      read_good(std::string(kMinimal) +
                "limits:\n"
                "  header_timeout: 1500ms\n  idle_timeout: 2m\n  connect_timeout: 1s\n"
                "  response_timeout: 1h\n  drain_timeout: 0\n"
                "  max_header_bytes: 64KiB\n  max_header_count: 200\n  max_request_line: 16 KiB\n"
                "  max_body: 10MB\n  write_timeout: 20s\n  min_upload_rate: 1KiB\n  upload_grace: 5s\n"
                "  min_download_rate: 0\n  download_grace: 2m\n  max_requests_per_connection: 1000\n");
  EXPECT_EQ(model.limits.header_timeout, 1500ms);
  EXPECT_EQ(model.limits.idle_timeout, 2min);
  EXPECT_EQ(model.limits.connect_timeout, 1s);
  EXPECT_EQ(model.limits.response_timeout, 1h);
  EXPECT_EQ(model.limits.drain_timeout, 0s);
  EXPECT_EQ(model.limits.max_header_bytes, 65536U);
  EXPECT_EQ(model.limits.max_header_count, 200U);
  EXPECT_EQ(model.limits.max_request_line, 16384U);
  EXPECT_EQ(model.limits.max_body, 10'000'000U);
  EXPECT_EQ(model.limits.write_timeout, 20s);
  EXPECT_EQ(model.limits.min_upload_rate, 1024U);
  EXPECT_EQ(model.limits.upload_grace, 5s);
  EXPECT_EQ(model.limits.min_download_rate, 0U);
  EXPECT_EQ(model.limits.download_grace, 2min);
  EXPECT_EQ(model.limits.max_requests_per_connection, 1000U);
}

TEST(Reader, ReadsEveryOptionOfASite) {
  const auto model = read_good(std::string(kMinimal) +
                               "  - name: b\n    hosts: [B.Test, \"*.b.test\", \"[::1]\", 192.0.2.1]\n"
                               "    upstreams: [https://b.internal, \"http://[::1]:81\"]\n"
                               "    mode: strict\n    filter: off\n    client_address: none\n"
                               "    address_prefix: {ipv4: 16, ipv6: 32}\n"
                               "    consent: {purposes: [necessary, analytics]}\n"
                               "    log: {query_allow: [q, page]}\n");
  const auto& site = model.sites.at(1);
  EXPECT_EQ(site.hosts, (std::vector<std::string>{"b.test", "*.b.test", "[::1]", "192.0.2.1"}));
  EXPECT_EQ(site.upstreams[0].scheme, Upstream::Scheme::Https);
  EXPECT_EQ(site.upstreams[0].address.port, 443);
  EXPECT_EQ(site.upstreams[1].address.host, "::1");
  EXPECT_EQ(site.mode, Mode::Strict);
  EXPECT_FALSE(site.filter);
  EXPECT_EQ(site.client_address, ClientAddress::None);
  EXPECT_EQ(site.ipv4_prefix, 16);
  EXPECT_EQ(site.ipv6_prefix, 32);
  EXPECT_EQ(site.consent.purposes, (std::vector<std::string>{"analytics"}));
  EXPECT_EQ(site.log.query_allow, (std::vector<std::string>{"q", "page"}));
}

TEST(Reader, TakesUpstreamsInTheirShortAndLongForm) {
  const auto model = read_good(
      "listen: [{address: \"127.0.0.1:8080\"}]\n"
      "sites:\n  - name: a\n    hosts: [a.test]\n    balance: least_connections\n"
      "    upstreams: [http://b:81, {weight: 3, backup: on, max_connections: 7, url: \"https://c\"}]\n");
  const auto& upstreams = model.sites[0].upstreams;
  ASSERT_EQ(upstreams.size(), 2U);
  EXPECT_EQ(upstreams[0].address.host + std::to_string(upstreams[0].weight), "b1");
  EXPECT_EQ(upstreams[1].address.host + std::to_string(upstreams[1].weight), "c3");
  EXPECT_EQ(upstreams[1].scheme, Upstream::Scheme::Https);
  EXPECT_TRUE(upstreams[1].backup);
  EXPECT_EQ(upstreams[1].max_connections, 7U);
  EXPECT_EQ(model.sites[0].balancing.rule, Balancing::Rule::LeastConnections);
}

TEST(Reader, KeepsNorwayATextAndOtherWordsThatYamlWouldTurnIntoSomethingElse) {
  const auto model = read_good(std::string(kMinimal) +
                               "consent: {regions: {NO: opt-in, US: notice}}\n"
                               "  \n");
  EXPECT_EQ(model.consent.regions.at("NO"), RegionRule::OptIn);
  EXPECT_EQ(model.consent.regions.at("US"), RegionRule::Notice);
  const auto versions = read_good(std::string(kMinimal) +
                                  "  - {name: \"1\", hosts: [b.test], upstreams: [\"http://b\"], "
                                  "consent: {policy_version: 2026.10}}\n");
  EXPECT_EQ(versions.sites.at(1).consent.policy_version, "2026.10");
}

TEST(Reader, ReplacesEnvironmentVariables) {
  ASSERT_EQ(setenv("PORTVAKT_TEST_NAME", "from-outside", 1), 0);
  const auto model = read_good(std::string(kMinimal) +
                               "geo: {country: \"${PORTVAKT_TEST_NAME}/c.mmdb\", network: \"$${x}\"}\n"
                               "log: {redis: {url: \"redis://:${PORTVAKT_TEST_NAME}@db:6379\"}}\n");
  EXPECT_EQ(model.geo.country, "/etc/portvakt/from-outside/c.mmdb");
  EXPECT_EQ(model.geo.network, "/etc/portvakt/${x}");
  EXPECT_EQ(model.log.redis->url.value, "redis://:from-outside@db:6379");
}

TEST(Reader, KeepsFileSecretsAsFiles) {
  const auto model = read_good(std::string(kMinimal) +
                               "consent: {signing_keys: [\"file:new.key\", \"file:/old.key\"]}\n"
                               "log: {redis: {url: \"file:redis-url\"}}\n");
  EXPECT_EQ(model.consent.signing_keys[0].file, "/etc/portvakt/new.key");
  EXPECT_EQ(model.consent.signing_keys[1].file, "/old.key");
  EXPECT_EQ(model.log.redis->url.file, "/etc/portvakt/redis-url");
  EXPECT_TRUE(model.log.redis->url.value.empty());
}

TEST(Reader, RemembersWhereOptionsStood) {
  const auto model = read_good(std::string(kMinimal));
  EXPECT_TRUE(model.places.knows("sites[0].hosts[0]"));
  EXPECT_FALSE(model.places.knows("log.retention"));
  const auto fault = model.places.at("listen[0].address", Diagnostic::Severity::Error, "the port is taken");
  EXPECT_EQ(fault.line, 1);
  EXPECT_EQ(fault.column, 11);
  // An option that the file does not name is shown at the section around it.
  EXPECT_EQ(model.places.at("sites[0].mode", Diagnostic::Severity::Warning, "x").line, 3);
}

TEST(Reader, RefusesBytesThatAreNoText) {
  for (const std::string& text : {std::string("a\0b: 1", 6),
                                  std::string("\xff\xfe"
                                              "a\0",
                                              4),
                                  std::string("a: \x1b[31m")}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(read(text, "x.yaml", "/", diagnostics));
    EXPECT_GT(diagnostics.errors(), 0U);
    EXPECT_EQ(diagnostics.format().find('\x1b'), std::string::npos);
  }
}

TEST(Reader, BoundsTheSizeAndTheDepthOfAFile) {
  for (const std::string& text :
       {std::string(5U << 20, 'a'), std::string(1U << 20, '['), std::string(1U << 20, '-'),
        std::string("a: ") + std::string(100'000, '{')}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(read(text, "x.yaml", "/", diagnostics));
    EXPECT_GT(diagnostics.errors(), 0U);
  }
}

TEST(Reader, ReadsAThousandLinesInMilliseconds) {
  std::string text = "listen: [{address: 127.0.0.1:8080}]\nsites:\n";
  for (int i = 0; i < 200; ++i) {
    const auto n = std::to_string(i);
    text += "  - name: site" + n + "\n    hosts: [www" + n + ".example.test]\n";
    text += "    upstreams: [http://127.0.0.1:9000]\n    cookies: {basket: necessary, seen: analytics}\n";
    text += "    consent: {policy_version: \"7\"}\n";
  }
  const auto start = std::chrono::steady_clock::now();
  const auto model = read_good(text);
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(model.sites.size(), 200U);
  RecordProperty("microseconds", std::to_string(took / 1us));
  EXPECT_LT(took / 1ms, 500);  // 50 are promised; sanitizers and loaded machines need room
}

}  // namespace
}  // namespace portvakt::config
