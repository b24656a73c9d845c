#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "config/checks.h"
#include "config/reader.h"
#include "tests/config/case_file.h"
#include "tests/support/source_file.h"

namespace portvakt::config {
namespace {

const std::string kCases = test::source_file("tests/config/broken_cases.txt");

std::string diagnose(const BrokenCase& broken) {
  Model model;
  Diagnostics diagnostics;
  read_into(model, broken.whole_file(), "portvakt.yaml", "/etc/portvakt", diagnostics);
  check_options(model, diagnostics);
  return diagnostics.format();
}

TEST(BrokenConfigurations, AreExplainedWordForWord) {
  ASSERT_EQ(setenv("PORTVAKT_TEST_SECRET", "hunter2", 1), 0);
  unsetenv("PORTVAKT_TEST_UNSET");
  const auto cases = read_cases(kCases);
  ASSERT_GE(cases.size(), 80U);
  for (const auto& broken : cases) EXPECT_EQ(diagnose(broken), broken.says) << broken.name;
}

TEST(BrokenConfigurations, NeverShowASecret) {
  ASSERT_EQ(setenv("PORTVAKT_TEST_SECRET", "hunter2", 1), 0);
  for (const auto& broken : read_cases(kCases)) {
    EXPECT_EQ(diagnose(broken).find("hunter2"), std::string::npos) << broken.name;
  }
}

TEST(BrokenConfigurations, AreAllExplainedInOneRun) {
  std::string text =
      "listen: [{address: \"127.0.0.1:8080\"}]\n"
      "sites:\n  - name: a\n    hosts: [a.test]\n    upstreams: [http://127.0.0.1:9000]\n";
  std::size_t errors = 0;
  for (const auto& broken : read_cases(kCases)) {
    if (broken.frame != "site" || broken.yaml.starts_with("  -")) continue;
    if (broken.says.find(": error:") == std::string::npos) continue;
    const auto n = std::to_string(++errors);
    text += "  - name: s" + n + "\n    hosts: [s" + n + ".test]\n    upstreams: [http://127.0.0.1:9000]\n";
    text += broken.yaml;
  }
  Diagnostics diagnostics;
  EXPECT_FALSE(read(text, "portvakt.yaml", "/", diagnostics));
  // Faults of two kinds are found by check_options, which looks at the model.
  Model model;
  Diagnostics all;
  read_into(model, text, "portvakt.yaml", "/", all);
  check_options(model, all);
  EXPECT_GE(errors, 10U);
  EXPECT_EQ(all.errors(), errors) << all.format();
}

}  // namespace
}  // namespace portvakt::config
