// Do two hosts belong to one site? By registrable domain, from the public suffix list that libpsl ships with.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::tags {

/// Both in lower case and punycode, without a dot at the end. An address in numbers is a site of its own.
bool is_same_site(std::string_view a, std::string_view b);

}  // namespace portvakt::tags
