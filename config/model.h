// What a configuration file said, as plain values with their defaults: the only thing the rest of the program
// knows of the file. No behaviour, no compiled rules: proxy/server turns a Model into a snapshot. Paths are
// resolved against the file's folder; sizes are bytes; purposes are their lower-case names. Values: copied at
// will, on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/banner_theme.h"
#include "config/places.h"
#include "proxy/base/address.h"
#include "proxy/base/result.h"

namespace portvakt::config {

/// Where to listen: a TCP address, or a Unix socket when `socket` is not empty.
struct ListenAddress {
  HostPort tcp;
  std::filesystem::path socket;

  bool is_unix() const { return !socket.empty(); }
};

/// A value that no message may show: given as text (possibly from the environment) or as the file that holds
/// it. config::load() fills `value` from `file`, except for consent keys, whose files are made on first
/// start.
struct Secret {
  std::string value;
  std::filesystem::path file;

  bool empty() const { return value.empty() && file.empty(); }
};

struct Certificate {
  std::filesystem::path certificate;  // PEM, leaf first
  std::filesystem::path key;          // PEM
};

enum class TlsProfile : std::uint8_t { Intermediate, Modern };

struct Listener {
  ListenAddress address;
  std::vector<Certificate> certificates;  // not empty: TLS, the first one is the answer to an unknown name
  TlsProfile tls_profile = TlsProfile::Intermediate;

  bool proxy_protocol = false;  // connections begin with a PROXY header

  bool is_tls() const { return !certificates.empty(); }
};

struct Geo {
  std::filesystem::path country;  // MMDB; empty: no country
  std::filesystem::path network;  // MMDB; empty: no network name
};

/// What holds in a region before the visitor has chosen.
enum class RegionRule : std::uint8_t { OptIn, OptOut, Notice };

struct Consent {
  std::vector<Secret> signing_keys;  // the first signs, all verify; never empty after reading
  std::string path = "/.privacy/";   // begins and ends with a slash
  RegionRule default_region = RegionRule::OptIn;
  std::map<std::string, RegionRule, std::less<>> regions;  // by ISO 3166 country code, upper case
  bool do_not_track = false;                               // DNT: 1 counts as Sec-GPC: 1
};

struct Spool {
  std::filesystem::path path = "/var/lib/portvakt/spool";  // a folder
  std::uint64_t max_size = std::uint64_t{1} << 30;
  std::chrono::milliseconds max_age = std::chrono::hours{24 * 30};
  std::chrono::milliseconds rotate = std::chrono::minutes{10};
  std::chrono::milliseconds sync{0};  // 0: when the system writes by itself

  friend bool operator==(const Spool&, const Spool&) = default;
};

/// How servers of `rediss:` URLs are verified, and who we are to them.
struct RedisTls {
  std::filesystem::path ca = {};           // PEM; empty: the system's authorities
  std::filesystem::path certificate = {};  // ours, PEM; empty: none
  std::filesystem::path key = {};
  std::string server_name = {};  // in the server's certificate; empty: the URL's host
  bool verify = true;

  friend bool operator==(const RedisTls&, const RedisTls&) = default;
};

struct Redis {
  Secret url;  // redis:, rediss:, unix:, redis+sentinel:, redis+cluster:
  std::string prefix = "portvakt";
  RedisTls tls = {};
};

enum class RecordScope : std::uint8_t { All, Pages };

/// How long each kind of data is kept, where that differs from what holds otherwise.
struct Keep {
  std::optional<std::chrono::seconds> requests;
  std::optional<std::chrono::seconds> consents;
  std::optional<std::chrono::seconds> events;

  friend bool operator==(const Keep&, const Keep&) = default;
};

struct Erasure {
  std::chrono::milliseconds gather = std::chrono::minutes{15};
  bool renew_files = true;

