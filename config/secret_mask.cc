#include "config/secret_mask.h"

#include <algorithm>

#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kKeys = "signing_keys";
constexpr std::size_t kLongestQuoted = 200;

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_';
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string without_controls(std::string_view text, bool keep_tab) {
  std::string out(text);
  for (auto& c : out) {
    if (is_control(c) && !(keep_tab && c == '\t')) c = '?';
  }
  return out;
}

/// `scheme://user:password@host` loses what stands before the @.
std::string without_userinfo(std::string line) {
  std::size_t from = 0;
  while ((from = line.find("://", from)) != std::string::npos) {
    from += 3;
    const auto end = std::min(line.find_first_of(" \t\"'", from), line.size());
    const auto at = line.substr(from, end - from).rfind('@');
    if (at != std::string::npos) line.replace(from, at, kMask);
  }
  return line;
}

/// Remembers from line to line whether the consent keys' list is still open.
class Masker {
 public:
  std::string mask(std::string_view raw) {
    const auto line = without_controls(raw, true);
    if (in_flow_list_) {
      in_flow_list_ = !ascii::contains(line, "]");
      return std::string(kMask);
    }
    if (in_block_ && continues_block(line)) return std::string(indent_of(line), ' ') + std::string(kMask);
    in_block_ = false;
    return mask_keys(line);
  }

 private:
  static std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(" \t"), line.size());
  }

  bool continues_block(std::string_view line) const {
    const auto indent = indent_of(line);
    if (indent == line.size() || indent > block_indent_) return true;
    return indent == block_indent_ && line[indent] == '-';
  }

  std::string mask_keys(const std::string& line) {
    std::size_t from = 0;
    while (from < line.size()) {
      if (!is_word(line[from])) {
        ++from;
        continue;
      }
      auto end = from;
      while (end < line.size() && is_word(line[end])) ++end;
      const auto colon = line.find_first_not_of(" \t\"'", end);
      if (colon != std::string::npos && line[colon] == ':' && is_secret(line.substr(from, end - from))) {
        open(line, from, colon);
        const auto rest = ascii::trim(std::string_view(line).substr(colon + 1));
        return line.substr(0, colon + 1) + (rest.empty() ? "" : " " + std::string(kMask));
      }
      from = end;
    }
    return without_userinfo(line);
  }

  /// A misspelt key is as secret as the right one.
  static bool is_secret(const std::string& word) {
    return word == "url" || ascii::edit_distance(word, kKeys, 2) <= 2;
  }

  void open(const std::string& line, std::size_t key, std::size_t colon) {
    const auto rest = std::string_view(line).substr(colon + 1);
    in_flow_list_ = ascii::contains(rest, "[") && !ascii::contains(rest, "]");
    in_block_ = !in_flow_list_ && !ascii::contains(rest, "]") && line.compare(key, 3, "url") != 0;
    block_indent_ = key;
  }

  bool in_flow_list_ = false;
  bool in_block_ = false;
  std::size_t block_indent_ = 0;
};

}  // namespace

std::vector<std::string> displayable_lines(std::string_view text) {
  std::vector<std::string> out;
  Masker masker;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.push_back(masker.mask(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string displayable(std::string_view value) {
  auto out = without_userinfo(without_controls(value.substr(0, kLongestQuoted), false));
  if (value.size() > kLongestQuoted) out += "...";
  return out;
}

std::string in_backticks(std::string_view value) {
  return "`" + displayable(value) + "`";
}

}  // namespace portvakt::config
