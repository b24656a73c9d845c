// Decides where an HTTP/1 message ends, and refuses every message that two readers could end at different
// places (RFC 9112 section 6). Attacks it stops: request smuggling by Content-Length against
// Transfer-Encoding, repeated or signed lengths, transfer codings that are not exactly "chunked", and
// HTTP/1.0 messages with Transfer-Encoding. It takes the framing fields out of the headers: from there on
// BodyLength alone says it.
#pragma once

#include "proxy/base/result.h"
#include "proxy/http/message.h"

namespace portvakt::http {

enum class BodyFraming : std::uint8_t { None, Counted, Chunked, UntilClose };

struct Framing {
  BodyFraming kind = BodyFraming::None;
  BodyLength length;
};

/// Errors: Malformed (400), Unsupported (501, a coding other than chunked).
Result<Framing> guard_request(RequestHead& head);

/// `to_head`: the request was a HEAD, so that no body follows whatever the fields say.
Result<Framing> guard_response(ResponseHead& head, bool to_head);

/// Drops what must not be taken from a trailer section (RFC 9110 section 6.5.1): framing, routing,
/// authentication, cookies, and everything that decides how a message is read.
void guard_trailers(HeaderMap& trailers);

}  // namespace portvakt::http
