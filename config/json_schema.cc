#include "config/json_schema.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "config/option.h"

namespace portvakt::config {
namespace {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// Comma-separated members between braces or brackets.
class Members {
 public:
  void add(std::string member) { all_ += (all_.empty() ? "" : ",") + std::move(member); }
  void add(std::string_view name, const std::string& json) { add(quote(name) + ":" + json); }
  std::string object() const { return "{" + all_ + "}"; }
  std::string array() const { return "[" + all_ + "]"; }
  bool empty() const { return all_.empty(); }

 private:
  std::string all_;
};

/// A text that takes its value from the environment passes everywhere.
std::string pattern_or_variable(std::string_view pattern) {
  return quote("^(" + std::string(pattern) + ")$|\\$\\{[A-Za-z0-9_]+\\}");
}

void add_bounds(const Option& option, Members& out) {
  out.add("minimum", std::to_string(option.least));
  if (option.most != 0) out.add("maximum", std::to_string(option.most));
}

std::string enumeration(const Option& option) {
  Members words;
  for (const auto word : option.words) words.add(quote(word));
  return words.array();
}

void add_value(const Option& option, Members& out) {
  switch (option.kind) {
    case Kind::Integer:
      out.add("type", R"(["integer","string"])");
      add_bounds(option, out);
      out.add("pattern", pattern_or_variable("[0-9]+"));
      break;
    case Kind::Size:
      out.add("type", R"(["integer","string"])");
      add_bounds(option, out);
      out.add("pattern", pattern_or_variable("[0-9]+ *([KkMmGgTt][Ii][Bb]|[KkMmGg]?[Bb])?"));
      break;
    case Kind::Duration:
      out.add("type", R"(["integer","string"])");
      out.add("maximum", "0");
      out.add("pattern", pattern_or_variable("0|[0-9]+ *([Mm]?[Ss]|[MmHhDdWw])"));
      break;
    case Kind::Choice:
      out.add("enum", enumeration(option));
      break;
    case Kind::Flag:
      out.add("enum", R"([true,false,"on","off","yes","no"])");
      break;
    case Kind::Text:
    case Kind::Name:
      out.add("type", R"(["string","number"])");
      break;
    case Kind::Colour:
      out.add("type", quote("string"));
      out.add("pattern", pattern_or_variable("#[0-9a-fA-F]{6}"));
      break;
    default:
      out.add("type", quote("string"));
      out.add("minLength", "1");
  }
}

/// What a key of a map may be; empty: anything.
std::string_view key_pattern(Kind kind) {
  if (kind == Kind::CountryCode) return "^[A-Z]{2}$";
  if (kind == Kind::VendorId) return "^[a-z0-9][a-z0-9._-]*$";
  return {};
}

class SchemaWriter {
 public:
  std::string object_of(std::string_view section) const {
    Members out;
    add_object(section, out);
    return out.object();
  }

  void add_object(std::string_view section, Members& out) const {
    Members properties;
    Members required;
    for (const auto& option : options_) {
      if (option.parent() != section) continue;
      properties.add(option.name(), property(option));
      if (option.required) required.add(quote(option.name()));
    }
    out.add("type", quote("object"));
    out.add("additionalProperties", "false");
    if (!required.empty()) out.add("required", required.array());
    out.add("properties", "\n" + properties.object());
  }

 private:
  std::string property(const Option& option) const {
    Members out;
    out.add("description", quote(option.help));
    if (!option.fallback.empty() && option.shape == Shape::Single) out.add("default", quote(option.fallback));
    if (option.shape == Shape::List) {
      add_list(option, out);
    } else if (option.shape == Shape::Map) {
      add_map(option, out);
    } else if (option.kind == Kind::Section) {
      add_object(option.path, out);
    } else {
      add_value(option, out);
    }
    return "\n" + out.object();
  }

  void add_list(const Option& option, Members& out) const {
    out.add("type", quote("array"));
    if (option.required) out.add("minItems", "1");
    if (option.kind == Kind::Section) {
      out.add("items", entry_of(option));
      return;
    }
    Members items;
    add_value(option, items);
    out.add("items", items.object());
  }

  /// An entry of a list of sections; where one value may stand for it, that too.
  std::string entry_of(const Option& option) const {
    const auto section = std::string(option.path) + "[]";
    auto whole = object_of(section);
    if (option.short_for.empty()) return whole;
    const auto meant = std::ranges::find_if(options_, [&](const Option& one) {
      return one.parent() == section && one.name() == option.short_for;
    });
    Members value;
    add_value(*meant, value);
    Members either;
    either.add(value.object());
    either.add(std::move(whole));
    Members out;
    out.add("anyOf", either.array());
    return out.object();
  }

  static void add_map(const Option& option, Members& out) {
    out.add("type", quote("object"));
    const auto pattern = key_pattern(option.key_kind);
    if (!pattern.empty()) out.add("propertyNames", R"({"pattern":)" + quote(pattern) + "}");
    Members values;
    add_value(option, values);
    out.add("additionalProperties", values.object());
  }

  std::vector<Option> options_ = all_options();
};

}  // namespace

std::string json_schema() {
  Members out;
  out.add("$schema", quote("https://json-schema.org/draft/2020-12/schema"));
  out.add("title", quote("Portvakt configuration"));
  SchemaWriter().add_object("", out);
  return out.object() + "\n";
}

}  // namespace portvakt::config
