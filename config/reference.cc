#include "config/reference.h"

#include <string_view>
#include <vector>

#include "config/option.h"
#include "config/option_text.h"

namespace portvakt::config {
namespace {

constexpr std::string_view kHead =
    "# Configuration reference\n"
    "\n"
    "One YAML file. Unknown and repeated keys are errors, and so are anchors, merge keys and tags; every "
    "value is read\n"
    "as its option says, so `NO` is Norway. Relative paths begin at the file's folder. `${NAME}` is replaced "
    "by an\n"
    "environment variable (`$${` is a plain `${`); secrets may also be given as `file:PATH`. Durations need "
    "a unit\n"
    "(`ms`, `s`, `m`, `h`, `d`, `w`), sizes may have one (`KiB`, `MiB`, `GiB`). Options in **bold** are "
    "required.\n"
    "\n"
    "`portvakt check --config FILE` names every fault of a file in one run; `portvakt schema` prints this "
    "table as a\n"
    "JSON Schema for editors.\n";

std::string words_of(const Option& option) {
  std::string out;
  for (const auto word : option.words) out += (out.empty() ? "`" : ", `") + std::string(word) + "`";
  return out;
}

std::string single_type(const Option& option) {
  if (option.kind == Kind::Choice) return words_of(option);
  std::string out(describe(option.kind));
  const auto range = format_range(option);
  return range.empty() ? out : out + "; " + range;
}

std::string type_of(const Option& option) {
  if (option.kind == Kind::Section) return option.shape == Shape::List ? "list of maps" : "map";
  if (option.shape == Shape::List) return "list of: " + single_type(option);
  if (option.shape == Shape::Map)
    return "map from " + std::string(describe(option.key_kind)) + " to: " + single_type(option);
  return single_type(option);
}

std::string row(const Option& option) {
  const auto mark = option.required ? "**" : "";
  std::string out = "| ";
  out += std::string(mark) + "`" + std::string(option.name()) + "`" + mark;
  out += " | " + type_of(option) + " | ";
  if (!option.fallback.empty()) out += "`" + std::string(option.fallback) + "`";
  return out + " | " + std::string(option.help) + " |\n";
}

std::string table(const std::vector<Option>& options, std::string_view section) {
  std::string out = "\n| option | value | default | meaning |\n|---|---|---|---|\n";
  for (const auto& option : options) {
    if (option.parent() == section) out += row(option);
  }
  return out;
}

}  // namespace

std::string reference_markdown() {
  const auto options = all_options();
  std::string out(kHead);
  out += "\n## At the top\n" + table(options, "");
  for (const auto& option : options) {
    if (option.kind != Kind::Section) continue;
    const auto section = std::string(option.path) + (option.shape == Shape::List ? "[]" : "");
    out += "\n## " + section + "\n\n" + std::string(option.help) + "\n" + table(options, section);
  }
  return out;
}

}  // namespace portvakt::config
