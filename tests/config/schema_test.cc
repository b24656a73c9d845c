#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "config/json_schema.h"
#include "config/option.h"
#include "config/reference.h"
#include "config/value.h"
#include "tests/support/source_file.h"

namespace portvakt::config {
namespace {

/// Accepts exactly the JSON of RFC 8259 (numbers: integers only, which is all that the schema writes).
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) : rest_(text) {}
  bool valid() {
    const bool good = value();
    space();
    return good && rest_.empty();
  }

 private:
  void space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    space();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool text() {
    if (!take("\"")) return false;
    while (!rest_.empty() && rest_[0] != '"') {
      if (static_cast<unsigned char>(rest_[0]) < 0x20) return false;
      if (rest_[0] == '\\' && (rest_.size() < 2 || (rest_[1] != '"' && rest_[1] != '\\'))) return false;
      rest_.remove_prefix(rest_[0] == '\\' ? 2 : 1);
    }
    return take("\"");
  }
  bool members(char close, bool named) {
    if (take(std::string(1, close))) return true;
    do {
      if (named && !(text() && take(":"))) return false;
      if (!value()) return false;
    } while (take(","));
    return take(std::string(1, close));
  }
  bool value() {
    if (take("{")) return members('}', true);
    if (take("[")) return members(']', false);
    if (take("true") || take("false") || take("null")) return true;
    space();
    if (rest_.starts_with('"')) return text();
    const auto end = rest_.find_first_not_of("0123456789");
    if (end == 0) return false;
    rest_.remove_prefix(end);
    return true;
  }

  std::string_view rest_;
};

TEST(JsonSchema, IsValidJson) {
  EXPECT_TRUE(JsonChecker(json_schema()).valid());
  EXPECT_FALSE(JsonChecker("{\"a\":}").valid());
  EXPECT_FALSE(JsonChecker("{\"a\":1,}").valid());
}

TEST(JsonSchema, HoldsEveryOptionWithItsHelp) {
  const auto schema = json_schema();
  for (const auto& option : all_options()) {
    EXPECT_NE(schema.find("\"" + std::string(option.name()) + "\":\n{\"description\":"), std::string::npos)
        << option.path;
  }
}

TEST(Reference, IsTheFileBesideTheOptions) {
  std::ifstream in(test::source_file("config/reference.md"));
  const std::string file((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(file, reference_markdown())
      << "write it anew: `portvakt schema --reference > config/reference.md`";
}

TEST(Reference, HoldsEveryOption) {
  const auto page = reference_markdown();
  for (const auto& option : all_options()) {
    EXPECT_NE(page.find("`" + std::string(option.name()) + "`"), std::string::npos) << option.path;
  }
}

TEST(Options, HaveAParentAHelpAndASetter) {
  const auto options = all_options();
  for (const auto& option : options) {
    EXPECT_TRUE(option.help.ends_with('.')) << option.path;
    if (option.kind == Kind::Section) {
      EXPECT_TRUE(option.shape == Shape::Single || option.open != nullptr) << option.path;
    } else {
      EXPECT_NE(option.set, nullptr) << option.path;
    }
    if (option.parent().empty()) continue;
    const bool has_parent = std::ranges::any_of(options, [&](const Option& other) {
      return option.parent() == std::string(other.path) + (other.shape == Shape::List ? "[]" : "");
    });
    EXPECT_TRUE(has_parent) << option.path;
  }
}

TEST(Options, HaveDefaultsThatTheyAcceptThemselves) {
  for (const auto& option : all_options()) {
    if (option.fallback.empty() || option.shape != Shape::Single) continue;
    const auto value = parse_value(option, std::string(option.fallback), "/");
    EXPECT_TRUE(value) << option.path << ": " << value.error().text;
  }
}

auto balancing_of(const Model& model) {
  const auto& site = model.sites[0];
  const auto& b = site.balancing;
  const auto& u = site.upstreams[0];
  return std::make_tuple(b.rule, b.key, b.slow_start, b.retries, b.retry_percent, b.queue, b.queue_timeout,
                         u.weight, u.backup, u.max_connections, model.limits.upstream_idle_connections,
                         model.limits.upstream_idle_timeout);
}

/// What the reference page calls the default is what the model holds by itself.
TEST(Options, SayTheDefaultsThatTheModelHas) {
  Model plain;
  plain.listeners.emplace_back();
  plain.sites.emplace_back().upstreams.emplace_back();
  plain.sites.back().hsts.emplace();
  plain.log.redis.emplace();
  auto written = plain;
  for (const auto& option : all_options()) {
    if (option.fallback.empty() || option.shape != Shape::Single) continue;
    option.set(written, std::move(*parse_value(option, std::string(option.fallback), "/")));
  }
  const auto all_of = [](const Model& m) {
    const auto& l = m.limits;
    const auto& s = m.sites[0];
    return std::make_tuple(
        m.consent.path, m.consent.default_region, m.log.spool.path, m.log.spool.max_size, m.log.redis->prefix,
        m.log.redis->tls.verify, m.log.retention, m.log.record,
        std::make_tuple(l.header_timeout, l.idle_timeout, l.connect_timeout, l.response_timeout,
                        l.drain_timeout, l.max_header_bytes, l.max_header_count, l.max_request_line,
                        l.max_body),
        std::make_tuple(l.write_timeout, l.min_upload_rate, l.upload_grace, l.min_download_rate,
                        l.download_grace, l.max_requests_per_connection, l.max_connection_buffer),
        m.listeners[0].proxy_protocol,
        std::make_tuple(m.certificate_check, m.listeners[0].tls_profile, l.handshake_timeout),
        std::make_tuple(s.mode, s.filter, s.client_address, s.ipv4_prefix, s.ipv6_prefix,
                        s.consent.policy_version),
        std::make_tuple(s.redirect, s.redirect_port, s.hsts->max_age, s.hsts->include_subdomains,
                        s.hsts->preload, s.hsts->replace));
  };
  EXPECT_EQ(all_of(plain), all_of(written));
  EXPECT_EQ(balancing_of(plain), balancing_of(written));
}

}  // namespace
}  // namespace portvakt::config
