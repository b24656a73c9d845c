// What a form or an address sent, and whether it came from our own page. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "proxy/http_server/http_server.h"

namespace portvakt::insights {

/// A browser says that one of our own pages sent this (Sec-Fetch-Site, else Origin). Tells nothing: no.
bool from_own_page(const http_server::Request& request);

/// A path on this host to return to; anything else is `/`.
std::string own_path(std::string_view text);

/// 303, so that reloading the next page does not send the form again.
http_server::Answer see_other(std::string location);

/// The session's token, different in every page: what is compressed with strangers' text must not be the same
/// each time (BREACH).
std::string mask_token(std::string_view token);
/// Whether a form's token is a mask of this one.
bool is_masked(std::string_view masked, std::string_view token);

}  // namespace portvakt::insights
