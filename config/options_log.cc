#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

constexpr std::uint64_t kMiB = 1U << 20;
constexpr std::uint64_t kSecond = 1000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kDay = std::uint64_t{24} * 3600 * 1000;

// In the order of RecordScope.
constexpr std::string_view kScopes[] = {"all", "pages"};

std::chrono::milliseconds milliseconds(const Value& value) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(value.number));
}

std::chrono::seconds seconds(const Value& value) {
  return std::chrono::duration_cast<std::chrono::seconds>(milliseconds(value));
}

constexpr Option kOptions[] = {
    {.path = "log", .help = "The visitor log: access records and consent receipts."},
    {.path = "log.spool", .help = "The queue on disk of records that have not reached their destination."},
    {.path = "log.spool.path",
     .kind = Kind::File,
     .fallback = "/var/lib/portvakt/spool",
     .help = "The spool's folder.",
     .set = [](Model& m, Value&& v) { m.log.spool.path = std::move(v.path); }},
    {.path = "log.spool.max_size",
     .kind = Kind::Size,
     .fallback = "1GiB",
     .least = kMiB,
     .most = kMiB << 20,
     .help = "Beyond it the oldest records are dropped and counted.",
     .set = [](Model& m, Value&& v) { m.log.spool.max_size = v.number; }},
    {.path = "log.spool.max_age",
     .kind = Kind::Duration,
     .fallback = "30d",
     .least = kMinute,
     .most = 3650 * kDay,
     .help = "Records that could not be delivered for so long are dropped and counted.",
     .set = [](Model& m, Value&& v) { m.log.spool.max_age = milliseconds(v); }},
    {.path = "log.spool.rotate",
     .kind = Kind::Duration,
     .fallback = "10m",
     .least = kSecond,
     .most = kDay,
     .help = "A file of the spool is closed so long after its first record, however little came, so that "
             "what it holds is deleted soon after it is delivered.",
     .set = [](Model& m, Value&& v) { m.log.spool.rotate = milliseconds(v); }},
    {.path = "log.spool.sync",
     .kind = Kind::Duration,
     .fallback = "0s",
     .most = 3600 * kSecond,
     .help =
         "How often records are forced to the disk, so that a loss of power costs no more than that; `0s`: "
         "the system writes by itself, within half a minute. A killed process loses nothing either way.",
     .set = [](Model& m, Value&& v) { m.log.spool.sync = milliseconds(v); }},
    {.path = "log.redis",
     .help = "Where records are delivered. Without it they stay in the spool.",
     .open = [](Model& m) { m.log.redis.emplace(); }},
    {.path = "log.redis.url",
     .kind = Kind::RedisUrl,
     .required = true,
     .help = "`redis://[USER:PASSWORD@]HOST[:6379][/DATABASE]`, `unix:/PATH[?db=N]`, "
             "`redis+sentinel://HOST[:26379],HOST.../MASTER-NAME[/DATABASE]` (asks the sentinels for the "
             "master and "
             "follows failovers) or `redis+cluster://HOST[:6379],HOST...`; with `rediss` for `redis` over "
             "TLS. User "
             "and password are percent-encoded and serve every server; sentinels get them only if they ask. "
             "It may "
             "hold a password, so rather `${VARIABLE}` or `file:PATH`.",
     .set = [](Model& m, Value&& v) { m.log.redis->url = std::move(v.secret); }},
    {.path = "log.redis.prefix",
     .kind = Kind::RedisPrefix,
     .fallback = "portvakt",
     .help = "What all keys begin with.",
     .set = [](Model& m, Value&& v) { m.log.redis->prefix = std::move(v.text); }},
    {.path = "log.redis.tls", .help = "Of `rediss:` URLs."},
    {.path = "log.redis.tls.ca",
     .kind = Kind::File,
     .help = "Authorities that servers are verified by (PEM); without it the system's.",
     .set = [](Model& m, Value&& v) { m.log.redis->tls.ca = std::move(v.path); }},
    {.path = "log.redis.tls.certificate",
     .kind = Kind::File,
     .help = "A certificate of ours that the server may ask for (PEM, with its chain).",
     .set = [](Model& m, Value&& v) { m.log.redis->tls.certificate = std::move(v.path); }},
    {.path = "log.redis.tls.key",
     .kind = Kind::File,
     .help = "Its key (PEM).",
     .set = [](Model& m, Value&& v) { m.log.redis->tls.key = std::move(v.path); }},
    {.path = "log.redis.tls.server_name",
     .kind = Kind::Host,
     .help = "The name that certificates must have, where the URL or the cluster names addresses.",
     .set = [](Model& m, Value&& v) { m.log.redis->tls.server_name = std::move(v.text); }},
    {.path = "log.redis.tls.verify",
     .kind = Kind::Flag,
     .fallback = "on",
     .help = "`off` takes any certificate: then anybody in between can read and change records.",
     .set = [](Model& m, Value&& v) { m.log.redis->tls.verify = v.number == 1; }},
    {.path = "log.retention",
     .kind = Kind::Duration,
     .fallback = "30d",
     .least = kDay,
     .most = 3650 * kDay,
     .help = "How long delivered records are kept; whole days are removed.",
     .set =
         [](Model& m, Value&& v) {
           m.log.retention = std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::milliseconds(static_cast<std::int64_t>(v.number)));
         }},
    {.path = "log.keep", .help = "The same for one kind of data, where it differs from `retention`."},
    {.path = "log.keep.requests",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "Access records.",
     .set = [](Model& m, Value&& v) { m.log.keep.requests = seconds(v); }},
    {.path = "log.keep.consents",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "Consent receipts.",
     .set = [](Model& m, Value&& v) { m.log.keep.consents = seconds(v); }},
    {.path = "log.keep.events",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "Clicks, downloads and the like, of visitors who consented.",
     .set = [](Model& m, Value&& v) { m.log.keep.events = seconds(v); }},
    {.path = "log.erasure", .help = "What happens when a visitor's data is erased: it is hidden at once."},
    {.path = "log.erasure.gather",
     .kind = Kind::Duration,
     .fallback = "15m",
     .most = 12 * 3600 * kSecond,
     .help = "So long hidden records may wait for further erasures, before what still holds their bytes is "
             "written anew for all of them.",
     .set = [](Model& m, Value&& v) { m.log.erasure.gather = milliseconds(v); }},
    {.path = "log.erasure.renew_files",
     .kind = Kind::Flag,
     .fallback = "on",
     .help = "Have Redis write a new dump and append-only file (`BGSAVE`, `BGREWRITEAOF`) after that. `off` "
             "waits for those that it writes by its own settings.",
     .set = [](Model& m, Value&& v) { m.log.erasure.renew_files = v.number == 1; }},
    {.path = "log.record",
     .kind = Kind::Choice,
     .fallback = "all",
     .words = kScopes,
     .help = "A record for every exchange, or for pages only.",
     .set = [](Model& m, Value&& v) { m.log.record = static_cast<RecordScope>(v.number); }},
};

}  // namespace

std::span<const Option> log_options() {
  return kOptions;
}

}  // namespace portvakt::config
