// Reads a configuration text into a Model by the table of options, strictly: unknown or repeated keys, wrong
// types, values out of range and missing options are errors, and all of them are reported in one run. Looks
// at the environment for `${NAME}` but opens no file: config::load() does that. Start-up and reload only,
// main thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/model.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

/// Empty when there was an error. `file_name` is what diagnostics call the text; relative paths begin at
/// `base_dir`.
std::optional<Model> read(std::string_view text, const std::string& file_name,
                          const std::filesystem::path& base_dir, Diagnostics& diagnostics);

/// The same, but keeps what was right when there was an error, so that later checks can add their findings to
/// the run. False when there was an error.
bool read_into(Model& model, std::string_view text, const std::string& file_name,
               const std::filesystem::path& base_dir, Diagnostics& diagnostics);

}  // namespace portvakt::config
