// CRC-32C (Castagnoli, RFC 3720 section 12.1): guards records in spool files against torn writes, and is the
// checksum of PROXY protocol headers. Uses the processor's instruction where there is one.
#pragma once

#include <cstdint>
#include <string_view>

namespace portvakt {

/// `seed` is the checksum of what went before, so that pieces can be chained.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

/// The same by table, on any processor; apart so that tests can compare the two.
std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace portvakt
