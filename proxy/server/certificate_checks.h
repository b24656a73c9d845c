// What is wrong with the certificates that a configuration names. Reads the files: start, reload and
// `portvakt check` only, main thread.
#pragma once

#include <vector>

#include "config/model.h"
#include "proxy/base/diagnostics.h"
#include "proxy/net/tls_settings.h"

namespace portvakt::server {

std::vector<net::CertificateFiles> certificate_files(const config::Listener& listener);

/// Errors: files that cannot be used. Warnings: expired ones, and those that no browser would accept for any
/// site of the configuration. False when there was an error.
bool check_certificates(const config::Model& model, Diagnostics& diagnostics);

}  // namespace portvakt::server
