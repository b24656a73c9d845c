#include <utility>

#include "config/option.h"

namespace portvakt::config {
namespace {

// In the order of the enumeration of the same name.
constexpr std::string_view kTlsProfiles[] = {"intermediate", "modern"};

// In the order of false and true.
constexpr std::string_view kProxyProtocol[] = {"off", "required"};

constexpr Option kOptions[] = {
    {.path = "listen",
     .shape = Shape::List,
     .required = true,
     .help = "The addresses that visitors reach.",
     .open = [](Model& m) { m.listeners.emplace_back(); }},
    {.path = "listen[].address",
     .kind = Kind::TcpAddress,
     .required = true,
     .help = "IP address and port; `0.0.0.0` and `[::]` are all interfaces, port 0 takes a free one.",
     .set = [](Model& m, Value&& v) { m.listeners.back().address = std::move(v.address); }},
    {.path = "listen[].proxy_protocol",
     .kind = Kind::Choice,
     .fallback = "off",
     .words = kProxyProtocol,
     .help = "Required: each connection begins with a PROXY protocol header (version 1 or 2) that names the "
             "client, and comes from `trusted_proxies`; any other is closed.",
     .set = [](Model& m, Value&& v) { m.listeners.back().proxy_protocol = v.number != 0; }},
    {.path = "listen[].tls", .help = "Present: the listener speaks TLS."},
    {.path = "listen[].tls.profile",
     .kind = Kind::Choice,
     .fallback = "intermediate",
     .words = kTlsProfiles,
     .help = "Mozilla's recommendation of that name: TLS 1.2 and 1.3 (intermediate), 1.3 alone (modern).",
     .set = [](Model& m, Value&& v) { m.listeners.back().tls_profile = static_cast<TlsProfile>(v.number); }},
    {.path = "listen[].tls.certificates",
     .shape = Shape::List,
     .required = true,
     .help = "The certificates to choose from by server name; the first answers unknown names. RSA and "
             "ECDSA ones of the same names serve side by side.",
     .open = [](Model& m) { m.listeners.back().certificates.emplace_back(); }},
    {.path = "listen[].tls.certificates[].certificate",
     .kind = Kind::File,
     .required = true,
     .help = "Certificate chain in PEM, the site's own certificate first.",
     .set = [](Model& m,
               Value&& v) { m.listeners.back().certificates.back().certificate = std::move(v.path); }},
    {.path = "listen[].tls.certificates[].key",
     .kind = Kind::File,
     .required = true,
     .help = "The certificate's private key in PEM.",
     .set = [](Model& m, Value&& v) { m.listeners.back().certificates.back().key = std::move(v.path); }},
    {.path = "certificate_check",
     .kind = Kind::Duration,
     .fallback = "1m",
     .least = 1000,
     .most = 86'400'000,
     .help = "How often certificate files are looked at; changed ones are taken into use without a reload.",
     .set = [](Model& m, Value&& v) { m.certificate_check = std::chrono::milliseconds(v.number); }},
    {.path = "acme", .help = "For ACME clients that prove a name by http-01."},
    {.path = "acme.directory",
     .kind = Kind::File,
     .required = true,
     .help = "The folder that the client writes to: a token's file lies in it or in "
             "`.well-known/acme-challenge/` below it. Served for every site's host, before any redirect.",
     .set = [](Model& m, Value&& v) { m.acme_directory = std::move(v.path); }},
    {.path = "workers",
     .kind = Kind::Integer,
     .least = 1,
     .most = 1024,
     .help = "Worker threads. Without it: one per core.",
     .set = [](Model& m, Value&& v) { m.workers = static_cast<int>(v.number); }},
    {.path = "trusted_proxies",
     .shape = Shape::List,
     .kind = Kind::Network,
     .help = "Networks whose `Forwarded` and `X-Forwarded-For` are believed, and who may send PROXY headers. "
             "Without it: none.",
     .set = [](Model& m, Value&& v) { m.trusted_proxies.push_back(v.network); }},
    {.path = "admin",
     .help = "Health, metrics, inventory and reload. Without it there is no admin listener."},
    {.path = "admin.address",
     .kind = Kind::AdminAddress,
     .required = true,
     .help = "Loopback address and port, or `unix:` and the path of a socket.",
     .set = [](Model& m, Value&& v) { m.admin = std::move(v.address); }},
    {.path = "geo", .help = "MaxMind databases, read before the address is truncated."},
    {.path = "geo.country",
     .kind = Kind::File,
     .help = "Database of countries.",
     .set = [](Model& m, Value&& v) { m.geo.country = std::move(v.path); }},
    {.path = "geo.network",
     .kind = Kind::File,
     .help = "Database of network operators (ASN).",
     .set = [](Model& m, Value&& v) { m.geo.network = std::move(v.path); }},
    {.path = "vendors_file",
     .kind = Kind::File,
     .help = "Vendor catalogue to use in place of the shipped one.",
     .set = [](Model& m, Value&& v) { m.vendors_file = std::move(v.path); }},
    {.path = "locales",
     .kind = Kind::File,
     .help = "Folder of texts by language to use in place of the shipped ones.",
     .set = [](Model& m, Value&& v) { m.locales = std::move(v.path); }},
};

}  // namespace

std::span<const Option> server_options() {
  return kOptions;
}

}  // namespace portvakt::config
