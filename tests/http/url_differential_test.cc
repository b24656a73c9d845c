// Thousands of made-up addresses, read by us and by Node's URL: scheme, host, port, path and query must
// agree.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include <unistd.h>

#include <gtest/gtest.h>

#include "proxy/base/ascii.h"
#include "proxy/http/url.h"
#include "tests/support/source_file.h"

namespace portvakt::http {
namespace {

constexpr std::size_t kAddresses = 12000;

using Random = std::mt19937;

template <std::size_t N>
std::string_view pick(Random& random, const std::array<std::string_view, N>& from) {
  return from[random() % N];
}

constexpr std::array<std::string_view, 16> kSchemes{
    "https:", "http:", "HTTP:",   "hTTps:",      "ws:",    "wss:",   "ftp:", "",
    "",       "",      "ht\ttp:", "\x01 https:", "1http:", "htt p:", " ",    "https"};
constexpr std::array<std::string_view, 12> kSlashes{"//",  "//", "//", "\\\\", "/\\",  "\\/",
                                                    "///", "/",  "",   "////", "/\t/", "\\"};
constexpr std::array<std::string_view, 8> kUsers{"", "", "", "", "user@", "user:pass@", "a@b@", ":@"};
constexpr std::array<std::string_view, 48> kHosts{"example.test",
                                                  "WWW.Example.TEST",
                                                  "www.google-analytics.com",
                                                  "a.b.c.example",
                                                  "example.test.",
                                                  "exam%70le.test",
                                                  "b\xC3\xBC"
                                                  "cher.example",
                                                  "\xEF\xBD\x87oogle.com",
                                                  "www\xE3\x80\x82"
                                                  "example.test",
                                                  "xn--bcher-kva.example",
                                                  "1.2.3.4",
                                                  "0x7f.1",
                                                  "017.1.1.1",
                                                  "256.1.1.1",
                                                  "1.2.3",
                                                  "4294967295",
                                                  "4294967296",
                                                  "0x",
                                                  "0x.0x",
                                                  "1.2.3.4.",
                                                  "1.2.3.4.5",
                                                  "1..2",
                                                  "a..b",
                                                  ".",
                                                  "..",
                                                  "08.1.1.1",
                                                  "1.2.3.08",
                                                  "[::1]",
                                                  "[2001:db8::1]",
                                                  "[::ffff:1.2.3.4]",
                                                  "[1:2:3:4:5:6:7:8]",
                                                  "[1::2::3]",
                                                  "[::1",
                                                  "[1:0:0:2:0:0:0:3]",
                                                  "[12345::]",
                                                  "[::1.2.3.256]",
                                                  "exa mple",
                                                  "a<b",
                                                  "a%00b",
                                                  "a%2fb",
                                                  "a^b",
                                                  "a|b",
                                                  "a_b.test",
                                                  "-a-.test",
                                                  "*.test",
                                                  "",
                                                  "caf\xC3\xA9.test",
                                                  "\xC3\x89"
                                                  "COLE.test"};
constexpr std::array<std::string_view, 12> kPorts{"",  "",   "",       ":80",    ":443",   ":8080",
                                                  ":", ":0", ":00081", ":65535", ":65536", ":8a"};
constexpr std::array<std::string_view, 28> kPathParts{
    "/",  "\\", "a", "b.js", ".",   "..", "%2e",      "%2E.", ".%2e", "...", "%", "%4", "%41", " ",
    "\t", "\n", "<", "`",    "{x}", "\"", "\xC3\xA9", "//",   "@",    ":",   ";", "'",  "|",   "\x7f"};
constexpr std::array<std::string_view, 12> kTails{"",          "",     "",   "?",   "?q=1", "?a b'\"<>",
                                                  "?\xC3\xA9", "?q#f", "#f", "#?x", "?x?y", " "};
constexpr std::array<std::string_view, 4> kBases{"https://www.example.test/shop/page.html?x=1",
                                                 "http://base.test:81", "https://base.test/a/b/../c/", ""};

struct Address {
  std::string input;
  std::string base;
};

Address make_address(Random& random) {
  Address address;
  if (random() % 3 != 0) {
    address.input += pick(random, kSchemes);
    address.input += pick(random, kSlashes);
    address.input += pick(random, kUsers);
    address.input += pick(random, kHosts);
    address.input += pick(random, kPorts);
  }
  for (auto parts = random() % 7; parts > 0; --parts) {
    address.input += random() % 2 == 0 ? "/" : "";
    address.input += pick(random, kPathParts);
  }
  address.input += pick(random, kTails);
  address.base = pick(random, kBases);
  return address;
}

std::string read_by_us(const Address& address) {
  const ParsedUrl base = parse_url(address.base);
  const ParsedUrl url = parse_url(address.input, address.base.empty() ? nullptr : &base);
  if (url.kind == ParsedUrl::Kind::Invalid) return "!";
  return url.scheme + '\t' + url.host + '\t' + url.port + '\t' + url.path + '\t' + url.query;
}

/// What must agree: everything of an address that names a host, the scheme alone of all others. A host with a
/// label that our IDN library refuses is kept as it is on purpose; Node may find a punycode form for it.
std::string comparable(const std::string& reading) {
  const std::size_t scheme = reading.find('\t');
  if (scheme == std::string::npos) return reading;
  if (!parse_url(reading.substr(0, scheme) + "://h/").is_network()) return reading.substr(0, scheme);
  const std::size_t host = reading.find('\t', scheme + 1);
  const std::string_view name = std::string_view(reading).substr(scheme + 1, host - scheme - 1);
  const bool odd_label =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) ||
      (ascii::contains(name, "xn--") && name.find_first_of("{}`'\";") != std::string_view::npos);
  return odd_label ? reading.substr(0, scheme) + reading.substr(host) : reading;
}

std::vector<std::string> ask_node(const std::vector<Address>& addresses) {
  char name[] = "/tmp/portvakt-url-XXXXXX";
  const int file = mkstemp(name);
  if (file < 0) return {};
  close(file);
  {
    std::ofstream out(name);
    for (const auto& [input, base] : addresses) out << ascii::hex(input) << ' ' << ascii::hex(base) << '\n';
  }
  std::string answers;
  const std::string command = "node " + test::source_file("tests/http/url_oracle.mjs") + " " + name;
  if (std::FILE* pipe = popen(command.c_str(), "r")) {
    std::array<char, 65536> block;
    while (const std::size_t n = fread(block.data(), 1, block.size(), pipe)) answers.append(block.data(), n);
    pclose(pipe);
  }
  unlink(name);
  std::vector<std::string> lines;
  std::istringstream in(answers);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(UrlDifferential, AgreesWithNode) {
  if (std::system("node --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "node is not installed";
  Random random(20);
  std::vector<Address> addresses;
  while (addresses.size() < kAddresses) addresses.push_back(make_address(random));
  const std::vector<std::string> expected = ask_node(addresses);
  ASSERT_EQ(expected.size(), addresses.size());

  std::size_t network = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string ours = comparable(read_by_us(addresses[i]));
    if (ours.find('\t') != std::string::npos) ++network;
    EXPECT_EQ(ours, comparable(expected[i]))
        << "address <" << addresses[i].input << "> base <" << addresses[i].base << ">";
  }
  EXPECT_GT(network, kAddresses / 4) << "the inputs must not be mostly refused ones";
}

}  // namespace
}  // namespace portvakt::http
