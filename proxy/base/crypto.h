// The few cryptographic operations that consent cookies and identifiers need, on OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::crypto {

/// HMAC-SHA-256 (RFC 2104, FIPS 180-4): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// SHA-256: 32 bytes.
std::string sha256(std::string_view message);

/// Standard base64 with padding, as Content-Security-Policy hashes are written.
std::string base64(std::string_view bytes);

/// `count` bytes of the system's randomness. Ends the process if there is none: no identifier is better than
/// a guessable one.
std::string random_bytes(std::size_t count);

/// What a password costs to guess: scrypt (RFC 7914) with N = 2^`log_n`, r = 8, p = 1, so 2^(`log_n` + 10)
/// bytes of memory; 32 bytes. Takes about a tenth of a second with 15: never on a worker.
std::string scrypt(std::string_view password, std::string_view salt, unsigned log_n);

/// Compares without telling by its duration where the first difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace portvakt::crypto
