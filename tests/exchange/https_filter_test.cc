#include "proxy/exchange/https_filter.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "proxy/exchange/acme_challenge.h"
#include "tests/exchange/exchange_fixture.h"
#include "tests/support/fake_clock.h"

namespace portvakt::exchange {
namespace {

struct Asked {
  std::string method = "GET";
  std::string authority = "a.test";
  std::string target = "/";
  bool tls = false;
  std::string forwarded_proto = {};
};

/// Status and Location, or "-" when the request goes on.
std::string outcome(const HttpsSettings& settings, const Asked& asked) {
  http::RequestHead head;
  head.method = asked.method;
  head.authority = asked.authority;
  head.target = asked.target;
  if (!asked.forwarded_proto.empty()) head.headers.add("X-Forwarded-Proto", asked.forwarded_proto);
  filters::Notes notes;
  FakeClock clock;
  std::optional<IpAddress> nobody;
  filters::RequestContext context{head, notes, clock, nobody, asked.tls, {}, {}};
  if (HttpsFilter(settings).on_request(context) == filters::Step::Continue) return "-";
  const auto location = context.reply.head.headers.find("Location");
  return std::to_string(context.reply.head.status) + " " + std::string(location.value_or(""));
}

TEST(HttpsFilter, SendsPlainRequestsToTheSamePlaceUnderHttps) {
  const HttpsSettings settings{.redirect = true};
  EXPECT_EQ(outcome(settings, {.target = "/a?b=c"}), "301 https://a.test/a?b=c");
  EXPECT_EQ(outcome(settings, {.method = "HEAD"}), "301 https://a.test/");
  EXPECT_EQ(outcome(settings, {.method = "POST"}), "308 https://a.test/");
  EXPECT_EQ(outcome(settings, {.authority = "a.test:8080"}), "301 https://a.test/");
  EXPECT_EQ(outcome(settings, {.authority = "[::1]:8080"}), "301 https://[::1]/");
  EXPECT_EQ(outcome(settings, {.target = "//evil.test/"}), "301 https://a.test//evil.test/");
  EXPECT_EQ(outcome({.redirect = true, .port = 8443}, {.authority = "a.test:80"}),
            "301 https://a.test:8443/");
}

TEST(HttpsFilter, LeavesAloneWhatNeedsNoRedirect) {
  const HttpsSettings settings{.redirect = true};
  EXPECT_EQ(outcome({}, {}), "-");
  EXPECT_EQ(outcome(settings, {.tls = true}), "-");
  EXPECT_EQ(outcome(settings, {.forwarded_proto = "https"}), "-") << "a trusted proxy has spoken TLS";
  EXPECT_EQ(outcome(settings, {.method = "OPTIONS", .target = "*"}), "-");
  EXPECT_EQ(outcome(settings, {.authority = ""}), "-") << "HTTP/1.0 without a host";
  EXPECT_EQ(outcome(settings, {.target = "/.well-known/acme-challenge/token"}), "-");
  EXPECT_EQ(outcome(settings, {.target = "/.well-known/other"}), "301 https://a.test/.well-known/other");
}

TEST(Hsts, IsAddedOnceAndReplacesNothingUnasked) {
  const auto after = [](bool replaces, std::string_view upstream) {
    http::HeaderMap headers;
    if (!upstream.empty()) headers.add("strict-transport-security", upstream);
    add_hsts("max-age=9", replaces, headers);
    std::string all;
    for (const auto value : headers.all("Strict-Transport-Security")) all += std::string(value) + "|";
    return all;
  };
  EXPECT_EQ(after(false, ""), "max-age=9|");
  EXPECT_EQ(after(false, "max-age=1"), "max-age=1|");
  EXPECT_EQ(after(true, "max-age=1"), "max-age=9|");
}

class AcmeChallengeTest : public testing::Test {
 protected:
  AcmeChallengeTest() {
    std::string name = testing::TempDir() + "portvakt-acme-XXXXXX";
    root_ = ::mkdtemp(name.data());
    folder_ = root_ / "acme";
    std::filesystem::create_directories(folder_ / ".well-known/acme-challenge");
    write(folder_ / "flat_1-A", "flat");
    write(folder_ / ".well-known/acme-challenge/webroot", "webroot");
    write(root_ / "secret", "secret");
  }
  ~AcmeChallengeTest() override { std::filesystem::remove_all(root_); }

  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file) << bytes;
  }
  std::string read(const std::string& token) const {
    return read_challenge(folder_, "/.well-known/acme-challenge/" + token).value_or("-");
  }

  std::filesystem::path root_;
  std::filesystem::path folder_;
};

TEST_F(AcmeChallengeTest, FindsATokenWhereClientsWriteIt) {
  EXPECT_EQ(read("flat_1-A"), "flat");
  EXPECT_EQ(read("webroot"), "webroot");
  EXPECT_EQ(read("none"), "-");
}

TEST_F(AcmeChallengeTest, ReadsNothingButTokens) {
  write(folder_ / "a.txt", "dot");
  write(folder_ / "large", std::string(4097, 'x'));
  write(folder_ / "whole", std::string(4096, 'x'));
  std::filesystem::create_symlink(root_ / "secret", folder_ / "link");
  std::filesystem::create_directory(folder_ / "sub");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read("whole").size(), 4096U);
  for (const std::string token :
       {"", ".", "..", "../secret", "a.txt", "..%2fsecret", "sub/x", "/secret", "sub", "link", "large",
        "pipe", ".well-known", "flat_1-A/", "flat_1-A ", "fl\\at"}) {
    EXPECT_EQ(read(token), "-") << token;
  }
  EXPECT_EQ(read(std::string("flat_1-A\0x", 10)), "-");
  EXPECT_EQ(read(std::string(257, 'a')), "-");
  EXPECT_FALSE(read_challenge(folder_, "/flat_1-A"));
}

class HttpsExchangeTest : public test::ExchangeTest {
 protected:
  static std::string get(const std::string& host) { return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"; }
};

TEST_F(HttpsExchangeTest, AnswersWithOneRecordEach) {
  add_filters = [](Site& site) {
    site.hsts = "max-age=9";
    site.filters.push_back(std::make_unique<HttpsFilter>(HttpsSettings{.redirect = true}));
  };
  use_upstreams({upstream_.port()});
  auto& client = connect();
  client.send(get("a.test"));
  ASSERT_TRUE(until_got(client, "Location: https://a.test/\r\n"));
  EXPECT_FALSE(client.got("Strict-Transport-Security")) << "plain text promises nothing";
  turns();
  EXPECT_EQ(records(),
            "GET 301 " +
                std::to_string(client.wire.written.size() - client.wire.written.find("\r\n\r\n") - 4) + "\n");
}

TEST_F(HttpsExchangeTest, RefusesWhatIsAnotherConnectionsAndGoesOn) {
  auto& client = connect();
  client.wire.foreign = "a.test:1";
  client.send(get("a.test:1"));
  ASSERT_TRUE(until_got(client, "HTTP/1.1 421 "));
  turns();
  EXPECT_EQ(records(), "GET 421\n");
  EXPECT_FALSE(client.closed);
  client.wire.written.clear();
  client.send(get("a.test"));
  ASSERT_TRUE(until([&] { return !upstream_.received().empty(); }));
}

}  // namespace
}  // namespace portvakt::exchange
