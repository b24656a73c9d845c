#include "proxy/logs/redis_command.h"

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
