#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

// In the order of the enumerations of the same name.
constexpr std::string_view kRules[] = {"round_robin", "least_connections", "random_two", "consistent_hash"};
constexpr std::string_view kKeys[] = {"client_network", "path", "header"};

constexpr std::uint64_t kSecond = 1000;

Balancing& balancing(Model& m) {
  return m.sites.back().balancing;
}
Upstream& upstream(Model& m) {
  return m.sites.back().upstreams.back();
}
std::chrono::milliseconds to_duration(const Value& v) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(v.number));
}

constexpr Option kOptions[] = {
    {.path = "sites[].upstreams[].url",
     .kind = Kind::Upstream,
     .required = true,
     .help = "Where the server is.",
     .set =
         [](Model& m, Value&& v) {
           upstream(m).scheme = v.upstream.scheme;
           upstream(m).address = std::move(v.upstream.address);
         }},
    {.path = "sites[].upstreams[].weight",
     .kind = Kind::Integer,
     .fallback = "1",
     .least = 1,
     .most = 1000,
     .help = "Its share of the requests, beside the weights of the others.",
     .set = [](Model& m, Value&& v) { upstream(m).weight = static_cast<unsigned>(v.number); }},
    {.path = "sites[].upstreams[].backup",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "On: asked only when no other server is up.",
     .set = [](Model& m, Value&& v) { upstream(m).backup = v.number != 0; }},
    {.path = "sites[].upstreams[].max_connections",
     .kind = Kind::Integer,
     .fallback = "0",
     .most = 1'000'000,
     .help = "Exchanges under way at it, of all workers; more wait in the site's `queue`. 0 is no limit.",
     .set = [](Model& m, Value&& v) { upstream(m).max_connections = static_cast<unsigned>(v.number); }},
    {.path = "sites[].balance",
     .kind = Kind::Choice,
     .fallback = "round_robin",
     .words = kRules,
     .help =
         "Which server is next: by turns (smooth, by weight), the one with the fewest exchanges under way, "
         "the less busy of two taken by chance, or always the same one for the same key.",
     .set = [](Model& m, Value&& v) { balancing(m).rule = static_cast<Balancing::Rule>(v.number); }},
    {.path = "sites[].hash_key",
     .kind = Kind::Choice,
     .fallback = "client_network",
     .words = kKeys,
     .help = "What `consistent_hash` goes by: the client's truncated address (never the full one), the path "
             "without its query, or the field `hash_header` names. Where it is not known servers take turns.",
     .set = [](Model& m, Value&& v) { balancing(m).key = static_cast<Balancing::Key>(v.number); }},
    {.path = "sites[].hash_header",
     .kind = Kind::QueryName,
     .help = "The request field for `hash_key: header`.",
     .set = [](Model& m, Value&& v) { balancing(m).key_header = std::move(v.text); }},
    {.path = "sites[].slow_start",
     .kind = Kind::Duration,
     .fallback = "0",
     .most = 3600 * kSecond,
     .help = "How long a server that came back takes to get its full share; not for `consistent_hash`.",
     .set = [](Model& m, Value&& v) { balancing(m).slow_start = to_duration(v); }},
    {.path = "sites[].retry",
     .help = "When a server fails before the first byte of its answer, another is asked, if the request may "
             "arrive twice (GET, HEAD, OPTIONS, PUT, DELETE, TRACE) or has arrived nowhere."},
    {.path = "sites[].retry.attempts",
     .kind = Kind::Integer,
     .fallback = "2",
     .most = 10,
     .help = "Tries of one request beyond the first.",
     .set = [](Model& m, Value&& v) { balancing(m).retries = static_cast<unsigned>(v.number); }},
    {.path = "sites[].retry.percent",
     .kind = Kind::Integer,
     .fallback = "20",
     .most = 100,
     .help = "How many of a worker's recent requests may be tried again, so that retries cannot multiply an "
             "overload; one a second always may, unless this is 0.",
     .set = [](Model& m, Value&& v) { balancing(m).retry_percent = static_cast<unsigned>(v.number); }},
    {.path = "sites[].queue", .help = "Requests that wait because every server is at `max_connections`."},
    {.path = "sites[].queue.length",
     .kind = Kind::Integer,
     .fallback = "100",
     .most = 100'000,
     .help = "How many may wait in a worker; more are answered 503.",
     .set = [](Model& m, Value&& v) { balancing(m).queue = v.number; }},
    {.path = "sites[].queue.timeout",
     .kind = Kind::Duration,
     .fallback = "1s",
     .least = 10,
     .most = 60 * kSecond,
     .help = "How long; then the answer is 503 with `Retry-After`.",
     .set = [](Model& m, Value&& v) { balancing(m).queue_timeout = to_duration(v); }},
};

}  // namespace

std::span<const Option> upstream_options() {
  return kOptions;
}

}  // namespace portvakt::config