  friend bool operator==(const Erasure&, const Erasure&) = default;
};

struct Log {
  Spool spool;
  std::optional<Redis> redis;  // empty: records stay in the spool
  std::chrono::seconds retention = std::chrono::hours{24 * 30};
  Keep keep;
  Erasure erasure;
  RecordScope record = RecordScope::All;
};

/// The reports: who may reach them, and how readers are known.
struct Insights {
  std::vector<std::string> hosts;  // besides this machine's own names
  std::string sign_on_header;      // empty: readers sign in here
  std::vector<IpNetwork> sign_on_from;
};

struct Limits {
  std::chrono::milliseconds header_timeout = std::chrono::seconds{10};  // a whole request head
  std::chrono::milliseconds idle_timeout =
      std::chrono::seconds{60};  // between requests, and between body bytes
  std::chrono::milliseconds handshake_timeout = std::chrono::seconds{10};  // TLS with a client
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{5};     // to an upstream
  std::chrono::milliseconds response_timeout =
      std::chrono::seconds{60};                                        // until the upstream's response head
  std::chrono::milliseconds tunnel_timeout = std::chrono::hours{1};    // nothing moves in a WebSocket
  std::chrono::milliseconds drain_timeout = std::chrono::seconds{30};  // for running exchanges at shutdown
  std::chrono::milliseconds drain_delay{0};  // between not ready and no longer listening
  std::uint64_t max_header_bytes = 32U << 10;
  std::uint64_t max_header_count = 100;
  std::uint64_t max_request_line = 8U << 10;
  std::uint64_t max_body = 0;                                          // of a request; 0: unlimited
  std::chrono::milliseconds write_timeout = std::chrono::seconds{60};  // for a client to take something
  std::uint64_t min_upload_rate = 240;                                 // bytes per second; 0: any
  std::chrono::milliseconds upload_grace = std::chrono::seconds{10};
  std::uint64_t min_download_rate = 240;  // bytes per second; 0: any
  std::chrono::milliseconds download_grace = std::chrono::seconds{60};
  std::uint64_t max_requests_per_connection = 100000;        // 0: any number
  std::optional<std::uint64_t> max_connections;              // empty: by the descriptors that we may open
  std::optional<std::uint64_t> max_connections_per_network;  // empty: half of all; 0: any number
  std::optional<std::uint64_t> max_buffered;                 // bytes; empty: a quarter of the memory
  std::uint64_t max_connection_buffer = 8U << 20;
  std::uint64_t http2_max_streams = 128;
  std::uint64_t http2_stream_window = 64U << 10;
  std::uint64_t http2_connection_window = 256U << 10;
  std::uint64_t upstream_idle_connections = 128;  // of one worker to one upstream
  std::chrono::milliseconds upstream_idle_timeout = std::chrono::seconds{30};
};

struct Upstream {
  enum class Scheme : std::uint8_t { Http, Https };
  Scheme scheme = Scheme::Http;
  HostPort address;
  unsigned weight = 1;
  bool backup = false;           // asked only when no other is up
  unsigned max_connections = 0;  // 0: any number
};

/// How a site's upstreams share its requests.
struct Balancing {
  enum class Rule : std::uint8_t { RoundRobin, LeastConnections, RandomTwo, ConsistentHash };
  enum class Key : std::uint8_t { ClientNetwork, Path, Header };
  Rule rule = Rule::RoundRobin;
  Key key = Key::ClientNetwork;
  std::string key_header;
  std::chrono::milliseconds slow_start{0};
  unsigned retries = 2;         // of one exchange
  unsigned retry_percent = 20;  // of all
  std::uint64_t queue = 100;
  std::chrono::milliseconds queue_timeout{1000};
};

enum class Mode : std::uint8_t { Observe, Standard, Strict };
enum class ClientAddress : std::uint8_t { Truncated, None, Full };

/// Interfaces of consent tools that pages may call, in front of ours.
enum class ConsentDialect : std::uint8_t { Cookiebot, CookieConsent, Klaro, OneTrust };

struct SiteConsent {
  std::string policy_version = "1";
  std::string policy_url;                                                        // empty: no link
  std::vector<std::string> purposes = {"functional", "analytics", "marketing"};  // asked for, in this order
  std::vector<std::string> vendors;  // that the banner lists by name
  Authority authority;               // empty: that of the visitor's country
  BannerTheme banner;
  std::vector<ConsentDialect> dialects;
  bool clear_storage = false;  // Clear-Site-Data: "storage" when something is withdrawn
  std::chrono::seconds granted_life = std::chrono::hours{24 * 180};
  std::chrono::seconds refused_life = std::chrono::hours{24 * 180};
  std::string cookie_domain;  // empty: each host for itself
};

/// Whether a vendor's data-processing agreement (GDPR article 28) is there.
enum class Agreement : std::uint8_t { Signed, None };
enum class UnsignedVendors : std::uint8_t { Named, All, Off };

/// What is held back whatever visitors choose.
struct Hold {
  UnsignedVendors unsigned_vendors = UnsignedVendors::Named;
  std::vector<std::string> countries;  // ISO 3166, upper case
  bool outside_eea = false;
  bool identification = false;     // vendors that tell who a visitor is
  std::vector<std::string> paths;  // sensitive pages; `*` stands for any characters
};

/// An Adblock-syntax list whose matches need a purpose.
struct FilterListFile {
  std::filesystem::path file;
  std::string purpose;
};

/// Strict-Transport-Security, which Portvakt adds over https.
struct Hsts {
  std::chrono::seconds max_age = std::chrono::hours{24 * 365};
  bool include_subdomains = false;
  bool preload = false;
  bool replace = false;  // what the upstream says
};

/// How `https:` upstreams are known.
struct UpstreamTls {
  std::filesystem::path ca;  // PEM; empty: the system's authorities
  std::string server_name;   // empty: the upstream's host
};

enum class Redirect : std::uint8_t { Off, Https };

struct SiteLog {
  bool events = true;  // clicks, downloads, forms and time of visitors with analytics consent
  Keep keep;
  std::vector<std::string> query_allow;  // names of query parameters that may be logged
};

struct Site {
  std::string name;
  std::vector<std::string> hosts;  // lower case; "*" takes any host, "*.example.com" any subdomain
  std::string time_zone = "UTC";   // of the reports' days
  std::vector<Upstream> upstreams;
  Balancing balancing;
  Mode mode = Mode::Standard;
  bool filter = true;  // off: a plain proxy that only truncates addresses and logs
  ClientAddress client_address = ClientAddress::Truncated;
  int ipv4_prefix = 24;  // bits kept of a client address
  int ipv6_prefix = 48;
  Redirect redirect = Redirect::Off;
  std::uint16_t redirect_port = 443;
  std::optional<Hsts> hsts;
  UpstreamTls upstream_tls;
  SiteConsent consent;
  std::vector<FilterListFile> lists;
  std::map<std::string, std::string, std::less<>> vendors;   // vendor of the catalogue -> purpose
  std::map<std::string, std::string, std::less<>> cookies;   // cookie name pattern -> purpose
  std::map<std::string, Agreement, std::less<>> agreements;  // by vendor of the catalogue
  Hold hold;
  SiteLog log;
};

struct Model {
  std::vector<Listener> listeners;
  std::chrono::milliseconds certificate_check = std::chrono::minutes{1};  // looks for changed files
  int workers = 0;                                                        // 0: one per core
  std::vector<IpNetwork> trusted_proxies;
  std::optional<ListenAddress> admin;
  Geo geo;
  Consent consent;
  Log log;
  Insights insights;
  Limits limits;
  std::vector<Site> sites;
  std::filesystem::path acme_directory;  // answers to ACME's challenges; empty: not served
  std::filesystem::path vendors_file;    // empty: the shipped catalogue
  std::filesystem::path locales;         // a folder; empty: the shipped locales

  /// For diagnostics about options after reading; knows nothing in a model made in code.
  Places places;
};

/// The configuration of `portvakt run --upstream URL [--listen ADDRESS]`: one site named `site` for any host.
/// Its state lies under the user's state folder, so that no privilege is needed.
Result<Model> quick_model(std::string_view upstream, std::string_view listen = "127.0.0.1:8080");

}  // namespace portvakt::config
