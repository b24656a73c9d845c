// The door: sign in, sign out, a first password through a one-time link. Guesses are limited, and every
// refusal reads the same. Lives on the reports' loop, which a password's check holds for a tenth of a second:
// that the limit allows few of them is what makes this bearable.
#pragma once

#include <optional>

#include "insights/accounts/guess_limit.h"
#include "insights/desk/desk.h"

namespace portvakt::insights {

/// For those that nobody knows yet. Empty: the path is not of the door.
std::optional<Result<http_server::Answer>> at_the_door(Desk& desk, GuessLimit& guesses,
                                                       const http_server::Request& request);

/// To the page that signs in, and back to where this went.
http_server::Answer send_to_door(const http_server::Request& request);

}  // namespace portvakt::insights
