// The host part of an address as browsers read it (WHATWG URL, section 3.5): percent-decoding, IDN, IPv4 in
// its odd number forms, IPv6. Used by url.cc alone.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::http {

/// Writes the serialised host; false if a browser would refuse it. A label that IDN processing refuses is
/// kept as it is: refusing it could hide the known domain that it stands before.
bool parse_host(std::string_view text, std::string& out);

}  // namespace portvakt::http
