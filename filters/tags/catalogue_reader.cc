#include "filters/tags/catalogue_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <yaml-cpp/yaml.h>

#include "proxy/base/ascii.h"
#include "proxy/base/file.h"

namespace portvakt::tags {
namespace {

/// Walks one document and gathers its faults; every read of a node that is missing or of the wrong kind is
/// one.
class Reader {
 public:
  Reader(const std::string& file, std::string_view text, Diagnostics& diagnostics)
      : file_(file), text_(text), diagnostics_(diagnostics) {}

  std::vector<Vendor> read(const YAML::Node& root);
  void complain(int line, int column, const std::string& path, std::string text, std::string suggestion = {});

 private:
  using Keys = std::initializer_list<std::string_view>;

  void complain(const YAML::Node& node, const std::string& path, std::string text,
                std::string suggestion = {}) {
    complain(node.Mark().line + 1, node.Mark().column + 1, path, std::move(text), std::move(suggestion));
  }
  bool check_keys(const YAML::Node& map, const std::string& path, Keys known);
  std::string text(const YAML::Node& map, const char* key, const std::string& path, bool required);
  std::vector<Placed> texts(const YAML::Node& list, const std::string& path);
  template <typename Value, std::size_t N>
  Value choice(const YAML::Node& map, const char* key, const std::string& path,
               const std::array<std::pair<std::string_view, Value>, N>& names);
  Vendor read_vendor(const YAML::Node& node, const std::string& path);
  void read_cookies(const YAML::Node& list, const std::string& path, Vendor& vendor);
  CookieFact read_cookie(const YAML::Node& node, const std::string& path);
  void read_first_party(const YAML::Node& node, const std::string& path, Vendor& vendor);
  void check_hosts(const Vendor& vendor, const std::string& path);

