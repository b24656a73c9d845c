// Answers to ACME's http-01 challenge (RFC 8555 section 8.3) from the folder that the operator's ACME client
// writes to: they are served before any redirect, on every listener. Knows nothing of ACME beyond the files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace portvakt::exchange {

/// Whether a path belongs to challenges, of whatever form.
bool is_challenge_path(std::string_view path);

/// What the ACME client wrote for this path, looked for in `folder` and in `.well-known/acme-challenge` below
/// it. Empty: no such file, or the path names no token. The one file that a worker reads: local, named by a
/// token alone, not a link, and of at most 4 KiB.
std::optional<std::string> read_challenge(const std::filesystem::path& folder, std::string_view path);

}  // namespace portvakt::exchange
