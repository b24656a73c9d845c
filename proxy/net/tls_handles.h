// OpenSSL's types behind TlsContext, for the .cc files of this room only.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "proxy/net/tls_context.h"

namespace portvakt::net {

struct FreeSslCtx {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslCtxPtr = std::unique_ptr<SSL_CTX, FreeSslCtx>;
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

struct TlsContext::Handles {
  struct Certificate {
    SslCtxPtr context;
    std::vector<std::string> names;  // lower-cased DNS names; a leading `*.` covers one label
  };
  std::vector<Certificate> certificates;  // a client's context has one, without names
};

}  // namespace portvakt::net
