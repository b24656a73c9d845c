#include "filters/tags/css_addresses.h"

#include <cstdint>

#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool starts_name(char c) {
  return ascii::is_alpha(c) || c == '-' || c == '_' || c == '\\' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) {
  return starts_name(c) || ascii::is_digit(c);
}

class Scanner {
 public:
  Scanner(std::string_view css, const std::function<bool(std::string_view)>& holds, std::string& out)
      : css_(css), holds_(holds), out_(out) {}

  bool run();

 private:
  char at(std::size_t i) const { return i < css_.size() ? css_[i] : '\0'; }
  bool skip_comment();
  void skip_blank();
  void read_escape(std::string& text);
  std::string read_name();
  void read_string(bool is_address);
  void read_url();
  void read_at_rule();
  /// What stands from `begin` to here is replaced if the address is held back.
  void judge(std::size_t begin, const std::string& address, std::string_view replacement);

  std::string_view css_;
  const std::function<bool(std::string_view)>& holds_;
  std::string& out_;
  std::size_t at_ = 0;
  std::size_t written_ = 0;
  bool changed_ = false;
};

bool Scanner::run() {
  while (at_ < css_.size()) {
    const char c = css_[at_];
    if (skip_comment()) continue;
    if (c == '"' || c == '\'') {
      read_string(false);
    } else if (c == '@') {
      read_at_rule();
    } else if (starts_name(c)) {
      if (ascii::iequals(read_name(), "url") && at(at_) == '(') read_url();
    } else {
      ++at_;
    }
  }
  if (changed_) out_.append(css_.substr(written_));
  return changed_;
}

bool Scanner::skip_comment() {
  if (css_.substr(at_, 2) != "/*") return false;
  const std::size_t end = css_.find("*/", at_ + 2);
  at_ = end == std::string_view::npos ? css_.size() : end + 2;
  return true;
}

void Scanner::skip_blank() {
  while (at_ < css_.size() && (is_space(css_[at_]) || skip_comment())) {
    if (at_ < css_.size() && is_space(css_[at_])) ++at_;
  }
}

/// At a backslash: up to six hexadecimal digits and a space, or any one character. Only ASCII matters here.
void Scanner::read_escape(std::string& text) {
  ++at_;
  std::uint32_t value = 0;
  std::size_t digits = 0;
  while (digits < 6 && ascii::hex_value(at(at_)) >= 0) {
    value = value * 16 + static_cast<std::uint32_t>(ascii::hex_value(css_[at_]));
    ++digits, ++at_;
  }
  if (digits > 0) {
    text += value > 0 && value < 0x80 ? static_cast<char>(value) : '?';
    if (is_space(at(at_))) ++at_;
  } else if (at_ < css_.size()) {
    if (css_[at_] != '\n') text += css_[at_];
    ++at_;
  }
}

std::string Scanner::read_name() {
  std::string name;
  while (at_ < css_.size() && is_name(css_[at_])) {
    if (css_[at_] == '\\') {
      read_escape(name);
    } else {
      name += css_[at_++];
    }
  }
  return name;
}

void Scanner::judge(std::size_t begin, const std::string& address, std::string_view replacement) {
  if (!holds_(address)) return;
  out_.append(css_.substr(written_, begin - written_)).append(replacement);
  written_ = at_;
  changed_ = true;
}

void Scanner::read_string(bool is_address) {
  const std::size_t begin = at_;
  const char quote = css_[at_++];
  std::string text;
  while (at_ < css_.size() && css_[at_] != quote && css_[at_] != '\n') {
    if (css_[at_] == '\\') {
      read_escape(text);
    } else {
      text += css_[at_++];
    }
  }
  if (at(at_) == quote) ++at_;
  // Strings of image-set() and src() are addresses as well; a whole address in a string is judged wherever it
  // is.
  const bool whole =
      text.starts_with("//") || ascii::istarts_with(text, "http:") || ascii::istarts_with(text, "https:");
  if (is_address || whole) judge(begin, text, R"('about:invalid')");
}

/// At the bracket after `url`.
void Scanner::read_url() {
  ++at_;
  while (is_space(at(at_))) ++at_;
  if (at(at_) == '"' || at(at_) == '\'') return read_string(true);
  const std::size_t begin = at_;
  std::string address;
  while (at_ < css_.size() && css_[at_] != ')' && !is_space(css_[at_])) {
    if (css_[at_] == '\\') {
      read_escape(address);
    } else {
      address += css_[at_++];
    }
  }
  judge(begin, address, "about:invalid");
}

void Scanner::read_at_rule() {
  ++at_;
  const std::string name = read_name();
  if (ascii::iequals(name, "namespace")) {
    at_ = std::min(css_.find(';', at_), css_.size());  // names, never fetched
  } else if (ascii::iequals(name, "import")) {
    skip_blank();
    if (at(at_) == '"' || at(at_) == '\'') read_string(true);
  }
}

}  // namespace

bool rewrite_css(std::string_view css, const std::function<bool(std::string_view)>& holds, std::string& out) {
  return Scanner(css, holds, out).run();
}

}  // namespace portvakt::tags