  const std::string& file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
};

constexpr std::array<std::pair<std::string_view, filters::Purpose>, 4> kPurposes{
    {{"necessary", filters::kNecessary},
     {"functional", filters::kFunctional},
     {"analytics", filters::kAnalytics},
     {"marketing", filters::kMarketing}}};
constexpr std::array<std::pair<std::string_view, Confidence>, 3> kConfidences{
    {{"high", Confidence::High}, {"medium", Confidence::Medium}, {"low", Confidence::Low}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> kFlags{{{"true", true}, {"false", false}}};
constexpr std::array<std::pair<std::string_view, bool>, 1> kParties{{{"third", true}}};

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

void Reader::complain(int line, int column, const std::string& path, std::string text,
                      std::string suggestion) {
  diagnostics_.add({Diagnostic::Severity::Error, file_, line, column, path, std::move(text),
                    std::move(suggestion), std::string(line_of(text_, line))});
}

/// yaml-cpp keeps both of two equal keys, so repeated ones are looked for here.
bool Reader::check_keys(const YAML::Node& map, const std::string& path, Keys known) {
  if (!map.IsMap()) {
    complain(map, path, "expected names with values");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = entry.first.Scalar();
    if (!seen.insert(key).second) complain(entry.first, path, "'" + key + "' is given twice");
    if (std::ranges::find(known, std::string_view(key)) != known.end()) continue;
    std::string suggestion;
    for (const std::string_view name : known) {
      if (ascii::edit_distance(name, key, 2) <= 2) suggestion = "did you mean '" + std::string(name) + "'?";
    }
    complain(entry.first, path, "unknown name '" + key + "'", suggestion);
  }
  return true;
}

std::string Reader::text(const YAML::Node& map, const char* key, const std::string& path, bool required) {
  const YAML::Node node = map[key];
  if (node && node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
  if (node) complain(node, path + "." + key, "expected a text");
  if (!node && required) complain(map, path, std::string("'") + key + "' is missing");
  return {};
}

std::vector<Placed> Reader::texts(const YAML::Node& list, const std::string& path) {
  std::vector<Placed> out;
  if (!list) return out;
  if (!list.IsSequence()) complain(list, path, "expected a list");
  for (const auto& item : list) {
    if (!item.IsScalar() || item.Scalar().empty()) {
      complain(item, path, "expected a text");
    } else {
      out.push_back({item.Scalar(), item.Mark().line + 1});
    }
  }
  return out;
}

template <typename Value, std::size_t N>
Value Reader::choice(const YAML::Node& map, const char* key, const std::string& path,
                     const std::array<std::pair<std::string_view, Value>, N>& names) {
  const YAML::Node node = map[key];
  const std::string word = node && node.IsScalar() ? node.Scalar() : std::string();
  for (const auto& [name, value] : names) {
    if (name == word) return value;
  }
  std::string all;
  for (const auto& [name, value] : names) all += (all.empty() ? "" : ", ") + std::string(name);
  complain(node ? node : map, path + "." + key, std::string("'") + key + "' is not one of: " + all);
  return names.front().second;
}

std::vector<Vendor> Reader::read(const YAML::Node& root) {
  std::vector<Vendor> vendors;
  if (!check_keys(root, "", {"vendors"})) return vendors;
  const YAML::Node list = root["vendors"];
  if (!list || !list.IsSequence()) {
    complain(1, 1, "vendors", "expected a list of vendors");
    return vendors;
  }
  std::set<std::string> ids;
  for (const auto& node : list) {
    const std::string path = "vendors[" + std::to_string(vendors.size()) + "]";
    vendors.push_back(read_vendor(node, path));
    if (!ids.insert(vendors.back().id).second)
      complain(node, path, "the id '" + vendors.back().id + "' is given twice");
  }
  return vendors;
}

Vendor Reader::read_vendor(const YAML::Node& node, const std::string& path) {
  Vendor vendor;
  if (!check_keys(node, path,
                  {"id", "name", "purpose", "kind", "payment", "country", "confidence", "hosts", "paths",
                   "inline", "cookies", "storage", "consent_mode", "first_party", "note"})) {
    return vendor;
  }
  vendor.line = node.Mark().line + 1;
  vendor.id = text(node, "id", path, true);
  vendor.name = text(node, "name", path, true);
  vendor.kind = text(node, "kind", path, true);
  vendor.country = text(node, "country", path, true);
  vendor.note = text(node, "note", path, false);
  vendor.purpose = choice(node, "purpose", path, kPurposes);
  vendor.confidence = choice(node, "confidence", path, kConfidences);
  if (node["payment"]) vendor.untouchable = choice(node, "payment", path, kFlags);
  if (vendor.untouchable && vendor.purpose != filters::kNecessary) {
    complain(node["payment"], path, "a payment vendor must have the purpose necessary");
  }
  vendor.hosts = texts(node["hosts"], path + ".hosts");
  vendor.paths = texts(node["paths"], path + ".paths");
  vendor.inline_signatures = texts(node["inline"], path + ".inline");
  vendor.storage = texts(node["storage"], path + ".storage");
  for (auto& type : texts(node["consent_mode"], path + ".consent_mode"))
    vendor.consent_mode.push_back(type.text);
  if (node["cookies"]) read_cookies(node["cookies"], path + ".cookies", vendor);
  if (node["first_party"]) read_first_party(node["first_party"], path + ".first_party", vendor);
  check_hosts(vendor, path);
  return vendor;
}

void Reader::read_cookies(const YAML::Node& list, const std::string& path, Vendor& vendor) {
  if (!list.IsSequence()) return complain(list, path, "expected a list of cookies");
  for (const auto& item : list) {
    vendor.cookies.push_back(read_cookie(item, path + "[" + std::to_string(vendor.cookies.size()) + "]"));
  }
}

CookieFact Reader::read_cookie(const YAML::Node& node, const std::string& path) {
  CookieFact cookie;
  if (!check_keys(node, path, {"name", "reason", "max_age", "party"})) return cookie;
  cookie.name = text(node, "name", path, true);
  cookie.reason = text(node, "reason", path, true);
  cookie.line = node.Mark().line + 1;
  if (node["party"]) cookie.third_party = choice(node, "party", path, kParties);
  const std::string seconds = text(node, "max_age", path, true);
  const auto number = ascii::parse_uint(seconds);
  if (!number && seconds != "-1")
    complain(node, path + ".max_age", "expected seconds, or -1 for until cleared");
  cookie.max_age = std::chrono::seconds(number ? static_cast<std::int64_t>(*number) : -1);
  return cookie;
}

void Reader::read_first_party(const YAML::Node& node, const std::string& path, Vendor& vendor) {
  if (!check_keys(node, path, {"paths", "queries"})) return;
  vendor.first_party_paths = texts(node["paths"], path + ".paths");
  if (!node["queries"]) return;
  for (const auto& item : node["queries"]) {
    ParameterSet set;
    set.line = item.Mark().line + 1;
    for (auto& parameter : texts(item, path + ".queries"))
      set.parameters.push_back(std::move(parameter.text));
    if (set.parameters.empty()) complain(item, path + ".queries", "an empty query would fit every address");
    vendor.first_party_parameters.push_back(std::move(set));
  }
}

void Reader::check_hosts(const Vendor& vendor, const std::string& path) {
  for (const Placed& rule : vendor.hosts) {
    const std::string_view host = std::string_view(rule.text).substr(0, rule.text.find('/'));
    const bool plain = std::ranges::all_of(host, [](char c) {
      return ascii::is_digit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '*' || c == '#';
    });
    if (plain && ascii::contains(host, ".") && host != "*.") continue;
    complain(rule.line, 1, path + ".hosts", "'" + rule.text + "' is not a host in lower case");
  }
}

}  // namespace

std::unique_ptr<VendorCatalogue> parse_catalogue(std::string_view yaml, const std::string& file,
                                                 Diagnostics& diagnostics) {
  Reader reader(file, yaml, diagnostics);
  const std::size_t before = diagnostics.errors();
  std::vector<Vendor> vendors;
  try {
    vendors = reader.read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& fault) {
    reader.complain(std::max(fault.mark.line, 0) + 1, std::max(fault.mark.column, 0) + 1, "", fault.msg);
  }
  if (diagnostics.errors() > before) return nullptr;
  return std::make_unique<VendorCatalogue>(std::move(vendors), file);
}

std::unique_ptr<VendorCatalogue> read_catalogue(const std::filesystem::path& path, Diagnostics& diagnostics) {
  const auto text = read_file(path);
  if (!text) {
    diagnostics.add({Diagnostic::Severity::Error, path.string(), 0, 0, "",
                     "cannot be read: " + text.error().detail, "", ""});
    return nullptr;
  }
  return parse_catalogue(*text, path.string(), diagnostics);
}

}  // namespace portvakt::tags
