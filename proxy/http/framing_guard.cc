#include "proxy/http/framing_guard.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

constexpr std::uint64_t kMaxLength = std::uint64_t{1} << 62;

struct FramingFields {
  bool chunked = false;
  std::optional<std::uint64_t> length;
};

Result<bool> read_transfer_encoding(const HeaderMap& headers, Version version) {
  const auto values = headers.all("Transfer-Encoding");
  if (values.empty()) return false;
  if (version == Version::Http10) return failure(ErrorKind::Malformed, "Transfer-Encoding in HTTP/1.0");
  if (values.size() > 1) return failure(ErrorKind::Malformed, "Transfer-Encoding more than once");
  if (ascii::iequals(values[0], "chunked")) return true;
  const auto codings = ascii::split(values[0], ',');
  const bool other_coding = codings.size() > 1 && ascii::iequals(codings.back(), "chunked") &&
                            !ascii::iequals(codings.front(), "chunked");
  return failure(other_coding ? ErrorKind::Unsupported : ErrorKind::Malformed,
                 "Transfer-Encoding other than chunked");
}

Result<std::optional<std::uint64_t>> read_content_length(const HeaderMap& headers) {
  const auto values = headers.all("Content-Length");
  if (values.empty()) return std::nullopt;
  // RFC 9110 section 8.6 lets a recipient merge equal values; we do not, because not every other reader does.
  if (values.size() > 1) return failure(ErrorKind::Malformed, "Content-Length more than once");
  const auto length = ascii::parse_uint(values[0]);
  if (!length || *length > kMaxLength) return failure(ErrorKind::Malformed, "Content-Length is not a number");
  return length;
}

Result<FramingFields> take_framing_fields(HeaderMap& headers, Version version) {
  const auto chunked = read_transfer_encoding(headers, version);
  if (!chunked) return tl::unexpected(chunked.error());
  const auto length = read_content_length(headers);
  if (!length) return tl::unexpected(length.error());
  if (*chunked && *length)
    return failure(ErrorKind::Malformed, "Content-Length together with Transfer-Encoding");
  headers.remove("Transfer-Encoding");
  headers.remove("Content-Length");
  return FramingFields{*chunked, *length};
}

Framing counted(std::uint64_t length) {
  if (length == 0) return {BodyFraming::None, {.none = true, .bytes = 0}};
  return {BodyFraming::Counted, {.none = false, .bytes = length}};
}

}  // namespace

Result<Framing> guard_request(RequestHead& head) {
  const auto fields = take_framing_fields(head.headers, head.version);
  if (!fields) return tl::unexpected(fields.error());
  if (fields->chunked) return Framing{BodyFraming::Chunked, {}};
  if (fields->length) return counted(*fields->length);
  return Framing{BodyFraming::None, {.none = true, .bytes = {}}};
}

Result<Framing> guard_response(ResponseHead& head, bool to_head) {
  const auto fields = take_framing_fields(head.headers, head.version);
  if (!fields) return tl::unexpected(fields.error());
  const bool bodiless_status = head.informational() || head.status == 204 || head.status == 304;
  if (head.informational() || head.status == 204) {
    // RFC 9112 section 6.3: such an answer has no body; one that announces one is a sign of a confused
    // sender.
    if (fields->chunked || fields->length.value_or(0) > 0) {
      return failure(ErrorKind::Malformed, "a body announced with a status that has none",
                     ErrorSide::Upstream);
    }
    return Framing{BodyFraming::None, {.none = true, .bytes = {}}};
  }
  if (head.status == 101) {
    // The bytes behind it are the other protocol's; a length for them would be a lie that somebody believes.
    if (fields->chunked || fields->length) {
      return failure(ErrorKind::Malformed, "a body announced with 101", ErrorSide::Upstream);
    }
    return Framing{BodyFraming::UntilClose, {}};
  }
  if (to_head || bodiless_status) return Framing{BodyFraming::None, {.none = true, .bytes = fields->length}};
  if (fields->chunked) return Framing{BodyFraming::Chunked, {}};
  if (fields->length) return counted(*fields->length);
  return Framing{BodyFraming::UntilClose, {}};
}

void guard_trailers(HeaderMap& trailers) {
  static constexpr std::array<std::string_view, 26> kForbidden = {"Transfer-Encoding",
                                                                  "Content-Length",
                                                                  "Host",
                                                                  "Connection",
                                                                  "Keep-Alive",
                                                                  "TE",
                                                                  "Trailer",
                                                                  "Upgrade",
                                                                  "Proxy-Connection",
                                                                  "Authorization",
                                                                  "Proxy-Authorization",
                                                                  "Proxy-Authenticate",
                                                                  "WWW-Authenticate",
                                                                  "Content-Encoding",
                                                                  "Content-Type",
                                                                  "Content-Range",
                                                                  "Cookie",
                                                                  "Set-Cookie",
                                                                  "Cache-Control",
                                                                  "Expires",
                                                                  "Vary",
                                                                  "Location",
                                                                  "Age",
                                                                  "Date",
                                                                  "Range",
                                                                  "Consent-Purposes"};
  trailers.remove_if([](const HeaderMap::Field& field) {
    const auto is_name = [&](std::string_view name) { return ascii::iequals(name, field.name); };
    return ascii::istarts_with(field.name, "X-Forwarded") || ascii::iequals(field.name, "Forwarded") ||
           std::ranges::any_of(kForbidden, is_name);
  });
}

}  // namespace portvakt::http
