#include "config/yaml_tree.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "config/secret_mask.h"
#include "config/structure_scan.h"

namespace portvakt::config {
namespace {

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

/// Builds the tree from the parser's events; a stack holds the maps and lists that are still open.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Places& places, Diagnostics& diagnostics) : places_(places), diagnostics_(diagnostics) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_extras(mark, "?", anchor);
    add(node(YamlNode::Kind::Null, mark));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    fault(place_of(mark), "aliases are not supported", "write the value out");
    add(node(YamlNode::Kind::Null, mark), true);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_extras(mark, tag, anchor);
    auto scalar = node(YamlNode::Kind::Scalar, mark);
    scalar.text = value;
    add(std::move(scalar));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    refuse_extras(mark, tag, anchor);
    open(node(YamlNode::Kind::List, mark));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    refuse_extras(mark, tag, anchor);
    open(node(YamlNode::Kind::Map, mark));
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    YamlNode node;
    YamlEntry entry;                   // of a map: the key that waits for its value
    std::map<std::string, int> lines;  // of a map's keys
    bool has_key = false;
    bool drop = false;  // the waiting entry is faulty and reported
  };

  static YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode out;
    out.kind = kind;
    out.place = place_of(mark);
    return out;
  }

  void fault(Place place, std::string text, std::string suggestion) {
    if (diagnostics_.errors() >= kMaxErrors) return;
    diagnostics_.add(places_.at(place, current_path(), std::move(text), std::move(suggestion)));
  }

  /// Where the parser stands, as an option's path.
  std::string current_path() const {
    std::string out;
    for (const auto& level : stack_) {
      if (level.node.kind == YamlNode::Kind::List) {
        out += "[" + std::to_string(level.node.items.size()) + "]";
      } else if (level.has_key) {
        out += (out.empty() ? "" : ".") + displayable(level.entry.key);
      }
    }
    return out;
  }

  void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0)
      fault(place_of(mark), "anchors are not supported", "write the value out where it is needed");
    if (!tag.empty() && tag != "?" && tag != "!") {
      fault(place_of(mark), "tags are not supported", "the option itself says what type its value has");
    }
  }

  void open(YamlNode opened) {
    Level level;
    level.node = std::move(opened);
    stack_.push_back(std::move(level));
  }

  void close() {
    auto done = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(done));
  }

  void add(YamlNode value, bool faulty = false) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& level = stack_.back();
    if (level.node.kind == YamlNode::Kind::List) {
      if (!faulty) level.node.items.push_back(std::move(value));
    } else if (level.has_key) {
      end_entry(level, std::move(value), faulty);
    } else {
      begin_entry(level, value, faulty);
    }
  }

  void begin_entry(Level& level, const YamlNode& key, bool faulty) {
    level.has_key = true;
    level.drop = faulty;
    level.entry = {key.text, key.place, {}};
    if (faulty) return;
    if (key.kind != YamlNode::Kind::Scalar) {
      fault(key.place, "a key must be a word", "write `key: value`");
      level.drop = true;
    } else if (key.text == "<<") {
      fault(key.place, "merge keys are not supported", "write the options out");
      level.drop = true;
    } else if (const auto [first, is_new] = level.lines.emplace(key.text, key.place.line); !is_new) {
      fault(key.place, in_backticks(key.text) + " is given twice",
            "it was first given in line " + std::to_string(first->second) + "; keep one of them");
      level.drop = true;
    }
  }

  static void end_entry(Level& level, YamlNode value, bool faulty) {
    level.has_key = false;
    if (level.drop || faulty) return;
    level.entry.value = std::move(value);
    level.node.entries.push_back(std::move(level.entry));
  }

  const Places& places_;
  Diagnostics& diagnostics_;
  std::vector<Level> stack_;
  YamlNode root_;
};

/// Why the text cannot be given to the parser at all.
std::optional<std::pair<Place, std::string>> find_unreadable(std::string_view text) {
  if (text.size() > kMaxTextBytes) return {{Place{}, "the file is longer than 4 MiB"}};
  int line = 1;
  int column = 0;
  for (const char c : text) {
    ++column;
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f) {
      return {{Place{line, column}, "control characters are not allowed; is this a text file in UTF-8?"}};
    }
    if (c == '\n') {
      ++line;
      column = 0;
    }
  }
  if (auto fault = scan_structure(text)) return {{fault->place, std::move(fault->text)}};
  return std::nullopt;
}

}  // namespace

std::optional<YamlNode> parse_yaml(std::string_view text, const Places& places, Diagnostics& diagnostics) {
  if (const auto unreadable = find_unreadable(text)) {
    diagnostics.add(places.at(unreadable->first, {}, unreadable->second));
    return std::nullopt;
  }
  TreeBuilder builder(places, diagnostics);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    Diagnostics ignored;
    TreeBuilder second(places, ignored);
    if (parser.HandleNextDocument(second)) {
      diagnostics.add(
          places.at(Place{}, {}, "the file holds more than one document", "remove what follows `---`"));
      return std::nullopt;
    }
  } catch (const YAML::DeepRecursion& error) {
    diagnostics.add(places.at(place_of(error.mark), {}, "lists and maps are nested too deep"));
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    // What follows a colon quotes the file, where a secret may stand.
    const auto reason = error.msg.substr(0, error.msg.find(": "));
    diagnostics.add(places.at(place_of(error.mark), {}, "not valid YAML: " + reason,
                              "look at indentation, quotes and brackets here and in the line above"));
    return std::nullopt;
  } catch (const std::exception&) {
    diagnostics.add(places.at(Place{}, {}, "the file cannot be read as YAML"));
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace portvakt::config
