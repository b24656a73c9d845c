// When a certificate file ends, for the operators' metrics.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace portvakt::net {

/// Seconds since the epoch; empty if the file cannot be read. Reads the file: not on a worker.
std::optional<std::int64_t> certificate_expiry(const std::filesystem::path& file);

}  // namespace portvakt::net
