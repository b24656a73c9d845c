#include "proxy/logs/redis/redis_url.h"

#include "proxy/base/ascii.h"

namespace portvakt::logs {
namespace {

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;
constexpr std::uint64_t kMostDatabases = 16384;
constexpr std::size_t kMostHosts = 64;

struct Scheme {
  std::string_view text;
  RedisUrl::Kind kind;
  bool tls;
  std::uint16_t port;
};

constexpr Scheme kSchemes[] = {
    {"redis://", RedisUrl::Kind::Server, false, kRedisPort},
    {"rediss://", RedisUrl::Kind::Server, true, kRedisPort},
    {"redis+sentinel://", RedisUrl::Kind::Sentinel, false, kSentinelPort},
    {"rediss+sentinel://", RedisUrl::Kind::Sentinel, true, kSentinelPort},
    {"redis+cluster://", RedisUrl::Kind::Cluster, false, kRedisPort},
    {"rediss+cluster://", RedisUrl::Kind::Cluster, true, kRedisPort},
};

tl::unexpected<Error> invalid(std::string detail) {
  return failure(ErrorKind::Invalid, std::move(detail));
}

/// Percent-decoding (RFC 3986 section 2.1); empty if a `%` is not followed by two digits or stands for NUL.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = ascii::hex_value(text[i + 1]), low = ascii::hex_value(text[i + 2]);
    if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool read_database(std::string_view digits, RedisUrl& url) {
  const auto number = ascii::parse_uint(digits);
  if (!number || *number > kMostDatabases) return false;
  url.database = static_cast<int>(*number);
  return true;
}

bool read_user(std::string_view user_and_password, RedisUrl& url) {
  const std::size_t colon = user_and_password.find(':');
  if (colon == std::string_view::npos) return false;
  const auto user = percent_decoded(user_and_password.substr(0, colon));
  const auto password = percent_decoded(user_and_password.substr(colon + 1));
  if (!user || !password || password->empty()) return false;
  url.user = *user;
  url.password = *password;
  return true;
}

/// Takes `user:password@` off the front.
Result<void> take_sign_in(std::string_view& authority, RedisUrl& url) {
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return {};
  if (!read_user(authority.substr(0, at), url)) {
    return invalid("the Redis URL's sign-in must be user:password@ or :password@, percent-encoded");
  }
  authority.remove_prefix(at + 1);
  return {};
}

/// `host[:port]`, and where `many` are allowed, further ones behind commas.
Result<void> read_hosts(std::string_view text, std::uint16_t port, bool many, RedisUrl& url) {
  while (true) {
    const std::size_t comma = many ? text.find(',') : std::string_view::npos;
    const auto place = HostPort::parse(text.substr(0, comma), port);
    if (!place || place->host.empty() || ascii::contains(place->host, ",") || url.others.size() >= kMostHosts)
      return invalid("the Redis URL must name a host: redis://host:port/database");
    if (url.host.empty()) {
      url.host = place->host;
      url.port = place->port;
    } else {
      url.others.push_back(*place);
    }
    if (comma == std::string_view::npos) return {};
    text.remove_prefix(comma + 1);
  }
}

/// What follows the hosts, without its slash.
Result<void> read_path(std::string_view path, RedisUrl& url) {
  if (url.kind == RedisUrl::Kind::Cluster) {
    if (path.empty() || path == "0") return {};
    return invalid("a Redis cluster has no database but 0: end the URL after its hosts");
  }
  if (url.kind == RedisUrl::Kind::Sentinel) {
    const std::size_t slash = path.find('/');
    const auto name = percent_decoded(path.substr(0, slash));
    if (!name || name->empty())
      return invalid("the Redis URL must name the master: redis+sentinel://host:port/master-name/database");
    url.master = *name;
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  if (path.empty() || read_database(path, url)) return {};
  return invalid("the Redis URL's database must be a number");
}

Result<RedisUrl> read_hosted(std::string_view rest, const Scheme& scheme) {
  RedisUrl url;
  url.kind = scheme.kind;
  url.tls = scheme.tls;
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (auto taken = take_sign_in(authority, url); !taken) return tl::unexpected(taken.error());
  const bool several = scheme.kind != RedisUrl::Kind::Server;
  if (auto read = read_hosts(authority, scheme.port, several, url); !read)
    return tl::unexpected(read.error());
  if (auto read = read_path(path, url); !read) return tl::unexpected(read.error());
  return url;
}

Result<RedisUrl> read_unix(std::string_view rest) {
  RedisUrl url;
  if (rest.substr(0, 2) == "//") rest.remove_prefix(2);  // unix:///path as well as unix:/path
  const std::size_t query = rest.find('?');
  const std::string_view path = rest.substr(0, query);
  if (path.empty() || path[0] != '/') return invalid("a unix: Redis URL needs an absolute path");
  if (path.size() > 107)
    return invalid("the path of the Redis socket is longer than the 107 bytes that a socket allows");
  url.socket_path = path;
  if (query == std::string_view::npos) return url;
  const std::string_view option = rest.substr(query + 1);
  if (option.substr(0, 3) != "db=" || !read_database(option.substr(3), url)) {
    return invalid("the only option of a unix: Redis URL is ?db=number");
  }
  return url;
}

}  // namespace

std::string RedisUrl::place() const {
  if (is_unix()) return socket_path;
  std::string text = master;
  if (!master.empty()) text += " of ";
  for (const HostPort& one : hosts()) {
    if (!text.empty() && !text.ends_with(' ')) text += ',';
    const bool v6 = one.host.find(':') != std::string::npos;
    text += (v6 ? "[" + one.host + "]" : one.host) + ":" + std::to_string(one.port);
  }
  return text;
}

RedisUrl RedisUrl::at(const HostPort& where) const {
  RedisUrl one = *this;
  one.kind = Kind::Server;
  one.host = where.host;
  one.port = where.port;
  one.others.clear();
  one.master.clear();
  return one;
}

std::vector<HostPort> RedisUrl::hosts() const {
  std::vector<HostPort> all = {{host, port}};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

Result<RedisUrl> parse_redis_url(std::string_view text) {
  for (const Scheme& scheme : kSchemes) {
    if (ascii::istarts_with(text, scheme.text)) return read_hosted(text.substr(scheme.text.size()), scheme);
  }
  constexpr std::string_view kUnix = "unix:";
  if (ascii::istarts_with(text, kUnix)) return read_unix(text.substr(kUnix.size()));
  return invalid(
      "a Redis URL begins with redis://, rediss://, unix:/, redis+sentinel:// or redis+cluster://");
}

}  // namespace portvakt::logs
