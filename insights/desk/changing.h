// Everything that changes something, each from a form of ours with the session's token: goals, funnels,
// notes, shared links, proposals, accounts. Enforcing: the role is asked for again here, whatever the page
// offered.
#pragma once

#include <optional>

#include "insights/accounts/guess_limit.h"
#include "insights/desk/desk.h"

namespace portvakt::insights {

/// Empty: there is no such path. The visit's request is a POST that from_own_page() and the token have
/// passed.
std::optional<Result<http_server::Answer>> take_change(Desk& desk, GuessLimit& guesses, const Visit& visit);

/// `/accounts`, to look at.
Result<http_server::Answer> read_accounts(Desk& desk, const Visit& visit, const std::string& link_for = {},
                                          const std::string& link = {});

}  // namespace portvakt::insights
