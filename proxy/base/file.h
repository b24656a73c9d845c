// Whole files in and out of memory, for start-up and reload: never on a worker.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "proxy/base/result.h"

namespace portvakt {

/// The bytes of a file of at most `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64U << 20);

/// Writes beside the target and renames, so that a reader sees the old bytes or the new, never half; readable
/// by the owner alone.
Result<void> write_private_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace portvakt
