#include "config/environment.h"

#include <algorithm>
#include <cstdlib>

#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

auto fault(std::string text, std::string suggestion = {}) {
  return tl::unexpected<Fault>(Fault{std::move(text), std::move(suggestion)});
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return ascii::is_alnum(c) || c == '_'; });
}

}  // namespace

Checked<std::string> expand_environment(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find("${");
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return fault("`${` has no closing brace", "write ${NAME}");
    if (out.ends_with('$')) {  // $${ is a literal ${
      out += text.substr(open + 1, close - open);
    } else {
      const std::string name(text.substr(open + 2, close - open - 2));
      if (!is_variable_name(name)) return fault("`${...}` must name an environment variable");
      const char* found = std::getenv(name.c_str());
      if (found == nullptr) return fault("the environment variable " + name + " is not set");
      out += found;
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace portvakt::config
