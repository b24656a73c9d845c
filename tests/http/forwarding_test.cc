#include "proxy/http/forwarding.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace portvakt::http {
namespace {

HeaderMap headers_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  HeaderMap headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

/// `name=value;` for every field, so that a failure shows the whole head.
std::string print(const HeaderMap& headers) {
  std::string out;
  for (const auto& field : headers.fields()) {
    out.append(field.name).append("=").append(field.value).append(";");
  }
  return out;
}

std::string stripped(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  HeaderMap headers = headers_of(fields);
  strip_hop_by_hop(headers);
  return print(headers);
}

TEST(StripHopByHop, RemovesWhatSpeaksOfOneConnection) {
  EXPECT_EQ(stripped({{"Connection", "keep-alive, Upgrade"},
                      {"Keep-Alive", "timeout=5"},
                      {"Proxy-Connection", "keep-alive"},
                      {"Transfer-Encoding", "chunked"},
                      {"Upgrade", "websocket"},
                      {"HTTP2-Settings", "AAMAAABk"},
                      {"Proxy-Authenticate", "Basic"},
                      {"Proxy-Authorization", "Basic x"},
                      {"Accept", "*/*"}}),
            "Accept=*/*;");
}

TEST(StripHopByHop, RemovesNominatedFieldsInAnyCase) {
  EXPECT_EQ(stripped({{"connection", "close, X-Foo"},
                      {"CONNECTION", "x-bar"},
                      {"x-foo", "1"},
                      {"X-Bar", "2"},
                      {"A", "b"}}),
            "A=b;");
}

TEST(StripHopByHop, LetsNobodyNominateFieldsThatOthersRelyOn) {
  for (const std::string_view name :
       {"Cookie", "Set-Cookie", "Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded",
        "Authorization", "Content-Length", "Content-Type", "Content-Encoding", "Consent-Purposes", "Sec-GPC",
        "Sec-Fetch-Site", "Origin", "Referer", "Cache-Control", "Content-Security-Policy",
        "Strict-Transport-Security"}) {
    HeaderMap headers = headers_of({{"Connection", name}, {name, "kept"}});
    strip_hop_by_hop(headers);
    EXPECT_EQ(headers.find(name), "kept") << name;
    EXPECT_FALSE(headers.has("connection")) << name;
  }
}

TEST(StripHopByHop, KeepsOnlyTrailersOfTe) {
  EXPECT_EQ(stripped({{"TE", "gzip, trailers"}, {"A", "b"}}), "A=b;te=trailers;");
  EXPECT_EQ(stripped({{"TE", "gzip"}, {"A", "b"}}), "A=b;");
  EXPECT_EQ(stripped({{"Connection", "TE"}, {"TE", "trailers"}}), "te=trailers;");
}

std::string forwarded(std::initializer_list<std::string_view> lines) {
  HeaderMap headers;
  for (const auto line : lines) headers.add("Forwarded", line);
  const auto hops = parse_forwarded(headers);
  if (!hops) return "malformed";
  std::string out;
  for (const auto& hop : *hops) {
    out += "[" + hop.for_node + " " + hop.by_node + " " + hop.host + " " + hop.proto + "]";
  }
  return out;
}

TEST(ParseForwarded, ReadsTheExamplesOfTheStandard) {
  EXPECT_EQ(forwarded({"for=\"_gazonk\""}), "[_gazonk   ]");
  EXPECT_EQ(forwarded({"For=\"[2001:db8:cafe::17]:4711\""}), "[[2001:db8:cafe::17]:4711   ]");
  EXPECT_EQ(forwarded({"for=192.0.2.60;proto=http;by=203.0.113.43"}), "[192.0.2.60 203.0.113.43  http]");
  EXPECT_EQ(forwarded({"for=192.0.2.43, for=198.51.100.17"}), "[192.0.2.43   ][198.51.100.17   ]");
}

TEST(ParseForwarded, JoinsLinesInOrder) {
  EXPECT_EQ(forwarded({"for=a", "for=b;host=\"x:80\", for=c"}), "[a   ][b  x:80 ][c   ]");
}

TEST(ParseForwarded, ForgivesWhatSendersForget) {
  EXPECT_EQ(forwarded({"for=192.0.2.1:80 ; proto=https"}), "[192.0.2.1:80   https]");
  EXPECT_EQ(forwarded({"for=[2001:db8::1]"}), "[[2001:db8::1]   ]");
  EXPECT_EQ(forwarded({"for=a;secret=x;"}), "[a   ]");
  EXPECT_EQ(forwarded({"for=\"a\\\"b\""}), "[a\"b   ]");
  EXPECT_EQ(forwarded({}), "");
}

TEST(ParseForwarded, RefusesTheWholeFieldIfPartOfItIsMalformed) {
  for (const std::string_view bad : {"for", "for=", "for=\"a", "for=\"a\\", "for==a", "for=a b", "=a",
                                     "for=a;for=b", "for=a, for=(", "for=\"a\"b"}) {
    EXPECT_EQ(forwarded({"for=ok", bad}), "malformed") << bad;
  }
}

TEST(ParseForwarded, RefusesMoreHopsThanAnybodyHas) {
  std::string line = "for=a";
  for (std::size_t i = 1; i < kMaxForwardedHops; ++i) line += ",for=a";
  EXPECT_NE(forwarded({line}), "malformed");
  EXPECT_EQ(forwarded({line + ",for=a"}), "malformed");
}

}  // namespace
}  // namespace portvakt::http
