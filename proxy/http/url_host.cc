#include "proxy/http/url_host.h"

#include <array>
#include <cstdint>
#include <optional>

#include <idn2.h>

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && ascii::hex_value(text[i + 1]) >= 0 &&
        ascii::hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(ascii::hex_value(text[i + 1]) * 16 + ascii::hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || std::string_view{"#/:<>?@[\\]^|%"}.find(c) != std::string_view::npos;
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// One label to ASCII; as it is where IDN refuses it.
void append_label(std::string_view label, std::string& out) {
  if (!is_ascii(label)) {
    char* mapped = nullptr;
    const int status =
        idn2_to_ascii_8z(std::string(label).c_str(), &mapped, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (status == IDN2_OK) {
      out += ascii::lower(mapped);
      idn2_free(mapped);
      return;
    }
  }
  out += ascii::lower(label);
}

/// The ideographic and full-width full stops part labels as the dot does.
void unify_dots(std::string& text) {
  for (const std::string_view dot : {"\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"}) {
    for (std::size_t at = text.find(dot); at != std::string::npos; at = text.find(dot, at)) {
      text.replace(at, dot.size(), ".");
    }
  }
}

void to_ascii(std::string text, std::string& out) {
  out.clear();
  if (is_ascii(text)) {
    for (const char c : text) out += ascii::to_lower(c);
    return;
  }
  unify_dots(text);
  std::size_t start = 0;
  while (true) {
    const std::size_t dot = text.find('.', start);
    append_label(std::string_view(text).substr(start, dot == std::string::npos ? dot : dot - start), out);
    if (dot == std::string::npos) return;
    out += '.';
    start = dot + 1;
  }
}

/// A part of an IPv4 address: decimal, 0 octal, 0x hexadecimal. Empty if it is no number; capped far above
/// any valid part.
std::optional<std::uint64_t> parse_number(std::string_view part) {
  if (part.empty()) return std::nullopt;
  unsigned base = 10;
  if (part.size() >= 2 && part[0] == '0' && ascii::to_lower(part[1]) == 'x') {
    part.remove_prefix(2), base = 16;
  } else if (part.size() >= 2 && part[0] == '0') {
    part.remove_prefix(1), base = 8;
  }
  std::uint64_t value = 0;
  for (const char c : part) {
    const int digit = ascii::hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
    value = value * base + static_cast<unsigned>(digit);
    if (value > (std::uint64_t{1} << 40)) value = std::uint64_t{1} << 40;
  }
  return value;
}

/// Section 3.5, "ends in a number checker": such a host is an IPv4 address or nothing.
bool ends_in_number(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty()) return false;
  const bool digits = std::ranges::all_of(last, ascii::is_digit);
  return digits || (last.starts_with("0x") && parse_number(last).has_value());
}

bool parse_ipv4(std::string& host) {
  std::string_view text = host;
  if (text.ends_with('.')) text.remove_suffix(1);
  std::array<std::uint64_t, 4> parts{};
  std::size_t count = 0;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t dot = std::min(text.find('.', start), text.size());
    const auto value = parse_number(text.substr(start, dot - start));
    if (!value || count == parts.size()) return false;
    parts[count++] = *value;
    start = dot + 1;
  }
  std::uint64_t address = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return false;
    address |= parts[i] << (8 * (3 - i));
  }
  if (parts[count - 1] >= (std::uint64_t{1} << (8 * (5 - count)))) return false;
  address |= parts[count - 1];
  host.clear();
  for (int shift = 24; shift >= 0; shift -= 8) {
    host += std::to_string(address >> shift & 255);
    if (shift > 0) host += '.';
  }
  return true;
}

using Pieces = std::array<std::uint16_t, 8>;

/// The dotted end of an IPv6 address; strict, unlike IPv4 hosts.
bool parse_dotted_end(std::string_view text, std::uint16_t& high, std::uint16_t& low) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    std::size_t digits = 0;
    std::uint32_t part = 0;
    while (digits < text.size() && ascii::is_digit(text[digits])) {
      if (digits > 0 && part == 0) return false;
      part = part * 10 + static_cast<std::uint32_t>(text[digits++] - '0');
      if (part > 255) return false;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
    value = value << 8 | part;
    if (i < 3) {
      if (!text.starts_with('.')) return false;
      text.remove_prefix(1);
    }
  }
  high = static_cast<std::uint16_t>(value >> 16);
  low = static_cast<std::uint16_t>(value & 0xFFFF);
  return text.empty();
}

/// Reads the pieces as they stand; `gap` is where "::" was.
bool read_pieces(std::string_view text, Pieces& pieces, std::size_t& count, std::optional<std::size_t>& gap) {
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return false;
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == pieces.size()) return false;
    if (text.front() == ':') {
      if (gap) return false;
      gap = count;
      text.remove_prefix(1);
      continue;
    }
    std::size_t digits = 0;
    unsigned value = 0;
    while (digits < 4 && digits < text.size() && ascii::hex_value(text[digits]) >= 0) {
      value = value * 16 + static_cast<unsigned>(ascii::hex_value(text[digits++]));
    }
    if (digits < text.size() && text[digits] == '.') {
      if (digits == 0 || count > 6 || !parse_dotted_end(text, pieces[count], pieces[count + 1])) return false;
      count += 2;
      return true;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
    pieces[count++] = static_cast<std::uint16_t>(value);
    if (text.empty()) break;
    if (text.front() != ':' || text.size() == 1) return false;
    text.remove_prefix(1);
  }
  return true;
}

bool parse_ipv6(std::string_view text, Pieces& out) {
  Pieces pieces{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  if (!read_pieces(text, pieces, count, gap)) return false;
  if (!gap) {
    out = pieces;
    return count == pieces.size();
  }
  if (count == pieces.size()) return false;
  out.fill(0);
  for (std::size_t i = 0; i < *gap; ++i) out[i] = pieces[i];
  for (std::size_t i = 0; i < count - *gap; ++i) out[7 - i] = pieces[count - 1 - i];
  return true;
}

void write_ipv6(const Pieces& pieces, std::string& out) {
  std::size_t best = 8, best_length = 1;  // the first longest run of zeros, if longer than one
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && pieces[i + length] == 0) ++length;
    if (length > best_length) best = i, best_length = length;
    i += length;
  }
  out = "[";
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += i == 0 ? "::" : ":";
      i += best_length - 1;
      continue;
    }
    static constexpr std::string_view kDigits = "0123456789abcdef";
    bool leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const auto digit = static_cast<std::size_t>(pieces[i] >> shift & 15);
      if (digit == 0 && leading && shift > 0) continue;
      leading = false;
      out += kDigits[digit];
    }
    if (i < 7) out += ':';
  }
  out += ']';
}

}  // namespace

bool parse_host(std::string_view text, std::string& out) {
  if (text.starts_with('[')) {
    Pieces pieces{};
    if (!text.ends_with(']') || !parse_ipv6(text.substr(1, text.size() - 2), pieces)) return false;
    write_ipv6(pieces, out);
    return true;
  }
  const bool plain = text.find('%') == std::string_view::npos && is_ascii(text);
  if (plain) {
    out.clear();
    for (const char c : text) out += ascii::to_lower(c);
  } else {
    to_ascii(percent_decode(text), out);
  }
  if (out.empty() || std::ranges::any_of(out, is_forbidden)) return false;
  return !ends_in_number(out) || parse_ipv4(out);
}

}  // namespace portvakt::http
