// Which changes of protocol may pass (RFC 9110 section 7.8): WebSocket alone. Every other offer (`h2c`,
// `TLS/1.0` …) is not heard, and the request answered as if it had not been made. Attack it stops: an upgrade
// that one reader believes in and the next does not lets a second request through unseen. Pure, any thread.
#pragma once

#include <string>

#include "proxy/http/framing_guard.h"
#include "proxy/http/message.h"

namespace portvakt::http {

/// The protocol that an HTTP/1 request asks to change to, if it may: only a GET of HTTP/1.1 without a body.
std::string requested_protocol(const RequestHead& head, const Framing& framing);

/// The 101 agrees to `protocol`, and to nothing else.
bool accepts_protocol(const ResponseHead& head, std::string_view protocol);

}  // namespace portvakt::http
