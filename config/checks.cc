#include "config/checks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "config/address_value.h"
#include "config/banner_checks.h"
#include "config/law_checks.h"
#include "config/secret_mask.h"

namespace portvakt::config {
namespace {

using Severity = Diagnostic::Severity;

std::string item(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

class OptionChecks {
 public:
  OptionChecks(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {}

  void check_listeners() {
    std::map<std::string, std::string> seen;
    for (std::size_t i = 0; i < model_.listeners.size(); ++i) {
      claim(seen, model_.listeners[i].address, item("listen", i) + ".address");
      if (model_.listeners[i].proxy_protocol && model_.trusted_proxies.empty()) {
        error(item("listen", i) + ".proxy_protocol", "nobody could connect: `trusted_proxies` is not set",
              "name the networks of the proxies that send PROXY headers");
      }
    }
    if (model_.admin) claim(seen, *model_.admin, "admin.address");
    check_admin();
    for (std::size_t i = 0; i < model_.trusted_proxies.size(); ++i) {
      const auto& network = model_.trusted_proxies[i];
      if (!contains_everybody(network)) continue;
      warn(item("trusted_proxies", i), "this trusts everybody: any client can then claim any address",
           "name the networks of your own proxies");
    }
  }

  void check_consent() {
    const auto& consent = model_.consent;
    if (!consent.regions.empty() && model_.geo.country.empty()) {
      warn("consent.regions", "without `geo.country` no visitor's country is known: `regions` has no effect",
           "name a country database under `geo`");
    }
    check_keys();
  }

  void check_log() {
    if (model_.log.redis) check_redis(*model_.log.redis);
  }

  void check_redis(const Redis& redis) {
    if (is_open_redis(redis.url.value)) {
      warn("log.redis.url", "records and the password travel unencrypted to another machine",
           "use `rediss:`, or a socket of this machine");
    }
    const bool tls = is_redis_over_tls(redis.url.value);
    if (!tls && !redis.url.value.empty() && redis.tls != RedisTls()) {
      warn("log.redis.tls", "the URL does not ask for TLS: this has no effect",
           "write `rediss:` instead of `redis:`");
    }
    if (!redis.tls.verify) {
      warn("log.redis.tls.verify",
           "`off` takes any certificate: anybody in between can read and change records",
           "name the authority under `ca` instead");
    }
    if (redis.tls.certificate.empty() != redis.tls.key.empty()) {
      error("log.redis.tls", "a certificate of ours needs its key, and a key its certificate",
            "name both files, or none");
    }
  }

  void check_sites() {
    std::map<std::string, std::string> names;
    for (std::size_t i = 0; i < model_.sites.size(); ++i) {
      const auto& site = model_.sites[i];
      const auto path = item("sites", i);
      if (!site.name.empty() && !names.emplace(site.name, path).second) {
        error(path + ".name", "the name " + in_backticks(site.name) + " is taken by another site",
              "give each site a name of its own; records are kept by it");
      }
      check_hosts(site, path);
      check_upstreams(site, path);
      check_balancing(site, path);
      check_rules(site, path);
      check_https(site, path);
      check_purposes(site, path);
      check_sharing(site, path + ".consent");
      check_banner(site, path, model_.places, diagnostics_);
    }
  }

 private:
  void error(std::string_view path, std::string text, std::string suggestion = {}) {
    diagnostics_.add(model_.places.at(path, Severity::Error, std::move(text), std::move(suggestion)));
  }
  void warn(std::string_view path, std::string text, std::string suggestion = {}) {
    diagnostics_.add(model_.places.at(path, Severity::Warning, std::move(text), std::move(suggestion)));
  }

  static std::string key_of(const ListenAddress& address) {
    if (address.is_unix()) return address.socket.string();
    return address.tcp.host + " " + std::to_string(address.tcp.port);
  }

  static bool contains_everybody(const IpNetwork& network) {
    const bool v4 =
        network.contains(IpAddress::v4({1, 0, 0, 1})) && network.contains(IpAddress::v4({223, 0, 0, 1}));
    std::array<std::uint8_t, 16> low{0x20, 0x01};
    std::array<std::uint8_t, 16> high{0x3f, 0xff};
    const bool v6 = network.contains(IpAddress::v6(low)) && network.contains(IpAddress::v6(high));
    return v4 || v6;
  }

  void claim(std::map<std::string, std::string>& seen, const ListenAddress& address,
             const std::string& path) {
    if (!address.is_unix() && address.tcp.port == 0) return;
    const auto [taken, is_new] = seen.emplace(key_of(address), path);
    if (!is_new)
      error(path, "this address is already used by `" + taken->second + "`", "choose another port");
  }

  void check_admin() {
    // The kernel's limit on a socket's name, its final zero included.
    constexpr std::size_t kLongestSocket = 107;
    if (!model_.admin) return;
    if (model_.admin->is_unix()) {
      if (model_.admin->socket.string().size() > kLongestSocket) {
        error("admin.address", "the socket's path is longer than 107 bytes", "choose a shorter one");
      }
      return;
    }
    const auto address = IpAddress::parse(model_.admin->tcp.host);
    if (address && !address->is_loopback()) {
      warn("admin.address", "other machines can reach the admin listener, which asks for no password",
           "use 127.0.0.1, [::1] or a `unix:` socket");
    }
  }

  void check_keys() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < model_.consent.signing_keys.size(); ++i) {
      const auto& key = model_.consent.signing_keys[i];
      if (seen.insert(key.file.empty() ? "=" + key.value : key.file.string()).second) continue;
      error(item("consent.signing_keys", i), "this key is given twice", "remove one of them");
    }
  }

  void check_hosts(const Site& site, const std::string& path) {
    for (std::size_t i = 0; i < site.hosts.size(); ++i) {
      const auto [taken, is_new] = hosts_.emplace(site.hosts[i], site.name);
      if (is_new) continue;
      error(item(path + ".hosts", i),
            "the host " + in_backticks(site.hosts[i]) + " is already served by site " +
                in_backticks(taken->second),
            "a host belongs to one site");
    }
  }

  void check_upstreams(const Site& site, const std::string& path) {
    for (std::size_t i = 0; i < site.upstreams.size(); ++i) {
      const auto& upstream = site.upstreams[i].address;
      const bool own = std::ranges::any_of(model_.listeners, [&](const Listener& listener) {
        return upstream.port != 0 && listener.address.tcp.port == upstream.port &&
               listener.address.tcp.host == upstream.host;
      });
      const bool twice = std::any_of(
          site.upstreams.begin(), site.upstreams.begin() + static_cast<long>(i), [&](const Upstream& other) {
            return other.scheme == site.upstreams[i].scheme && other.address.host == upstream.host &&
                   other.address.port == upstream.port;
          });
      if (twice && !upstream.host.empty())
        error(item(path + ".upstreams", i), "this upstream is given twice", "give it a `weight` instead");
      if (own)
        error(item(path + ".upstreams", i), "this upstream is Portvakt itself", "name the site's own server");
    }
  }

  void check_balancing(const Site& site, const std::string& path) {
    const auto& balancing = site.balancing;
    const bool by_header = balancing.key == Balancing::Key::Header;
    if (by_header && balancing.key_header.empty())
      error(path + ".hash_key", "`hash_header` is missing", "name the request field to hash");
    const bool hashes = balancing.rule == Balancing::Rule::ConsistentHash;
    if (!hashes && (by_header || balancing.key != Balancing::Key::ClientNetwork))
      warn(path + ".hash_key", "without `balance: consistent_hash` this has no effect");
    const bool all_backup = !site.upstreams.empty() &&
                            std::ranges::all_of(site.upstreams, [](const auto& one) { return one.backup; });
    if (all_backup)
      error(path + ".upstreams", "every upstream is a backup", "leave `backup` out of the usual ones");
  }

  void check_rules(const Site& site, const std::string& path) {
    const bool rules = !site.lists.empty() || !site.vendors.empty() || !site.cookies.empty();
    if (!site.filter && rules) {
      warn(path + ".filter", "`filter: off` leaves `lists`, `vendors` and `cookies` without effect");
    }
  }

  /// Browsers refuse a cookie for a domain that the host does not belong to: no choice would ever be kept.
  void check_sharing(const Site& site, const std::string& path) {
    const auto& domain = site.consent.cookie_domain;
    if (domain.empty()) return;
    if (domain.find('.') == std::string::npos || domain.starts_with('*'))
      return error(path + ".cookie_domain", "browsers keep no cookie for it",
                   "name a domain such as example.com");
    for (const auto& host : site.hosts) {
      if (host == domain || host.ends_with("." + domain)) continue;
      error(path + ".cookie_domain", "the host " + in_backticks(host) + " does not belong to it",
            "make it a site of its own");
    }
  }

  void check_https(const Site& site, const std::string& path) {
    const bool encrypted =
        std::ranges::any_of(model_.listeners, [](const Listener& listener) { return listener.is_tls(); });
    if (site.redirect == Redirect::Https && !encrypted && model_.trusted_proxies.empty()) {
      warn(path + ".redirect", "no listener speaks TLS: visitors are sent to something else",
           "give a listener `tls`, or name the proxy that speaks TLS under `trusted_proxies`");
    }
    const bool listed = site.hsts && site.hsts->preload;
    if (listed && (!site.hsts->include_subdomains || site.hsts->max_age < std::chrono::hours{24 * 365})) {
      warn(path + ".hsts.preload", "preload lists ask for `include_subdomains` and a `max_age` of 365 days");
    }
    const bool own = !site.upstream_tls.ca.empty() || !site.upstream_tls.server_name.empty();
    const bool https = std::ranges::any_of(
        site.upstreams, [](const Upstream& one) { return one.scheme == Upstream::Scheme::Https; });
    if (site.upstream_tls.server_name.starts_with('*')) {
      error(path + ".upstream_tls.server_name", "a pattern is no name to ask for", "write one host name");
    }
    if (own && !https) warn(path + ".upstream_tls", "no upstream of this site is `https:`");
  }

  void check_purposes(const Site& site, const std::string& path) {
    std::set<std::string_view> asked = {"necessary"};
    for (std::size_t i = 0; i < site.consent.purposes.size(); ++i) {
      if (asked.insert(site.consent.purposes[i]).second) continue;
      error(item(path + ".consent.purposes", i), in_backticks(site.consent.purposes[i]) + " is given twice",
            "remove one of them");
    }
    const auto check_one = [&](const std::string& at, const std::string& purpose) {
      if (purpose.empty() || asked.contains(purpose)) return;  // empty: it was refused
      warn(at, "the site never asks for `" + purpose + "`, so this is always held back",
           "add it to `consent.purposes` or choose another purpose");
    };
    for (std::size_t i = 0; i < site.lists.size(); ++i) {
      check_one(item(path + ".lists", i) + ".purpose", site.lists[i].purpose);
    }
    const auto vendors = path + ".vendors.";
    for (const auto& [vendor, purpose] : site.vendors) check_one(vendors + vendor, purpose);
    const auto cookies = path + ".cookies.";
    for (const auto& [cookie, purpose] : site.cookies) check_one(cookies + displayable(cookie), purpose);
  }

  const Model& model_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::string> hosts_;
};

}  // namespace

void check_options(const Model& model, Diagnostics& diagnostics) {
  OptionChecks checks(model, diagnostics);
  checks.check_listeners();
  checks.check_consent();
  checks.check_log();
  checks.check_sites();
  check_law(model, diagnostics);
}

}  // namespace portvakt::config
