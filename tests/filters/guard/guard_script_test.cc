#include "filters/guard/guard_script.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "filters/tags/catalogue_reader.h"
#include "filters/tags/tag_policy.h"
#include "proxy/base/crypto.h"
#include "tests/support/source_file.h"

namespace portvakt::guard {
namespace {

using filters::kAnalytics;
using filters::kMarketing;
using filters::kNecessary;

GuardScriptSettings settings() {
  GuardScriptSettings out;
  out.hosts = {{".ads.test", kMarketing},        {"pay.ads.test", kNecessary},    {"stats.test", kAnalytics},
               {"shared.test", kNecessary},      {"shared.test/ads", kMarketing}, {"tm.test", kAnalytics},
               {"tm.test/js?id=AW-", kMarketing}};
  for (const auto* own : {"/g/collect", "*/m.js", "?v=2&tid=G-"}) out.hosts.push_back({own, kAnalytics});
  out.hosts.push_back({"www.g.*/ads", kMarketing});
  out.storage = {{"sid", kAnalytics}};
  out.cookies = {{"_ga", kAnalytics}, {"_ga_*", kAnalytics}, {"_fbp", kMarketing}, {"a.b*", kMarketing}};
  out.globals = {
      {"(gtag", kAnalytics}, {"[dataLayer", kAnalytics}, {"(fbq", kMarketing}, {"{mixpanel", kAnalytics}};
  return out;
}

consent::ConsentState undecided() {
  return {};
}
consent::ConsentState granting(std::initializer_list<filters::Purpose> purposes) {
  consent::ConsentState state;
  for (const auto purpose : purposes) state.granted.add(purpose);
  state.chosen = true;
  return state;
}

/// What Node says about a script text in a case of guard_script_test.mjs: empty if all holds.
std::string judge(const std::string& source, const std::string& name) {
  const auto file =
      std::filesystem::temp_directory_path() / ("portvakt_guard_" + std::to_string(getpid()) + ".js");
  std::ofstream(file) << source;
  const std::string command = "node " + test::source_file("tests/filters/guard/guard_script_test.mjs") + " " +
                              file.string() + " " + name + " 2>&1";
  std::string said;
  FILE* const pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) said += buffer.data();
  const int status = pclose(pipe);
  std::filesystem::remove(file);
  if (status == 0) return {};
  return said.empty() ? "exit " + std::to_string(WEXITSTATUS(status)) : said;
}

TEST(GuardScript, StandsBetweenScriptsAndVendors) {
  const auto text = GuardScript(settings()).text(undecided());
  for (const std::string name :
       {"api", "elements", "requests", "cookies", "markup", "globals", "addresses", "bare", "hostile"}) {
    EXPECT_EQ(judge(text.source, name), "") << name;
  }
}

TEST(GuardScript, LetsThroughWhatIsGranted) {
  const GuardScript script(settings());
  EXPECT_EQ(judge(script.text(granting({kAnalytics})).source, "analytics"), "");
  EXPECT_EQ(judge(script.text(granting({kAnalytics, kMarketing})).source, "everything"), "");
}

TEST(GuardScript, HoldsNothingButHasItsApiInObserveMode) {
  auto observing = settings();
  observing.holds = false;
  EXPECT_EQ(judge(GuardScript(observing).text(granting({})).source, "observing"), "");
}

TEST(GuardScript, HasOneTextForEachConsentClass) {
  const GuardScript script(settings());
  EXPECT_EQ(script.text(undecided()).source, script.text(undecided()).source);
  EXPECT_NE(script.text(undecided()).source, script.text(granting({})).source);
  EXPECT_NE(script.text(undecided()).source, script.text(granting({kMarketing})).source);
  const auto text = script.text(granting({kMarketing}));
  EXPECT_EQ(text.csp_hash, "'sha256-" + crypto::base64(crypto::sha256(text.source)) + "'");
}

TEST(GuardScript, ComposesTextsOfSitesWithManyPurposes) {
  auto many = settings();
  for (int i = 0; many.purposes.add("own" + std::to_string(i)); ++i) {
  }
  const auto text = GuardScript(many).text(granting({4, 15}));
  EXPECT_NE(text.source.find("own11"), std::string::npos);
  EXPECT_EQ(text.csp_hash, csp_hash(text.source));
}

TEST(GuardScript, CannotBeLeftByANameInTheConfiguration) {
  auto odd = settings();
  odd.cookies.push_back({"</script><b>\"'\\", kMarketing});
  odd.consent_path = "/<!--<script>/";
  const auto source = GuardScript(odd).text(undecided()).source;
  EXPECT_EQ(source.find('<', source.rfind("(self,self.document,")), std::string::npos);
  EXPECT_EQ(source.find("</"), std::string::npos);
  EXPECT_EQ(source.find("<!--"), std::string::npos);
  EXPECT_EQ(source.find("<script"), std::string::npos);
}

TEST(GuardScript, FollowsAChoiceByVendor) {
  auto by_vendor = settings();
  for (auto& host : by_vendor.hosts) host.vendor = host.name;
  const GuardScript script(by_vendor);
  auto consent = granting({kMarketing});
  consent.vendors_granted = {"stats.test"};
  consent.vendors_refused = {".ads.test"};
  EXPECT_EQ(judge(script.text(consent).source, "vendors"), "");
}

/// Bytes of `gzip -9`.
std::size_t compressed_size(const std::string& text) {
  const auto file =
      std::filesystem::temp_directory_path() / ("portvakt_guard_size_" + std::to_string(getpid()) + ".js");
  std::ofstream(file) << text;
  FILE* const pipe = popen(("gzip -9 -c " + file.string()).c_str(), "r");
  std::size_t size = 0;
  while (fgetc(pipe) != EOF) ++size;
  pclose(pipe);
  std::filesystem::remove(file);
  return size;
}

TEST(GuardScript, IsSmallWithTheWholeCatalogue) {
  Diagnostics diagnostics;
  const auto catalogue = tags::read_catalogue(test::source_file("config/vendors.yaml"), diagnostics);
  ASSERT_NE(catalogue, nullptr);
  const tags::TagPolicy policy(*catalogue, {});
  const auto all = make_script_settings(policy);
  auto bare = all;
  bare.hosts.resize(1);
  bare.cookies.clear();
  bare.storage.clear();
  bare.globals.clear();
  std::printf("guard, gzip -9: %zu bytes, of which the script %zu\n",
              compressed_size(GuardScript(all).text(undecided()).source),
              compressed_size(GuardScript(bare).text(undecided()).source));
  EXPECT_LE(compressed_size(GuardScript(all).text(undecided()).source), 7100U);
}

}  // namespace
}  // namespace portvakt::guard
