#include "config/option.h"

namespace portvakt::config {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kSecond = 1000;
constexpr std::uint64_t kHour = 3600 * kSecond;
constexpr std::uint64_t kKiB = 1U << 10;

milliseconds to_duration(const Value& v) {
  return milliseconds(static_cast<std::int64_t>(v.number));
}

constexpr Option kOptions[] = {
    {.path = "limits", .help = "How long Portvakt waits and how much it takes in."},
    {.path = "limits.header_timeout",
     .kind = Kind::Duration,
     .fallback = "10s",
     .least = 100,
     .most = kHour,
     .help = "For a client to send a whole request head.",
     .set = [](Model& m, Value&& v) { m.limits.header_timeout = to_duration(v); }},
    {.path = "limits.idle_timeout",
     .kind = Kind::Duration,
     .fallback = "60s",
     .least = 100,
     .most = 24 * kHour,
     .help = "For a connection on which nothing moves, between requests or within a body.",
     .set = [](Model& m, Value&& v) { m.limits.idle_timeout = to_duration(v); }},
    {.path = "limits.handshake_timeout",
     .kind = Kind::Duration,
     .fallback = "10s",
     .least = 100,
     .most = kHour,
     .help = "For a client to complete a TLS handshake.",
     .set = [](Model& m, Value&& v) { m.limits.handshake_timeout = to_duration(v); }},
    {.path = "limits.write_timeout",
     .kind = Kind::Duration,
     .fallback = "60s",
     .least = 100,
     .most = 24 * kHour,
     .help = "For a client to take some of what is written to it; then the connection is reset.",
     .set = [](Model& m, Value&& v) { m.limits.write_timeout = to_duration(v); }},
    {.path = "limits.min_upload_rate",
     .kind = Kind::Size,
     .fallback = "240",
     .most = kKiB << 10,
     .help =
         "Bytes per second of a request's body, judged over `upload_grace`; slower ones get 408. 0 is any.",
     .set = [](Model& m, Value&& v) { m.limits.min_upload_rate = v.number; }},
    {.path = "limits.upload_grace",
     .kind = Kind::Duration,
     .fallback = "10s",
     .least = 100,
     .most = kHour,
     .help = "How long a body may come more slowly than `min_upload_rate`.",
     .set = [](Model& m, Value&& v) { m.limits.upload_grace = to_duration(v); }},
    {.path = "limits.min_download_rate",
     .kind = Kind::Size,
     .fallback = "240",
     .most = kKiB << 10,
     .help = "Bytes per second that a client must take while there is something for it, judged over "
             "`download_grace`; slower ones are reset. 0 is any.",
     .set = [](Model& m, Value&& v) { m.limits.min_download_rate = v.number; }},
    {.path = "limits.download_grace",
     .kind = Kind::Duration,
     .fallback = "60s",
     .least = 100,
     .most = kHour,
     .help = "How long a client may take its answer more slowly than `min_download_rate`.",
     .set = [](Model& m, Value&& v) { m.limits.download_grace = to_duration(v); }},
    {.path = "limits.connect_timeout",
     .kind = Kind::Duration,
     .fallback = "5s",
     .least = 10,
     .most = kHour,
     .help = "For an upstream to accept a connection.",
     .set = [](Model& m, Value&& v) { m.limits.connect_timeout = to_duration(v); }},
    {.path = "limits.response_timeout",
     .kind = Kind::Duration,
     .fallback = "60s",
     .least = 100,
     .most = 24 * kHour,
     .help = "For an upstream to send a response head.",
     .set = [](Model& m, Value&& v) { m.limits.response_timeout = to_duration(v); }},
    {.path = "limits.tunnel_timeout",
     .kind = Kind::Duration,
     .fallback = "1h",
     .least = 100,
     .most = 30 * 24 * kHour,
     .help = "For a WebSocket on which nothing moves in either direction.",
     .set = [](Model& m, Value&& v) { m.limits.tunnel_timeout = to_duration(v); }},
    {.path = "limits.drain_timeout",
     .kind = Kind::Duration,
     .fallback = "30s",
     .most = 24 * kHour,
     .help = "For running exchanges and WebSockets to end when the process ends, or when their listener is "
             "removed; what is left is then cut off.",
     .set = [](Model& m, Value&& v) { m.limits.drain_timeout = to_duration(v); }},
    {.path = "limits.drain_delay",
     .kind = Kind::Duration,
     .fallback = "0s",
     .most = kHour,
     .help = "How long Portvakt still takes connections after SIGTERM while `/readyz` already says 503: the "
             "time that load balancers need to look.",
     .set = [](Model& m, Value&& v) { m.limits.drain_delay = to_duration(v); }},
    {.path = "limits.max_header_bytes",
     .kind = Kind::Size,
     .fallback = "32KiB",
     .least = kKiB,
     .most = kKiB << 10,
     .help = "All header fields of a message together.",
     .set = [](Model& m, Value&& v) { m.limits.max_header_bytes = v.number; }},
    {.path = "limits.max_header_count",
     .kind = Kind::Integer,
     .fallback = "100",
     .least = 10,
     .most = 10000,
     .help = "Header fields of a message.",
     .set = [](Model& m, Value&& v) { m.limits.max_header_count = v.number; }},
    {.path = "limits.max_request_line",
     .kind = Kind::Size,
     .fallback = "8KiB",
     .least = kKiB / 2,
     .most = kKiB << 10,
     .help = "Method, target and version of a request.",
     .set = [](Model& m, Value&& v) { m.limits.max_request_line = v.number; }},
    {.path = "limits.max_body",
     .kind = Kind::Size,
     .fallback = "0",
     .help = "The body of a request; 0 is unlimited.",
     .set = [](Model& m, Value&& v) { m.limits.max_body = v.number; }},
    {.path = "limits.max_requests_per_connection",
     .kind = Kind::Integer,
     .fallback = "100000",
     .help = "Requests after which a connection is closed; 0 is any number.",
     .set = [](Model& m, Value&& v) { m.limits.max_requests_per_connection = v.number; }},
    {.path = "limits.max_connections",
     .kind = Kind::Integer,
     .least = 1,
     .help =
         "Client connections that are open at once. When it is reached, those that wait for a next request "
         "are "
         "closed first, then new ones. Without it: half of the file descriptors that the process may open.",
     .set = [](Model& m, Value&& v) { m.limits.max_connections = v.number; }},
    {.path = "limits.max_connections_per_network",
     .kind = Kind::Integer,
     .help = "Of these, from one client network (/24 of IPv4, /48 of IPv6); trusted proxies are not counted. "
             "0 is any "
             "number. Without it: half of all.",
     .set = [](Model& m, Value&& v) { m.limits.max_connections_per_network = v.number; }},
    {.path = "limits.max_buffered",
     .kind = Kind::Size,
     .least = kKiB << 10,
     .help = "Bytes held for all connections together. From four fifths on new requests get 503; at all of "
             "it, clients "
             "that do not read are cut, the largest first. Without it: a quarter of the memory there is.",
     .set = [](Model& m, Value&& v) { m.limits.max_buffered = v.number; }},
    {.path = "limits.max_connection_buffer",
     .kind = Kind::Size,
     .fallback = "8MiB",
     .least = 64 * kKiB,
     .help = "Bytes held for one connection, from which on its further requests get 503.",
     .set = [](Model& m, Value&& v) { m.limits.max_connection_buffer = v.number; }},
};

}  // namespace

std::span<const Option> limit_options() {
  return kOptions;
}

}  // namespace portvakt::config
