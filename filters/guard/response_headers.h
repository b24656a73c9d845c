// Takes vendors without consent out of response fields that make a browser contact them: Link (preload,
// preconnect …), Refresh, Report-To, Reporting-Endpoints, NEL. What was held back is counted in the notes; in
// observe mode it is only counted. Enforcing: a field whose addresses cannot be told apart goes as a whole.
// Pure, any thread.
#pragma once

#include "filters/notes.h"
#include "filters/tags/tag_policy.h"
#include "proxy/http/message.h"
#include "proxy/http/url.h"

namespace portvakt::guard {

/// True if there is a field that the functions below look at; most answers have none.
bool may_name_vendors(const http::HeaderMap& headers);

/// A redirect of something that a page loads to a vendor who is held back: it must not be followed. Counted
/// in the notes.
bool redirects_to_held_vendor(const http::ResponseHead& head, const http::ParsedUrl& page,
                              const tags::TagPolicy& policy, filters::Notes& notes);

/// `page` is the address that was asked for.
void hold_header_vendors(http::HeaderMap& headers, const http::ParsedUrl& page, const tags::TagPolicy& policy,
                         filters::Notes& notes);

}  // namespace portvakt::guard
