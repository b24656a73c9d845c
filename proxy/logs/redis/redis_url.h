// Where Redis is and how to sign in. A value. One server:
//   redis://[user:password@]host[:port][/database]      rediss:// the same over TLS
//   unix:/path[?db=N]
// several, of which it is asked who the master is:
//   redis+sentinel://[user:password@]host[:port][,host[:port]…]/master-name[/database]
//   redis+cluster://[user:password@]host[:port][,host[:port]…]
// and rediss+sentinel://, rediss+cluster:// over TLS. Error texts never repeat the URL, since it may hold a
// password.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/address.h"
#include "proxy/base/result.h"
#include "proxy/net/tls_context.h"

namespace portvakt::logs {

struct RedisUrl {
  enum class Kind : std::uint8_t { Server, Sentinel, Cluster };
  Kind kind = Kind::Server;
  std::string host;  // empty: a Unix socket
  std::uint16_t port = 6379;
  std::string socket_path;
  std::vector<HostPort> others;  // further sentinels, or nodes of a cluster
  std::string master;            // the name that sentinels know
  std::string user;              // empty: the default user
  std::string password;          // empty: no sign-in
  int database = 0;
  bool tls = false;
  /// How servers are verified; with `tls` alone. Set by redis_from().
  std::shared_ptr<const net::TlsContext> trust = nullptr;
  std::string server_name = {};  // in certificates, instead of the host; empty: the host

  bool is_unix() const { return host.empty(); }
  /// For log lines: hosts and ports or socket path; no user, no password.
  std::string place() const;
  /// One server of those that this URL leads to, with the same sign-in.
  RedisUrl at(const HostPort& where) const;
  /// Host and others.
  std::vector<HostPort> hosts() const;
};

/// Errors: Invalid.
Result<RedisUrl> parse_redis_url(std::string_view text);

}  // namespace portvakt::logs
