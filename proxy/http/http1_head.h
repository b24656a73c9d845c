// Reads the head of one HTTP/1 message from a block that ends with its empty line (RFC 9112 sections 2 to 5),
// to the letter: CRLF line ends only, one space between the parts of the first line, no folding, no space
// before a colon, no control characters. What a lenient reader could understand otherwise is refused, never
// repaired; the one thing made canonical are bytes above 0x7f in a request target, which are percent-encoded.
#pragma once

#include <string_view>

#include "proxy/base/result.h"
#include "proxy/http/limits.h"
#include "proxy/http/message.h"

namespace portvakt::http {

/// `block`: first line to the last CRLFCRLF, both included. Errors: Malformed, TargetTooLong, HeadTooLarge,
/// Unsupported (CONNECT). Scheme is left empty: the connection knows it.
Result<RequestHead> parse_request_head(std::string_view block, const MessageLimits& limits);
Result<ResponseHead> parse_response_head(std::string_view block, const MessageLimits& limits);

/// Field lines up to and with the empty line, into `headers`: for heads and trailer sections.
Result<void> parse_fields(std::string_view lines, std::size_t max_count, HeaderMap& headers);

}  // namespace portvakt::http
