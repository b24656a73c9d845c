// Small pieces of text that the banner and the privacy pages share. No state.
#pragma once

#include <string>
#include <string_view>

#include "filters/consent/locales.h"
#include "filters/purposes.h"

namespace portvakt::consent {

/// A purpose in the locale's words; a purpose of the site's own goes by its configured name.
PurposeText purpose_text(const filters::PurposeNames& names, const Locale& locale, filters::Purpose purpose);

/// Percent-encoding of one query value (RFC 3986: all but unreserved characters and `/`): safe in an
/// attribute too.
std::string encode_query(std::string_view text);

/// An address that a link may carry: a path of this site, or http(s). Anything else, `javascript:` first, is
/// refused.
bool is_link(std::string_view url);

}  // namespace portvakt::consent
