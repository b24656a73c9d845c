// The header fields of pages that are rewritten for one visitor: validators that carry the visitor's class,
// caching that keeps shared caches out, and the one place where a changed body loses what described the old
// one.
#pragma once

#include <string>
#include <string_view>

#include "proxy/http/message.h"

namespace portvakt::html {

/// Leaves one Content-Type: the one that a browser would take of several, on lines of their own or behind
/// commas (Fetch section 3.2.4, the last that is a type). Otherwise a second one could make a page of what we
/// took for an image.
void settle_content_type(http::HeaderMap& response);

/// Narrows Accept-Encoding to codings that can be decoded, and asks for the whole page.
void ask_for_readable_page(http::HeaderMap& request);

/// Takes our class out of If-None-Match and passes the origin's validators on; validators of another class,
/// or none of ours, are removed, so that a page of an old consent state is never confirmed. True if a
/// validator was passed on.
bool unwrap_validators(http::HeaderMap& request, std::string_view page_class);

/// `"abc"` becomes `W/"abc;CLASS"`; Last-Modified, which cannot carry a class, goes.
void wrap_validators(http::HeaderMap& response, std::string_view page_class);

/// Cache-Control: private, unless something stricter stands there; Vary: Cookie.
void keep_out_of_shared_caches(http::HeaderMap& response);

/// What describes bytes that are no longer sent: lengths, digests, ranges.
void drop_body_descriptions(http::HeaderMap& response);

/// A Content-Security-Policy under which the page contacts its own site and nobody else.
void refuse_third_parties(http::HeaderMap& response);

}  // namespace portvakt::html
