// compile_agents REGEXES.yaml OUT.cc: the build's step that makes rules out of uap-core's data.
#include <cstdio>
#include <fstream>

#include <yaml-cpp/yaml.h>

#include "filters/agents/compiler/assembler.h"

namespace portvakt::agents {
namespace {

void take(const YAML::Node& rule, const char* key, std::string& text, bool& has) {
  if (!rule[key]) return;
  text = rule[key].as<std::string>();
  has = true;
}

Assembler::Entry read_rule(const YAML::Node& rule, const char* name, const char* version, int groups) {
  Assembler::Entry entry;
  entry.expression = rule["regex"].as<std::string>();
  entry.ignore_case = static_cast<bool>(rule["regex_flag"]);
  entry.groups = groups;
  if (name != nullptr) take(rule, name, entry.name, entry.has_name);
  if (version != nullptr) take(rule, version, entry.version, entry.has_version);
  return entry;
}

bool is_spider(const YAML::Node& rule) {
  return rule["device_replacement"] && rule["device_replacement"].as<std::string>() == "Spider";
}

int compile(const char* from, const char* to) {
  const YAML::Node data = YAML::LoadFile(from);
  Assembler assembler;
  Assembler::Bounds bounds{};
  for (const auto& rule : data["user_agent_parsers"])
    assembler.add(read_rule(rule, "family_replacement", "v1_replacement", 2));
  bounds.systems = assembler.size();
  for (const auto& rule : data["os_parsers"]) assembler.add(read_rule(rule, "os_replacement", nullptr, 1));
  bounds.devices = assembler.size();
  bool leading = true;
  for (const auto& rule : data["device_parsers"]) {
    leading = leading && is_spider(rule);
    if (leading) ++bounds.spiders;
    if (is_spider(rule)) bounds.late_spider = assembler.size();
    assembler.add(read_rule(rule, nullptr, nullptr, 0));
  }
  std::ofstream out(to);
  assembler.write(out, bounds);
  return out.flush() ? 0 : 1;
}

}  // namespace
}  // namespace portvakt::agents

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    return portvakt::agents::compile(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
    return 1;
  }
}
