// uap-core's own test suite: families, major versions, systems, and which are spiders.
#include <gtest/gtest.h>

#include <functional>

#include <yaml-cpp/yaml.h>

#include "filters/agents/agent.h"

namespace portvakt::agents {
namespace {

std::string text_of(const YAML::Node& value) {
  return value && !value.IsNull() ? value.as<std::string>() : std::string();
}
std::string family_of(const YAML::Node& test) {
  const std::string family = text_of(test["family"]);
  return family == "Other" ? "" : family;
}

struct Score {
  int cases = 0;
  int equal = 0;
};

/// Every case of a file; names those that differ, of robots and people alike.
void compare(const char* file, Score& score,
             const std::function<bool(const Agent&, const YAML::Node&)>& is_equal) {
  const YAML::Node suite = YAML::LoadFile(std::string(UAP_CORE_FOLDER "/") + file);
  for (const auto& test : suite["test_cases"]) {
    const std::string text = test["user_agent_string"].as<std::string>();
    const Agent agent = read_user_agent(text);
    ++score.cases;
    if (is_equal(agent, test)) {
      ++score.equal;
    } else {
      std::printf("differs: %s -> %s %s, %s, %s\n", text.c_str(), agent.browser.c_str(),
                  agent.version.c_str(), agent.system.c_str(), std::string(agent.device).c_str());
    }
  }
}

void expect_enough(const char* what, const Score& score) {
  std::printf("%s: %d of %d as the reference has it (%.3f %%)\n", what, score.equal, score.cases,
              100.0 * score.equal / score.cases);
  EXPECT_GT(score.cases, 400);
  EXPECT_GE(score.equal, score.cases * 0.995);
}

TEST(ReferenceSuite, BrowsersAndMajorVersions) {
  Score score;
  for (const char* file :
       {"tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml",
        "test_resources/opera_mini_user_agent_strings.yaml", "test_resources/pgts_browser_list.yaml",
        "test_resources/podcasting_user_agent_strings.yaml"}) {
    compare(file, score, [](const Agent& agent, const YAML::Node& test) {
      return agent.browser == family_of(test) && agent.version == text_of(test["major"]);
    });
  }
  expect_enough("browsers", score);
}

TEST(ReferenceSuite, Systems) {
  Score score;
  for (const char* file : {"tests/test_os.yaml", "test_resources/additional_os_tests.yaml"}) {
    compare(file, score,
            [](const Agent& agent, const YAML::Node& test) { return agent.system == family_of(test); });
  }
  expect_enough("systems", score);
}

TEST(ReferenceSuite, Spiders) {
  Score score;
  compare("tests/test_device.yaml", score, [](const Agent& agent, const YAML::Node& test) {
    return (agent.device == "bot") == (family_of(test) == "Spider");
  });
  expect_enough("spiders", score);
}

}  // namespace
}  // namespace portvakt::agents
