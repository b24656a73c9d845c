// What every form under the consent path has in common: it comes by POST, from a page of this site, as an
// ordinary form. No state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/filter.h"

namespace portvakt::consent {

/// Empty when the body is here and everything is as it should be; else what the filter returns: the body is
/// still wanted, or the reply (403 for another site's page, 400 for what is no form) is in the context.
std::optional<filters::Step> await_form(filters::RequestContext& context);

/// The first field of that name in a query or a form's body, decoded; empty if there is none.
std::string form_field(std::string_view form, std::string_view name);

/// Text as a visitor typed it, safe to keep and to print: line ends are one \n, other control characters are
/// gone, no more than `most` bytes, cut between characters.
std::string typed_text(std::string_view text, std::size_t most);

}  // namespace portvakt::consent
