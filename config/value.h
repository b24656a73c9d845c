// Checks one scalar of the configuration file against its option's kind, range and words and makes a Value of
// it. Pure text work: no file is opened and no name is looked up. A Fault never quotes a secret, and quotes
// what the file says, not what an environment variable held.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "config/option.h"

namespace portvakt::config {

struct Fault {
  std::string text;
  std::string suggestion;
};

template <typename T>
using Checked = tl::expected<T, Fault>;

/// `written` is the scalar as the file has it; `${NAME}` is replaced here.
Checked<Value> parse_value(const Option& option, const std::string& written,
                           const std::filesystem::path& base_dir);

/// The key of a map's entry.
Checked<std::string> parse_key(const Option& option, const std::string& key);

bool is_secret(Kind kind);

}  // namespace portvakt::config
