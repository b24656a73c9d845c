#include "filters/consent/locale_reader.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <set>

#include "proxy/base/file.h"

namespace portvakt::consent {
namespace {

constexpr std::size_t kMaxLocaleFile = 64 * 1024;

/// One text: its key, where it goes, and how many bytes its place has room for.
struct TextField {
  std::string_view key;
  std::string Locale::* text;
  std::size_t most;
};

constexpr std::array kTexts = {
    TextField{"language", &Locale::language, 16},
    TextField{"direction", &Locale::direction, 3},
    TextField{"version", &Locale::version, 32},
    TextField{"heading", &Locale::heading, 60},
    TextField{"intro", &Locale::intro, 320},
    TextField{"accept", &Locale::accept, 40},
    TextField{"reject", &Locale::reject, 40},
    TextField{"choose", &Locale::choose, 40},
    TextField{"save", &Locale::save, 50},
    TextField{"policy", &Locale::policy, 60},
    TextField{"open", &Locale::open, 40},
    TextField{"title", &Locale::title, 60},
    TextField{"about", &Locale::about, 500},
    TextField{"your_choice", &Locale::your_choice, 60},
    TextField{"not_chosen", &Locale::not_chosen, 240},
    TextField{"chosen_on", &Locale::chosen_on, 80},
    TextField{"gpc_heard", &Locale::gpc_heard, 320},
    TextField{"allowed", &Locale::allowed, 40},
    TextField{"not_allowed", &Locale::not_allowed, 40},
    TextField{"always_on", &Locale::always_on, 40},
    TextField{"change", &Locale::change, 80},
    TextField{"vendors", &Locale::vendors, 80},
    TextField{"no_vendors", &Locale::no_vendors, 160},
    TextField{"vendor", &Locale::vendor, 40},
    TextField{"purpose", &Locale::purpose, 40},
    TextField{"country", &Locale::country, 40},
    TextField{"their_policy", &Locale::their_policy, 60},
    TextField{"receipt", &Locale::receipt, 80},
    TextField{"back", &Locale::back, 60},
    TextField{"withdraw", &Locale::withdraw, 40},
    TextField{"complaints", &Locale::complaints, 40},
    TextField{"only_some", &Locale::only_some, 40},
    TextField{"saved", &Locale::saved, 80},
    TextField{"embed_held", &Locale::embed_held, 160},
    TextField{"show_once", &Locale::show_once, 40},
    TextField{"allow_vendor", &Locale::allow_vendor, 40},
};

struct PurposeField {
  std::string_view key;
  PurposeText Locale::* text;
};

constexpr std::array kPurposes = {
    PurposeField{"necessary", &Locale::necessary},
    PurposeField{"functional", &Locale::functional},
    PurposeField{"analytics", &Locale::analytics},
    PurposeField{"marketing", &Locale::marketing},
};

constexpr std::size_t kMaxPurposeName = 40;
constexpr std::size_t kMaxPurposeText = 240;

/// Reads one file, telling every fault.
class LocaleReader {
 public:
  LocaleReader(std::string file, Diagnostics& faults) : file_(std::move(file)), faults_(faults) {}

  Locale read(const YAML::Node& root) {
    Locale locale;
    if (!root.IsMap()) {
      fault(root.Mark(), "", "a locale is a map of texts");
      return locale;
    }
    check_keys(root, "", [](std::string_view key) {
      return key == "purposes" || key == "rights" ||
             std::ranges::any_of(kTexts, [&](const auto& field) { return field.key == key; });
    });
    for (const auto& field : kTexts) locale.*field.text = text(root, "", field.key, field.most);
    if (locale.direction != "ltr" && locale.direction != "rtl")
      fault(root.Mark(), "direction", "is ltr or rtl");
    read_purposes(root, locale);
    read_rights(root, locale);
    return locale;
  }

 private:
  void read_purposes(const YAML::Node& root, Locale& locale) {
    const YAML::Node purposes = root["purposes"];
    if (!purposes || !purposes.IsMap()) return fault(root.Mark(), "purposes", "is missing");
    check_keys(purposes, "purposes.", [](std::string_view key) {
      return std::ranges::any_of(kPurposes, [&](const auto& field) { return field.key == key; });
    });
    for (const auto& field : kPurposes) {
      const YAML::Node purpose = purposes[std::string(field.key)];
      const std::string path = "purposes." + std::string(field.key);
      if (!purpose || !purpose.IsMap()) {
        fault(purposes.Mark(), path, "is missing");
        continue;
      }
      check_keys(purpose, path + ".", [](std::string_view key) { return key == "name" || key == "text"; });
      (locale.*field.text).name = text(purpose, path + ".", "name", kMaxPurposeName);
      (locale.*field.text).text = text(purpose, path + ".", "text", kMaxPurposeText);
    }
  }

  void read_rights(const YAML::Node& root, Locale& locale) {
    const YAML::Node rights = root["rights"];
    if (!rights || !rights.IsMap()) return fault(root.Mark(), "rights", "is missing");
    check_keys(rights, "rights.", [](std::string_view key) {
      return std::ranges::any_of(rights_text_fields(), [&](const auto& field) { return field.key == key; });
    });
    for (const auto& field : rights_text_fields())
      locale.rights.*field.text = text(rights, "rights.", field.key, field.most);
  }

  template <typename Known>
  void check_keys(const YAML::Node& map, const std::string& prefix, Known known) {
    std::set<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
      if (!known(key)) fault(entry.first.Mark(), prefix + key, "is not a text that is used");
      if (!seen.insert(key).second) fault(entry.first.Mark(), prefix + key, "is there twice");
    }
  }

  std::string text(const YAML::Node& map, const std::string& prefix, std::string_view key, std::size_t most) {
    const std::string path = prefix + std::string(key);
    const YAML::Node value = map[std::string(key)];
    if (!value || !value.IsScalar() || value.Scalar().empty()) {
      fault(map.Mark(), path, "is missing");
      return {};
    }
    if (value.Scalar().size() > most) {
      fault(value.Mark(), path, "is longer than the " + std::to_string(most) + " bytes that its place has");
    }
    return value.Scalar();
  }

  void fault(const YAML::Mark& mark, const std::string& path, const std::string& text) {
    Diagnostic found;
    found.file = file_;
    found.line = mark.line + 1;
    found.column = mark.column + 1;
    found.path = path;
    found.text = path.empty() ? text : path + " " + text;
    faults_.add(std::move(found));
  }

  std::string file_;
  Diagnostics& faults_;
};

Diagnostic whole_file(const std::filesystem::path& path, std::string text) {
  Diagnostic found;
  found.file = path.string();
  found.text = std::move(text);
  return found;
}

}  // namespace

std::optional<Locale> read_locale(const std::filesystem::path& path, Diagnostics& faults) {
  const auto bytes = read_file(path, kMaxLocaleFile);
  if (!bytes) {
    faults.add(whole_file(path, bytes.error().detail));
    return std::nullopt;
  }
  try {
    auto locale = LocaleReader(path.string(), faults).read(YAML::Load(*bytes));
    if (locale.language != path.stem().string()) {
      faults.add(whole_file(path, "the language and the name of the file differ"));
    }
    return locale;
  } catch (const YAML::Exception& error) {
    auto found = whole_file(path, error.msg);
    found.line = error.mark.line + 1;
    found.column = error.mark.column + 1;
    faults.add(std::move(found));
    return std::nullopt;
  }
}

}  // namespace portvakt::consent
