#include "config/reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "config/option.h"
#include "config/option_text.h"
#include "config/secret_mask.h"
#include "config/value.h"
#include "config/yaml_tree.h"

namespace portvakt::config {
namespace {

std::string join_names(const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::string_view kind_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::Null:
      return "nothing";
    case YamlNode::Kind::Scalar:
      return "a single value";
    case YamlNode::Kind::List:
      return "a list";
    case YamlNode::Kind::Map:
      return "a map";
  }
  return "nothing";
}

/// Walks the tree along the table; writes into the model what is right and into the diagnostics what is not.
class Reader {
 public:
  Reader(Model& model, const std::filesystem::path& base_dir, Diagnostics& diagnostics)
      : model_(model), base_dir_(base_dir), diagnostics_(diagnostics), options_(all_options()) {
    for (const auto& option : options_) children_[option.parent()].push_back(&option);
  }

  /// The options of a section; `section` is its path in the table, `path` its path in this file.
  void read_section(std::string_view section, const std::string& path, const YamlNode& node) {
    const auto& known = children_.at(section);
    std::set<std::string_view> given;
    for (const auto& entry : node.entries) {
      const auto found =
          std::ranges::find_if(known, [&](const Option* option) { return option->name() == entry.key; });
      const auto full = path.empty() ? entry.key : path + "." + entry.key;
      if (found == known.end()) {
        given.insert(report_unknown(known, full, entry));
        continue;
      }
      given.insert((*found)->name());
      model_.places.remember(full, entry.place);
      read_option(**found, full, entry);
    }
    report_missing(known, given, path, node.place);
  }

 private:
  void fault(Place place, std::string path, std::string text, std::string suggestion = {}) {
    if (diagnostics_.errors() >= kMaxErrors) return;
    diagnostics_.add(model_.places.at(place, std::move(path), std::move(text), std::move(suggestion)));
  }

  /// Gives back the option that was probably meant, so that it is not called missing as well.
  std::string_view report_unknown(const std::vector<const Option*>& known, const std::string& path,
                                  const YamlEntry& entry) {
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const auto* option : known) names.push_back(option->name());
    auto suggestion = did_you_mean(entry.key, names);
    if (suggestion.empty()) suggestion = elsewhere(entry.key);
    if (suggestion.empty()) suggestion = "known here: " + join_names(names);
    fault(entry.place, displayable(path), "unknown option " + in_backticks(entry.key), suggestion);
    return find_nearest(entry.key, names);
  }

  /// An option under its right name in the wrong section, as `retention` at the top.
  std::string elsewhere(std::string_view name) const {
    const auto found =
        std::ranges::find_if(options_, [&](const Option& option) { return option.name() == name; });
    if (found == options_.end()) return {};
    const auto parent = found->parent();
    return "`" + std::string(name) + "` belongs " +
           (parent.empty() ? "at the top" : "under `" + std::string(parent) + "`");
  }

  void report_missing(const std::vector<const Option*>& known, const std::set<std::string_view>& given,
                      const std::string& path, Place place) {
    const auto prefix = path.empty() ? path : path + ".";
    for (const auto* option : known) {
      if (!option->required || given.contains(option->name())) continue;
      const std::string name(option->name());
      fault(place, prefix + name, "`" + name + "` is missing",
            "add `" + name + ":` with " + expected(*option));
    }
  }

  static std::string expected(const Option& option) {
    if (option.shape == Shape::List && option.kind == Kind::Section) return "a list of maps";
    if (option.shape == Shape::List) return "a list: [...]";
    if (option.shape == Shape::Map) return "a map: {...}";
    return std::string(describe(option.kind));
  }

  void read_option(const Option& option, const std::string& path, const YamlEntry& entry) {
    const auto& node = entry.value;
    if (node.kind == YamlNode::Kind::Null) {
      fault(entry.place, path, "`" + entry.key + "` has no value", "give it a value or remove the line");
      return;
    }
    const auto wanted = option.shape == Shape::List                                  ? YamlNode::Kind::List
                        : option.shape == Shape::Map || option.kind == Kind::Section ? YamlNode::Kind::Map
                                                                                     : YamlNode::Kind::Scalar;
    if (node.kind != wanted) {
      report_type(option, path, node);
    } else if (option.shape == Shape::List) {
      read_list(option, path, entry);
    } else if (option.shape == Shape::Map) {
      read_map(option, path, node);
    } else if (option.kind == Kind::Section) {
      if (option.open != nullptr) option.open(model_);
      read_section(option.path, path, node);
    } else {
      read_value(option, path, node, {});
    }
  }

