#include "filters/guard/script_packer.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "proxy/base/ascii.h"

namespace portvakt::guard {
namespace {

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '$';
}

/// A slash behind one of these begins a regular expression, not a division.
bool stands_before_operand(char c) {
  return std::string_view("(,=:[!&|?{};><").find(c) != std::string_view::npos;
}

/// The end of the string or regular expression that begins here.
std::size_t literal_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  bool in_class = false;
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
    } else if (quote == '/' && (c == '[' || c == ']')) {
      in_class = c == '[';
    } else if (c == quote && !in_class) {
      break;
    }
  }
  return std::min(at + 1, text.size());
}

/// Words, literals and single signs; no spaces, no comment lines.
std::vector<std::string_view> split_tokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (c == ' ' || c == '\n') {
      at = end;
      continue;
    }
    if (text.substr(at).starts_with("//")) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    const char before = tokens.empty() ? ';' : tokens.back().back();
    if (c == '\'' || c == '"' || (c == '/' && stands_before_operand(before))) {
      end = literal_end(text, at);
    } else if (is_word(c)) {
      while (end < text.size() && is_word(text[end])) ++end;
    }
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

bool is_our_name(std::string_view token) {
  return token.size() > 1 && token.ends_with('_') && is_word(token.front());
}

/// The more often a name stands there, the sooner it gets one of the letters that are free.
std::map<std::string_view, std::string> short_names(const std::vector<std::string_view>& tokens) {
  std::map<std::string_view, int> count;
  std::set<std::string_view> taken;
  for (const auto token : tokens) {
    if (is_our_name(token)) {
      ++count[token];
    } else if (is_word(token.front())) {
      taken.insert(token);
    }
  }
  std::vector<std::pair<int, std::string_view>> order;
  for (const auto& [name, times] : count) order.emplace_back(-times, name);
  std::ranges::sort(order);
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$";
  std::map<std::string_view, std::string> names;
  std::size_t next = 0;
  for (const auto& [times, name] : order) {
    std::string letter;
    do {
      letter = kLetters[next % kLetters.size()];
      if (next >= kLetters.size()) letter += std::to_string(next / kLetters.size());
      ++next;
    } while (taken.contains(letter));
    names.emplace(name, letter);
  }
  return names;
}

}  // namespace

std::string pack_script(std::string_view source) {
  const auto tokens = split_tokens(source);
  const auto names = short_names(tokens);
  std::string out;
  for (const auto token : tokens) {
    const auto known = names.find(token);
    const std::string_view text = known == names.end() ? token : std::string_view(known->second);
    if (!out.empty() && is_word(out.back()) && is_word(text.front())) out += ' ';
    if (text == "}" && out.ends_with(';')) out.pop_back();
    out += text;
  }
  return out;
}

}  // namespace portvakt::guard
