// What a browser will do with the answer, told by the request: Sec-Fetch-Dest (W3C Fetch Metadata), and by
// what is asked for where a browser or tool does not send it (plain HTTP, older browsers). In doubt it may be
// a page.
#pragma once

#include "proxy/http/message.h"

namespace portvakt::http {

/// The answer could be read as a page, or as a part of one fetched by a script.
bool may_be_page(const RequestHead& request);

/// A document in a window, tab or frame.
bool asks_for_document(const RequestHead& request);

/// A document in a window or tab of its own.
bool asks_for_top_document(const RequestHead& request);

/// Something that a page loads, frames included: known only when the browser says so.
bool asks_for_subresource(const RequestHead& request);

}  // namespace portvakt::http
