#include "proxy/logs/redis/redis_command.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace portvakt::logs {
namespace {

void append_length(std::string& out, char mark, std::size_t length) {
  char line[24] = {mark};
  char* end = std::to_chars(line + 1, line + sizeof line - 2, length).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out.append(line, end);
}

}  // namespace

void append_argument(std::string& out, std::string_view argument) {
  // Most are short words: one append for all of it.
  std::array<char, 96> line;
  if (argument.size() < 64) {
    char* end = line.data();
    *end++ = '$';
    if (argument.size() >= 10) *end++ = static_cast<char>('0' + argument.size() / 10);
    *end++ = static_cast<char>('0' + argument.size() % 10);
    *end++ = '\r';
    *end++ = '\n';
    end = std::ranges::copy(argument, end).out;
    *end++ = '\r';
    *end++ = '\n';
    out.append(line.data(), end);
    return;
  }
  append_length(out, '$', argument.size());
  out += argument;
  out += "\r\n";
}

void append_array_head(std::string& out, std::size_t arguments) {
  append_length(out, '*', arguments);
}

void append_command(std::string& out, std::initializer_list<std::string_view> arguments) {
  append_array_head(out, arguments.size());
  for (const std::string_view argument : arguments) append_argument(out, argument);
}

}  // namespace portvakt::logs
