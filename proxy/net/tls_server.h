// The TLS of one listener as it is now: its context, replaced as a whole when the configuration or the files
// behind it have changed. Workers take the context for each new connection; only the main thread changes it,
// and reads the files. A connection keeps the context that it began with.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/base/result.h"
#include "proxy/net/tls_certificate.h"
#include "proxy/net/tls_context.h"

namespace portvakt::net {

class TlsServer {
 public:
  /// Errors: see TlsContext::for_server.
  static Result<std::shared_ptr<TlsServer>> open(TlsServerSettings settings,
                                                 std::shared_ptr<TlsShared> shared);

  /// Any thread.
  std::shared_ptr<const TlsContext> context() const;

  /// What a reload found; on an error the old context stays.
  Result<void> reconfigure(TlsServerSettings settings);
  /// True: files had changed, and are in use now. An error is told once for each state of the files; the old
  /// context stays.
  Result<bool> refresh();

  struct Expiry {
    std::string file;
    std::int64_t expires = 0;  // seconds since the epoch
  };
  /// Of the certificates in use.
  const std::vector<Expiry>& expiries() const { return expiries_; }

 private:
  TlsServer(TlsServerSettings settings, std::shared_ptr<TlsShared> shared);
  Result<void> load(TlsServerSettings settings);

  TlsServerSettings settings_;
  std::shared_ptr<TlsShared> shared_;
  std::string seen_;  // what the files looked like when they were last read
  std::vector<Expiry> expiries_;
  mutable std::mutex lock_;
  std::shared_ptr<const TlsContext> context_;
};

}  // namespace portvakt::net