  void report_type(const Option& option, const std::string& path, const YamlNode& node) {
    std::string suggestion;
    if (option.shape == Shape::List && node.kind == YamlNode::Kind::Scalar && option.kind != Kind::Section) {
      suggestion =
          is_secret(option.kind) ? "put the value in brackets" : "write [" + displayable(node.text) + "]";
    }
    fault(node.place, path, expected_type(option) + " is expected here, not " + std::string(kind_of(node)),
          suggestion);
  }

  static std::string expected_type(const Option& option) {
    if (option.shape == Shape::List) return "a list";
    if (option.shape == Shape::Map || option.kind == Kind::Section) return "a map";
    return "a single value";
  }

  void read_list(const Option& option, const std::string& path, const YamlEntry& entry) {
    const auto& items = entry.value.items;
    if (items.empty() && option.required) {
      fault(entry.place, path, "`" + entry.key + "` is an empty list", "add at least one");
    }
    const bool sections = option.kind == Kind::Section;
    if (!sections && option.open != nullptr) option.open(model_);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto item_path = path + "[" + std::to_string(i) + "]";
      model_.places.remember(item_path, items[i].place);
      if (sections) {
        read_list_section(option, item_path, items[i]);
      } else {
        read_value(option, item_path, items[i], {});
      }
    }
  }

  void read_list_section(const Option& option, const std::string& path, const YamlNode& node) {
    option.open(model_);
    if (node.kind == YamlNode::Kind::Map) {
      read_section(std::string(option.path) + "[]", path, node);
    } else if (!option.short_for.empty() && node.kind == YamlNode::Kind::Scalar) {
      const auto& known = children_.at(std::string(option.path) + "[]");
      const auto meant = std::ranges::find(known, option.short_for, &Option::name);
      read_value(**meant, path, node, {});
    } else {
      fault(node.place, path, "a map is expected here, not " + std::string(kind_of(node)),
            "write the options of one entry of `" + std::string(option.name()) + "`");
    }
  }

  void read_map(const Option& option, const std::string& path, const YamlNode& node) {
    for (const auto& entry : node.entries) {
      const auto entry_path = path + "." + displayable(entry.key);
      model_.places.remember(entry_path, entry.place);
      const auto key = parse_key(option, entry.key);
      if (!key) fault(entry.place, entry_path, key.error().text, key.error().suggestion);
      read_value(option, entry_path, entry.value, key ? *key : std::string());
    }
  }

  void read_value(const Option& option, const std::string& path, const YamlNode& node,
                  const std::string& key) {
    if (node.kind != YamlNode::Kind::Scalar) {
      fault(node.place, path, "a single value is expected here, not " + std::string(kind_of(node)),
            "write " + std::string(describe(option.kind)));
      return;
    }
    auto value = parse_value(option, node.text, base_dir_);
    if (!value) {
      fault(node.place, path, value.error().text, value.error().suggestion);
      return;
    }
    value->key = key;
    option.set(model_, std::move(*value));
  }

  Model& model_;
  const std::filesystem::path& base_dir_;
  Diagnostics& diagnostics_;
  std::vector<Option> options_;
  std::map<std::string_view, std::vector<const Option*>> children_;  // by the section's path in the table
};

}  // namespace

bool read_into(Model& model, std::string_view text, const std::string& file_name,
               const std::filesystem::path& base_dir, Diagnostics& diagnostics) {
  const auto errors_before = diagnostics.errors();
  model.places = Places(text, file_name);
  const auto root = parse_yaml(text, model.places, diagnostics);
  if (!root) return false;
  if (root->kind == YamlNode::Kind::Null) {
    diagnostics.add(model.places.at(Place{}, {}, "the file is empty", "`listen` and `sites` are needed"));
    return false;
  }
  if (root->kind != YamlNode::Kind::Map) {
    diagnostics.add(
        model.places.at(root->place, {}, "the file must be a map of options, as in `sites: [...]`"));
    return false;
  }
  Reader(model, base_dir, diagnostics).read_section("", "", *root);
  if (model.consent.signing_keys.empty()) {
    model.consent.signing_keys.push_back({{}, model.log.spool.path.parent_path() / "consent.key"});
  }
  return diagnostics.errors() == errors_before;
}

std::optional<Model> read(std::string_view text, const std::string& file_name,
                          const std::filesystem::path& base_dir, Diagnostics& diagnostics) {
  Model model;
  if (!read_into(model, text, file_name, base_dir, diagnostics)) return std::nullopt;
  return model;
}

}  // namespace portvakt::config
