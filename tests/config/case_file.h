// Cases kept as text beside the tests: `=== [frame] name`, the YAML, `--- says`, the diagnostics that it must
// give. The frame completes the YAML: `file` is the whole file, `top` adds options beside a site, `site` goes
// on below a site.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace portvakt::config {

struct BrokenCase {
  std::string frame;
  std::string name;
  std::string yaml;
  std::string says;

  std::string whole_file() const {
    const std::string listen = "listen: [{address: \"127.0.0.1:8080\"}]\n";
    if (frame == "top") {
      return listen + "sites: [{name: a, hosts: [a.test], upstreams: [\"http://127.0.0.1:9000\"]}]\n" + yaml;
    }
    if (frame == "site") {
      return listen + "sites:\n  - name: a\n    hosts: [a.test]\n    upstreams: [http://127.0.0.1:9000]\n" +
             yaml;
    }
    return yaml;
  }
};

inline std::vector<BrokenCase> read_cases(const std::string& file) {
  std::ifstream in(file);
  std::vector<BrokenCase> out;
  bool says = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== [")) {
      const auto close = line.find(']');
      out.push_back({line.substr(5, close - 5), line.substr(close + 2), {}, {}});
      says = false;
    } else if (line == "--- says") {
      says = true;
    } else if (!out.empty()) {
      (says ? out.back().says : out.back().yaml) += line + "\n";
    }
  }
  return out;
}

}  // namespace portvakt::config
