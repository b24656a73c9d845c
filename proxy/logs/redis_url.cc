#include "proxy/logs/redis_url.h"

#include "proxy/base/address.h"
#include "proxy/base/ascii.h"

namespace portvakt::logs {
namespace {

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint64_t kMostDatabases = 16384;

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

Result<RedisUrl> read_tcp(std::string_view rest) {
  RedisUrl url;
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos && slash + 1 < rest.size() &&
      !read_database(rest.substr(slash + 1), url)) {
    return invalid("the Redis URL's database must be a number");
  }
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    if (!read_user(authority.substr(0, at), url)) {
      return invalid("the Redis URL's sign-in must be user:password@ or :password@, percent-encoded");
    }
    authority.remove_prefix(at + 1);
  }
  const auto place = HostPort::parse(authority, kRedisPort);
  if (!place || place->host.empty())
    return invalid("the Redis URL must name a host: redis://host:port/database");
  url.host = place->host;
  url.port = place->port;
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
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<RedisUrl> parse_redis_url(std::string_view text) {
  constexpr std::string_view kTcp = "redis://";
  constexpr std::string_view kUnix = "unix:";
  if (ascii::istarts_with(text, kTcp)) return read_tcp(text.substr(kTcp.size()));
  if (ascii::istarts_with(text, kUnix)) return read_unix(text.substr(kUnix.size()));
  for (const std::string_view later : {"rediss:", "redis+sentinel:", "redis+cluster:"}) {
    if (ascii::istarts_with(text, later)) {
      return failure(ErrorKind::Unsupported,
                     std::string(later) + " is not supported yet; use redis:// or unix:");
    }
  }
  return invalid("a Redis URL begins with redis:// or unix:/");
}

}  // namespace portvakt::logs
