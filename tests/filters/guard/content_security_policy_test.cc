#include "filters/guard/content_security_policy.h"

#include <gtest/gtest.h>

namespace portvakt::guard {
namespace {

struct Case {
  std::string_view name;
  std::string_view policy;
  std::string_view expected;
};

const OwnInline kOwn{{"'sha256-S'"}, {"'sha256-T'"}};

std::string extended(std::string_view policy, const OwnInline& own = kOwn) {
  http::HeaderMap headers;
  headers.add("Content-Security-Policy", policy);
  extend_policies(headers, own);
  return std::string(*headers.find("content-security-policy"));
}

TEST(ContentSecurityPolicy, InTheDocumentIsExtendedToo) {
  EXPECT_EQ(extend_policy("script-src 'self', x; form-action 'none'", kOwn, {}),
            "script-src 'self', x 'sha256-S'; form-action 'self'");
  EXPECT_EQ(extend_policy("script-src 'nonce-abc'", kOwn, {"abc", ""}), "script-src 'nonce-abc'");
  EXPECT_EQ(extend_policy("img-src  *", kOwn, {}), "img-src  *");
}

TEST(ContentSecurityPolicy, IsExtendedAsLittleAsNeeded) {
  const Case cases[] = {
      {"nothing about scripts", "img-src 'self'", "img-src 'self'"},
      {"hashes are added", "script-src 'self'", "script-src 'self' 'sha256-S'"},
      {"styles too", "style-src 'self'", "style-src 'self' 'sha256-T'"},
      {"the most exact directive governs", "script-src 'self'; script-src-elem a.test",
       "script-src 'self'; script-src-elem a.test 'sha256-S'"},
      {"default-src gets children", "default-src 'self'; img-src *",
       "default-src 'self'; img-src *; script-src 'self' 'sha256-S'; style-src 'self' 'sha256-T'"},
      {"none gives way", "default-src 'none'",
       "default-src 'none'; script-src 'sha256-S'; style-src 'sha256-T'"},
      {"script-src none", "script-src 'none'", "script-src 'sha256-S'"},
      {"empty directive", "script-src", "script-src 'sha256-S'"},
      {"unsafe-inline is left alone", "script-src 'self' 'unsafe-inline'; style-src 'UNSAFE-INLINE'",
       "script-src 'self' 'unsafe-inline'; style-src 'UNSAFE-INLINE'"},
      {"unsafe-inline through default-src", "default-src 'self' 'unsafe-inline'",
       "default-src 'self' 'unsafe-inline'"},
      {"unsafe-inline that a hash has switched off", "script-src 'unsafe-inline' 'sha256-x'",
       "script-src 'unsafe-inline' 'sha256-x' 'sha256-S'"},
      {"unsafe-inline that strict-dynamic has switched off", "script-src 'unsafe-inline' 'strict-dynamic'",
       "script-src 'unsafe-inline' 'strict-dynamic' 'sha256-S'"},
      {"a nonce is lent", "script-src 'nonce-abc'", "script-src 'nonce-abc'"},
      {"scripts by nonce, styles by hash", "script-src 'nonce-abc'; style-src 'self'",
       "script-src 'nonce-abc'; style-src 'self' 'sha256-T'"},
      {"the first of two directives counts", "script-src a.test; script-src 'unsafe-inline'",
       "script-src a.test 'sha256-S'"},
      {"names in capitals", "SCRIPT-SRC 'self'", "script-src 'self' 'sha256-S'"},
      {"form-action that would block us", "form-action https://pay.test",
       "form-action https://pay.test 'self'"},
      {"form-action none", "form-action 'none'", "form-action 'self'"},
      {"trusted types get ours", "trusted-types page", "trusted-types page portvakt"},
      {"trusted types none", "trusted-types 'none'", "trusted-types portvakt"},
      {"any trusted types", "trusted-types *", "trusted-types *"},
      {"form-action self", "form-action 'self'", "form-action 'self'"},
      {"several policies in one field", "script-src 'self', script-src a.test",
       "script-src 'self' 'sha256-S', script-src a.test 'sha256-S'"},
      {"a policy that stays is not rewritten", " img-src  x ;; , script-src 'self'",
       "img-src  x ;;, script-src 'self' 'sha256-S'"},
      {"nonce that cannot stand in markup", "script-src 'nonce-a\"b'", "script-src 'nonce-a\"b' 'sha256-S'"},
  };
  for (const auto& c : cases) EXPECT_EQ(extended(c.policy), c.expected) << c.name;
}

TEST(ContentSecurityPolicy, IsLeftByteForByteWhenNothingIsNeeded) {
  constexpr std::string_view kOdd = "  img-src   a.test ;; Script-Src 'unsafe-inline'  ,";
  EXPECT_EQ(extended(kOdd), kOdd);
}

TEST(ContentSecurityPolicy, GetsHashesInEachOfSeveralFields) {
  http::HeaderMap headers;
  headers.add("Content-Security-Policy", "script-src 'nonce-abc'");
  headers.add("content-security-policy", "default-src https:");
  headers.add("Content-Security-Policy-Report-Only", "script-src 'nonce-other'");
  const auto lent = extend_policies(headers, {{"'sha256-S'"}, {}});
  EXPECT_EQ(lent.script, "abc");
  EXPECT_EQ(lent.style, "");
  EXPECT_EQ(headers.all("content-security-policy"),
            (std::vector<std::string_view>{"script-src 'nonce-abc'",
                                           "default-src https:; script-src https: 'sha256-S'"}));
  EXPECT_EQ(headers.find("content-security-policy-report-only"), "script-src 'nonce-other' 'sha256-S'");
}

TEST(ContentSecurityPolicy, LendsNoncesOfScriptsAndStyles) {
  http::HeaderMap headers;
  headers.add("Content-Security-Policy", "default-src 'nonce-d'; style-src 'nonce-s'");
  const auto lent = extend_policies(headers, kOwn);
  EXPECT_EQ(lent.script, "d");
  EXPECT_EQ(lent.style, "s");
}

TEST(ContentSecurityPolicy, LetsOurScriptSpeakToItsOwnSite) {
  OwnInline own;
  own.sends = true;
  const auto extended = [&](std::string_view policy) { return extend_policy(policy, own, {}); };
  EXPECT_EQ(extended("connect-src https://api.example"), "connect-src https://api.example 'self'");
  EXPECT_EQ(extended("connect-src 'none'"), "connect-src 'self'");
  EXPECT_EQ(extended("default-src https://cdn.example"),
            "default-src https://cdn.example; connect-src https://cdn.example 'self'");
  for (const std::string_view enough :
       {"connect-src 'self'", "default-src 'self'", "connect-src *", "img-src 'none'"})
    EXPECT_EQ(extended(enough), enough);
  own.sends = false;
  EXPECT_EQ(extended("connect-src 'none'"), "connect-src 'none'") << "only where the script is";
}

TEST(CarryNonce, MarksEveryInlineElement) {
  std::string markup = "<style>a</style><script>b</script><script src=x></script><scripty>";
  carry_nonce(markup, "script", "n1");
  EXPECT_EQ(markup,
            "<style>a</style><script nonce=\"n1\">b</script><script nonce=\"n1\" src=x></script><scripty>");
  carry_nonce(markup, "style", "");
  EXPECT_EQ(markup.find("<style>"), 0U);
}

}  // namespace
}  // namespace portvakt::guard
