// Lets our own inline script, style and form through the site's Content-Security-Policy (CSP level 3), and
// weakens it by nothing else. A policy that relies on 'unsafe-inline' is left alone: a nonce or hash would
// switch that off. One with nonces lends us its nonce; any other gets our hashes. Every policy counts by
// itself, so each is seen to; those that only report too, lest they report us. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/header_map.h"

namespace portvakt::guard {

/// The hash sources of what we put into pages.
struct OwnInline {
  std::vector<std::string> scripts;
  std::vector<std::string> styles;
  bool sends = false;  // our script sends to the site itself
};

/// What our elements must carry; empty where no policy has one.
struct LentNonces {
  std::string script;
  std::string style;
};

/// Changes the policies among the fields of a response.
LentNonces extend_policies(http::HeaderMap& headers, const OwnInline& own);

/// A policy that stands in the document, by itself, with our insertions let through.
std::string extend_policy(std::string_view policy, const OwnInline& own, const LentNonces& lent);

/// Puts a nonce on every inline element of that name (`script`, `style`) in markup of our own.
void carry_nonce(std::string& markup, std::string_view element, std::string_view nonce);

}  // namespace portvakt::guard
