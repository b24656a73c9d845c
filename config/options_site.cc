#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

// In the order of the enumerations of the same name.
constexpr std::string_view kModes[] = {"observe", "standard", "strict"};
constexpr std::string_view kClientAddresses[] = {"truncated", "none", "full"};
constexpr std::string_view kPurposes[] = {"necessary", "functional", "analytics", "marketing"};

constexpr std::string_view kRedirects[] = {"off", "https"};

Site& site(Model& m) {
  return m.sites.back();
}

constexpr std::uint64_t kDay = std::uint64_t{24} * 3600 * 1000;

std::chrono::seconds seconds(const Value& value) {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::milliseconds(static_cast<std::int64_t>(value.number)));
}

constexpr Option kOptions[] = {
    {.path = "sites",
     .shape = Shape::List,
     .required = true,
     .help = "The websites that Portvakt stands before.",
     .open = [](Model& m) { m.sites.emplace_back(); }},
    {.path = "sites[].name",
     .kind = Kind::Name,
     .required = true,
     .help = "The site's name in records, keys and metrics: lower-case letters, digits, `.`, `_` and `-`.",
     .set = [](Model& m, Value&& v) { site(m).name = std::move(v.text); }},
    {.path = "sites[].hosts",
     .shape = Shape::List,
     .kind = Kind::Host,
     .required = true,
     .help = "Host names without port; `\"*\"` takes any host, `\"*.example.com\"` any name below it.",
     .set = [](Model& m, Value&& v) { site(m).hosts.push_back(std::move(v.text)); }},
    {.path = "sites[].time_zone",
     .kind = Kind::Text,
     .fallback = "UTC",
     .help = "Whose days and hours the reports count by, as the IANA database names it: `Europe/Oslo`. "
             "Records themselves are in UTC.",
     .set = [](Model& m, Value&& v) { site(m).time_zone = std::move(v.text); }},
    {.path = "sites[].upstreams",
     .shape = Shape::List,
     .required = true,
     .short_for = "url",
     .help = "The site's own servers; an entry may be the URL alone, as in `http://127.0.0.1:9000`.",
     .open = [](Model& m) { site(m).upstreams.emplace_back(); }},
    {.path = "sites[].upstream_tls", .help = "How `https:` upstreams are verified."},
    {.path = "sites[].upstream_tls.ca",
     .kind = Kind::File,
     .help = "Authorities to trust, in PEM. Without it: the system's.",
     .set = [](Model& m, Value&& v) { site(m).upstream_tls.ca = std::move(v.path); }},
    {.path = "sites[].upstream_tls.server_name",
     .kind = Kind::Host,
     .help = "The name to ask for and to find in the certificate. Without it: the upstream's host.",
     .set = [](Model& m, Value&& v) { site(m).upstream_tls.server_name = std::move(v.text); }},
    {.path = "sites[].redirect",
     .kind = Kind::Choice,
     .fallback = "off",
     .words = kRedirects,
     .help = "What becomes of requests in plain text: served (off), or sent to the same host and path under "
             "https (301, or 308 for methods other than GET and HEAD). ACME's challenges are not redirected.",
     .set = [](Model& m, Value&& v) { site(m).redirect = static_cast<Redirect>(v.number); }},
    {.path = "sites[].redirect_port",
     .kind = Kind::Integer,
     .fallback = "443",
     .least = 1,
     .most = 65535,
     .help = "The port where visitors find https.",
     .set = [](Model& m, Value&& v) { site(m).redirect_port = static_cast<std::uint16_t>(v.number); }},
    {.path = "sites[].hsts",
     .help = "Present: answers over https carry `Strict-Transport-Security`.",
     .open = [](Model& m) { site(m).hsts.emplace(); }},
    {.path = "sites[].hsts.max_age",
     .kind = Kind::Duration,
     .fallback = "365d",
     .help = "How long browsers ask for nothing but https; `0s` makes them forget.",
     .set =
         [](Model& m, Value&& v) {
           site(m).hsts->max_age = std::chrono::seconds(static_cast<std::int64_t>(v.number / 1000));
         }},
    {.path = "sites[].hsts.include_subdomains",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "It holds for all names below the host.",
     .set = [](Model& m, Value&& v) { site(m).hsts->include_subdomains = v.number != 0; }},
    {.path = "sites[].hsts.preload",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "The owner agrees to the browsers' preload lists.",
     .set = [](Model& m, Value&& v) { site(m).hsts->preload = v.number != 0; }},
    {.path = "sites[].hsts.replace",
     .kind = Kind::Flag,
     .fallback = "off",
     .help = "Also in place of what the upstream says; else the upstream's own header stays.",
     .set = [](Model& m, Value&& v) { site(m).hsts->replace = v.number != 0; }},
    {.path = "sites[].mode",
     .kind = Kind::Choice,
     .fallback = "standard",
     .words = kModes,
     .help = "What happens to third parties: only counted (observe), held back when known and not granted "
             "(standard), "
             "held back when unknown as well (strict).",
     .set = [](Model& m, Value&& v) { site(m).mode = static_cast<Mode>(v.number); }},
    {.path = "sites[].filter",
     .kind = Kind::Flag,
     .fallback = "on",
     .help = "Off: a plain proxy that only truncates addresses and logs.",
     .set = [](Model& m, Value&& v) { site(m).filter = v.number != 0; }},
    {.path = "sites[].client_address",
     .kind = Kind::Choice,
     .fallback = "truncated",
     .words = kClientAddresses,
     .help = "What the upstream learns of the client's address. Records never hold it in full.",
     .set = [](Model& m, Value&& v) { site(m).client_address = static_cast<ClientAddress>(v.number); }},
    {.path = "sites[].address_prefix", .help = "How many bits of a client address are kept."},
    {.path = "sites[].address_prefix.ipv4",
     .kind = Kind::Integer,
     .fallback = "24",
     .most = 24,
     .help = "Of an IPv4 address; 0 keeps nothing.",
     .set = [](Model& m, Value&& v) { site(m).ipv4_prefix = static_cast<int>(v.number); }},
    {.path = "sites[].address_prefix.ipv6",
     .kind = Kind::Integer,
     .fallback = "48",
     .most = 48,
     .help = "Of an IPv6 address; 0 keeps nothing.",
     .set = [](Model& m, Value&& v) { site(m).ipv6_prefix = static_cast<int>(v.number); }},
    {.path = "sites[].consent", .help = "What the site's visitors are asked."},
    {.path = "sites[].consent.policy_version",
     .kind = Kind::Text,
     .fallback = "1",
     .help = "The privacy policy's version; another one asks every visitor again.",
     .set = [](Model& m, Value&& v) { site(m).consent.policy_version = std::move(v.text); }},
    {.path = "sites[].consent.policy_url",
     .kind = Kind::Link,
     .help = "The site's privacy policy: a path or an http(s) URL.",
     .set = [](Model& m, Value&& v) { site(m).consent.policy_url = std::move(v.text); }},
    {.path = "sites[].consent.purposes",
     .shape = Shape::List,
     .kind = Kind::Choice,
     .fallback = "[functional, analytics, marketing]",
     .words = kPurposes,
     .help =
         "The purposes that are asked for, in this order; `necessary` is always granted and never asked for.",
     .open = [](Model& m) { site(m).consent.purposes.clear(); },
     .set =
         [](Model& m, Value&& v) {
           if (v.number != 0) site(m).consent.purposes.push_back(std::move(v.text));
         }},
    {.path = "sites[].lists",
     .shape = Shape::List,
     .help = "Filter lists in Adblock syntax.",
     .open = [](Model& m) { site(m).lists.emplace_back(); }},
    {.path = "sites[].lists[].file",
     .kind = Kind::File,
     .required = true,
     .help = "The list.",
     .set = [](Model& m, Value&& v) { site(m).lists.back().file = std::move(v.path); }},
    {.path = "sites[].lists[].purpose",
     .kind = Kind::Choice,
     .required = true,
     .words = kPurposes,
     .help = "What its matches need.",
     .set = [](Model& m, Value&& v) { site(m).lists.back().purpose = std::move(v.text); }},
    {.path = "sites[].vendors",
     .shape = Shape::Map,
     .kind = Kind::Choice,
     .key_kind = Kind::VendorId,
     .words = kPurposes,
     .help = "Purposes by vendor where they differ from the catalogue, as in `{youtube: marketing}`.",
     .set = [](Model& m,
               Value&& v) { site(m).vendors.insert_or_assign(std::move(v.key), std::move(v.text)); }},
    {.path = "sites[].cookies",
     .shape = Shape::Map,
     .kind = Kind::Choice,
     .key_kind = Kind::CookiePattern,
     .words = kPurposes,
     .help = "Purposes by cookie name; `*` stands for any characters.",
     .set = [](Model& m,
               Value&& v) { site(m).cookies.insert_or_assign(std::move(v.key), std::move(v.text)); }},
    {.path = "sites[].log", .help = "What the site's records hold."},
    {.path = "sites[].log.events",
     .kind = Kind::Flag,
     .fallback = "on",
     .help = "Clicks that lead away, downloads, forms, navigation inside a page and time on it are told by a "
             "small script, of visitors with analytics consent only. Off: no script, no events.",
     .set = [](Model& m, Value&& v) { site(m).log.events = v.number != 0; }},
    {.path = "sites[].log.query_allow",
     .shape = Shape::List,
     .kind = Kind::QueryName,
     .help = "Query parameters whose values may be recorded. Without it: none.",
     .set = [](Model& m, Value&& v) { site(m).log.query_allow.push_back(std::move(v.text)); }},
    {.path = "sites[].log.keep", .help = "`log.keep` for this site, where it differs."},
    {.path = "sites[].log.keep.requests",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "How long access records are kept.",
     .set = [](Model& m, Value&& v) { site(m).log.keep.requests = seconds(v); }},
    {.path = "sites[].log.keep.consents",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "How long consent receipts are kept.",
     .set = [](Model& m, Value&& v) { site(m).log.keep.consents = seconds(v); }},
    {.path = "sites[].log.keep.events",
     .kind = Kind::Duration,
     .least = kDay,
     .most = 3650 * kDay,
     .help = "How long clicks, downloads and the like are kept.",
     .set = [](Model& m, Value&& v) { site(m).log.keep.events = seconds(v); }},
};

}  // namespace

std::span<const Option> site_options() {
  return kOptions;
}

}  // namespace portvakt::config
