#include "filters/visitor/visitor_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace portvakt::visitor {
namespace {

/// One request through one filter.
struct Asked {
  http::RequestHead head;
  filters::Notes notes;
  std::optional<IpAddress> client;
  SystemClock clock;
  bool tls = false;

  explicit Asked(std::string_view peer) : client(IpAddress::parse(peer)) {
    head.method = "GET";
    head.scheme = "http";
    head.authority = "www.example.test";
    head.target = "/";
  }

  Asked& with(std::string_view name, std::string_view value) {
    head.headers.add(name, value);
    return *this;
  }
  Asked& pass(VisitorSettings settings = {}) {
    filters::RequestContext context{head, notes, clock, client, tls, std::nullopt, {}};
    EXPECT_EQ(VisitorFilter(std::move(settings)).on_request(context), filters::Step::Continue);
    return *this;
  }
  std::string sent() const {
    std::string out;
    for (const auto& field : head.headers.fields())
      out.append(field.name).append(": ").append(field.value).append("\n");
    return out;
  }
};

VisitorSettings behind_proxy() {
  VisitorSettings settings;
  settings.trusted = TrustedProxies({IpNetwork::parse("10.0.0.0/8").value()});
  return settings;
}

TEST(VisitorFilter, TruncatesTheAddressAndForgetsIt) {
  Asked asked("192.0.2.77");
  asked.pass();
  EXPECT_EQ(asked.notes.ip.text(), "192.0.2.0");
  EXPECT_FALSE(asked.client.has_value());
}

TEST(VisitorFilter, TellsTheUpstreamTheTruncatedAddress) {
  EXPECT_EQ(Asked("192.0.2.77").pass().sent(),
            "X-Forwarded-Proto: http\nX-Forwarded-Host: www.example.test\nX-Forwarded-For: 192.0.2.0\n"
            "X-Real-IP: 192.0.2.0\nForwarded: for=192.0.2.0;host=\"www.example.test\";proto=http\n");
  EXPECT_EQ(*Asked("2001:db8:1:2::3").pass().head.headers.find("forwarded"),
            "for=\"[2001:db8:1::]\";host=\"www.example.test\";proto=http");
}

TEST(VisitorFilter, TellsTheUpstreamNothingIfTheSiteWantsNothing) {
  VisitorSettings settings;
  settings.client_address = config::ClientAddress::None;
  EXPECT_EQ(Asked("192.0.2.77")
                .with("X-Forwarded-For", "192.0.2.1")
                .with("X-Real-IP", "192.0.2.1")
                .pass(settings)
                .sent(),
            "X-Forwarded-Proto: http\nX-Forwarded-Host: www.example.test\n");
}

TEST(VisitorFilter, TellsTheFullAddressOnlyWhereTheSiteSaysSo) {
  VisitorSettings settings;
  settings.client_address = config::ClientAddress::Full;
  Asked asked("192.0.2.77");
  asked.pass(settings);
  EXPECT_EQ(asked.head.headers.find("x-forwarded-for"), "192.0.2.77");
  EXPECT_EQ(asked.notes.ip.text(), "192.0.2.0") << "the record is truncated in any case";
}

TEST(VisitorFilter, DropsWhatAnUntrustedClientSaysOfItself) {
  Asked asked("192.0.2.77");
  asked.with("X-Forwarded-For", "6.6.6.6")
      .with("X-Forwarded-Proto", "https")
      .with("X-Forwarded-Host", "evil.test")
      .pass();
  EXPECT_EQ(asked.head.headers.find("x-forwarded-for"), "192.0.2.0");
  EXPECT_EQ(asked.head.headers.find("x-forwarded-proto"), "http");
  EXPECT_EQ(asked.head.headers.find("x-forwarded-host"), "www.example.test");
}

TEST(VisitorFilter, TruncatesEveryHopOfATrustedChain) {
  Asked asked("10.0.0.1");
  asked.with("X-Forwarded-For", "6.6.6.6, 192.0.2.77, 10.1.2.3")
      .with("X-Forwarded-Proto", "https")
      .with("X-Forwarded-Host", "shop.example.test")
      .pass(behind_proxy());
  EXPECT_EQ(asked.notes.ip.text(), "192.0.2.0");
  EXPECT_EQ(asked.head.headers.find("x-forwarded-for"), "192.0.2.0, 10.1.2.0");
  EXPECT_EQ(asked.head.headers.find("x-real-ip"), "192.0.2.0");
  EXPECT_EQ(asked.head.headers.find("x-forwarded-proto"), "https");
  EXPECT_EQ(asked.head.headers.find("forwarded"),
            "for=192.0.2.0;host=\"shop.example.test\";proto=https, for=10.1.2.0");
}

TEST(VisitorFilter, RemovesEveryHeaderThatCarriesAnAddress) {
  for (const std::string_view name : {"CF-Connecting-IP",
                                      "CF-Connecting-IPv6",
                                      "True-Client-IP",
                                      "Fastly-Client-IP",
                                      "X-Client-IP",
                                      "X-Cluster-Client-IP",
                                      "X-Original-Forwarded-For",
                                      "X-Envoy-External-Address",
                                      "Client-IP",
                                      "X-ProxyUser-Ip",
                                      "WL-Proxy-Client-IP",
                                      "Proxy-Client-IP",
                                      "Forwarded-For",
                                      "X-Forwarded",
                                      "X-Real-IP",
                                      "x-real-ip",
                                      "Forwarded",
                                      "X-Forwarded-For",
                                      "X-Remote-Addr",
                                      "X-Originating-IP",
                                      "Fly-Client-IP",
                                      "CloudFront-Viewer-Address",
                                      "X-Azure-ClientIP",
                                      "X-Some-New-Client-IP",
                                      "X-Forwarded-Client-Cert",
                                      "DO-Connecting-IP"}) {
    for (const std::string_view address : {"203.0.113.99", "2001:db8:1:2:3:4:5:6", "::ffff:203.0.113.99"}) {
      const auto sent = Asked("192.0.2.77").with(name, address).pass().sent();
      EXPECT_EQ(sent.find(address), std::string::npos) << name;
    }
  }
}

TEST(VisitorFilter, LeavesOtherHeadersAlone) {
  Asked asked("192.0.2.77");
  asked.with("Accept", "*/*").with("Cookie", "a=b").with("X-Request-ID", "1").pass();
  EXPECT_EQ(asked.head.headers.find("accept"), "*/*");
  EXPECT_EQ(asked.head.headers.find("cookie"), "a=b");
  EXPECT_EQ(asked.head.headers.find("x-request-id"), "1");
}

TEST(VisitorFilter, KnowsNobodyBehindAUnixSocket) {
  Asked asked("");
  asked.with("X-Forwarded-For", "6.6.6.6").pass();
  EXPECT_FALSE(asked.notes.ip.known());
  EXPECT_FALSE(asked.head.headers.has("x-forwarded-for"));
}

TEST(VisitorFilter, FillsTheRecordsFields) {
  Asked asked("192.0.2.77");
  asked.head.target = "/u/alice@example.test?utm_source=news&q=secret";
  asked.with("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0")
      .with("Referer", "https://search.example/find?q=private")
      .pass();
  EXPECT_EQ(asked.notes.path, "/u/[email]");
  EXPECT_EQ(asked.notes.campaign, "source=news");
  EXPECT_EQ(asked.notes.referrer, "https://search.example");
  EXPECT_EQ(
      asked.notes.browser + asked.notes.browser_version + asked.notes.os + std::string(asked.notes.device),
      "Firefox115Linuxdesktop");
  EXPECT_EQ(asked.head.target, "/u/alice@example.test?utm_source=news&q=secret")
      << "the upstream gets it as it was";
}

TEST(VisitorFilter, TellsTheOwnSitesReferrerFromOthers) {
  VisitorSettings settings;
  settings.hosts = {"example.test", "*.shop.test"};
  const auto referrer = [&](std::string_view url) {
    return Asked("192.0.2.1").with("Referer", url).pass(settings).notes.referrer;
  };
  EXPECT_EQ(referrer("http://www.example.test/a?b"), "/a");
  EXPECT_EQ(referrer("https://example.test:8443/a"), "/a");
  EXPECT_EQ(referrer("https://no.shop.test/a"), "/a");
  EXPECT_EQ(referrer("https://shop.test.evil/a"), "https://shop.test.evil");
  EXPECT_EQ(referrer("https://evilexample.test/a"), "https://evilexample.test");
}

}  // namespace
}  // namespace portvakt::visitor
