#include "proxy/logs/redis/cluster_slots.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::logs {
namespace {

/// CRC-16/XMODEM: polynomial 0x1021, nothing reflected.
constexpr std::array<std::uint16_t, 256> crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}
constexpr auto kCrcTable = crc_table();

constexpr std::string_view kKeyless[] = {"PING",   "SCRIPT", "ROLE",         "INFO",   "CLUSTER", "CLIENT",
                                         "AUTH",   "TIME",   "WAIT",         "CONFIG", "ACL",     "FLUSHALL",
                                         "ASKING", "BGSAVE", "BGREWRITEAOF", "MULTI",  "EXEC",    "DISCARD"};
/// Their first argument is a subcommand.
constexpr std::string_view kSecond[] = {"XINFO", "XGROUP", "OBJECT", "MEMORY"};

constexpr std::size_t kMostLooked = 8;  // arguments that are looked at to find the key

using Words = std::array<std::string_view, kMostLooked>;

bool is_one_of(std::string_view word, auto& list) {
  return std::ranges::any_of(list, [&](std::string_view one) { return ascii::iequals(one, word); });
}

std::string_view key_of(const Words& words) {
  if (is_one_of(words[0], kKeyless)) return {};
  if (is_one_of(words[0], kSecond)) return words[2];
  if (ascii::istarts_with(words[0], "EVAL") || ascii::istarts_with(words[0], "FCALL"))
    return words[2] == "0" ? std::string_view() : words[3];
  if (ascii::istarts_with(words[0], "XREAD")) {
    const auto streams =
        std::ranges::find_if(words, [](auto word) { return ascii::iequals(word, "STREAMS"); });
    return streams == words.end() || streams + 1 == words.end() ? std::string_view() : *(streams + 1);
  }
  return words[1];
}

/// `*N\r\n` or `$N\r\n`: the number.
std::optional<std::size_t> take_length(std::string_view& text, char mark) {
  if (text.empty() || text[0] != mark) return std::nullopt;
  const std::size_t end = text.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto number = ascii::parse_uint(text.substr(1, end - 1));
  if (!number) return std::nullopt;
  text.remove_prefix(end + 2);
  return static_cast<std::size_t>(*number);
}

}  // namespace

std::uint16_t slot_of(std::string_view key) {
  const std::size_t open = key.find('{');
  if (open != std::string_view::npos) {
    const std::size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  }
  unsigned crc = 0;
  for (const char c : key)
    crc = (crc << 8 ^ kCrcTable[(crc >> 8 ^ static_cast<unsigned char>(c)) & 0xFFU]) & 0xFFFFU;
  return static_cast<std::uint16_t>(crc % kClusterSlots);
}

std::optional<CommandSpan> take_command(std::string_view& commands) {
  std::string_view rest = commands;
  const auto count = take_length(rest, '*');
  if (!count || *count == 0) return std::nullopt;
  Words words;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto length = take_length(rest, '$');
    if (!length || rest.size() < *length + 2) return std::nullopt;
    if (i < kMostLooked) words[i] = rest.substr(0, *length);
    rest.remove_prefix(*length + 2);
  }
  using Part = CommandSpan::Part;
  const bool closes = ascii::iequals(words[0], "EXEC") || ascii::iequals(words[0], "DISCARD");
  const Part part = ascii::iequals(words[0], "MULTI") ? Part::Opens : closes ? Part::Closes : Part::Alone;
  const CommandSpan span{commands.substr(0, commands.size() - rest.size()), key_of(words), part};
  commands = rest;
  return span;
}

}  // namespace portvakt::logs
