// A configuration file from disk to a checked Model: reading, secrets from files, cross-option checks and
// file checks, with every fault of all of them in one run. What `run`, `check` and a reload call; main thread
// only.
#pragma once

#include <filesystem>
#include <optional>

#include "config/model.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::config {

/// Empty when there was an error; warnings alone leave a model.
std::optional<Model> load(const std::filesystem::path& file, Diagnostics& diagnostics);

}  // namespace portvakt::config
