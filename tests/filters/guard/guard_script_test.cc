#include "filters/guard/guard_script.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

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
  out.cookies = {{"_ga", kAnalytics}, {"_ga_*", kAnalytics}, {"_fbp", kMarketing}, {"a.b*", kMarketing}};
  out.globals = {
      {"(gtag", kAnalytics}, {"[dataLayer", kAnalytics}, {"(fbq", kMarketing}, {"{mixpanel", kAnalytics}};
  return out;
}

filters::PurposeSet granting(std::initializer_list<filters::Purpose> purposes) {
  filters::PurposeSet set;
  for (const auto purpose : purposes) set.add(purpose);
  return set;
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
  const auto text = GuardScript(settings()).text({}, false);
  for (const std::string name :
       {"api", "elements", "requests", "cookies", "globals", "addresses", "bare", "hostile"}) {
    EXPECT_EQ(judge(text.source, name), "") << name;
  }
}

TEST(GuardScript, LetsThroughWhatIsGranted) {
  const GuardScript script(settings());
  EXPECT_EQ(judge(script.text(granting({kAnalytics}), true).source, "analytics"), "");
  EXPECT_EQ(judge(script.text(granting({kAnalytics, kMarketing}), true).source, "everything"), "");
}

TEST(GuardScript, HoldsNothingButHasItsApiInObserveMode) {
  auto observing = settings();
  observing.holds = false;
  EXPECT_EQ(judge(GuardScript(observing).text({}, true).source, "observing"), "");
}

TEST(GuardScript, HasOneTextForEachConsentClass) {
  const GuardScript script(settings());
  EXPECT_EQ(script.text({}, false).source, script.text({}, false).source);
  EXPECT_NE(script.text({}, false).source, script.text({}, true).source);
  EXPECT_NE(script.text({}, false).source, script.text(granting({kMarketing}), false).source);
  const auto text = script.text(granting({kMarketing}), true);
  EXPECT_EQ(text.csp_hash, "'sha256-" + crypto::base64(crypto::sha256(text.source)) + "'");
}

TEST(GuardScript, ComposesTextsOfSitesWithManyPurposes) {
  auto many = settings();
  for (int i = 0; many.purposes.add("own" + std::to_string(i)); ++i) {
  }
  const auto text = GuardScript(many).text(many.purposes.all(), true);
  EXPECT_NE(text.source.find("\"own11\""), std::string::npos);
  EXPECT_EQ(text.csp_hash, csp_hash(text.source));
}

TEST(GuardScript, CannotBeLeftByANameInTheConfiguration) {
  auto odd = settings();
  odd.cookies.push_back({"</script><b>\"'\\", kMarketing});
  odd.consent_path = "/<!--<script>/";
  const auto source = GuardScript(odd).text({}, false).source;
  EXPECT_EQ(source.find('<', source.rfind("(window,document,")), std::string::npos);
  EXPECT_EQ(source.find("</"), std::string::npos);
  EXPECT_EQ(source.find("<!--"), std::string::npos);
  EXPECT_EQ(source.find("<script"), std::string::npos);
}

TEST(GuardScript, IsSmall) {
  GuardScriptSettings bare;
  EXPECT_LT(GuardScript(bare).text({}, false).source.size(), 6'500U) << "about 2.4 KB when compressed";
}

}  // namespace
}  // namespace portvakt::guard
