// Commands to Redis as bytes (RESP2 arrays of bulk strings), appended to a buffer that the caller keeps.
// Written by hand instead of with hiredis' formatter, which walks an argument vector twice and prints each
// length with sprintf: a batch has some 5,000 arguments. No state, any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace portvakt::logs {

void append_argument(std::string& out, std::string_view argument);
void append_array_head(std::string& out, std::size_t arguments);
void append_command(std::string& out, std::initializer_list<std::string_view> arguments);

}  // namespace portvakt::logs
