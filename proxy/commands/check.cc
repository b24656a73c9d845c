#include <cstdio>

#include "config/load.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/server/snapshot_compiler.h"

namespace portvakt::commands {
namespace {

/// What the configuration's reader does not look at: the URL's details and the TLS files' contents.
void check_redis(const config::Model& model, Diagnostics& diagnostics) {
  if (!model.log.redis) return;
  const auto url = logs::redis_from(*model.log.redis);
  if (url) return;
  const auto at = url.error().kind == ErrorKind::Invalid && !logs::parse_redis_url(model.log.redis->url.value)
                      ? "log.redis.url"
                      : "log.redis.tls";
  diagnostics.add(model.places.at(at, Diagnostic::Severity::Error, url.error().detail, {}));
}

}  // namespace

int check(const std::filesystem::path& config) {
  Diagnostics diagnostics;
  const auto model = config::load(config, diagnostics);
  std::string other;
  if (model) {
    server::SiteCounterMap counters;
    const auto compiled = server::compile_snapshot(*model, 1, counters, diagnostics);
    if (!compiled) other = compiled.error().detail;
    check_redis(*model, diagnostics);
  }
  std::fputs(diagnostics.format().c_str(), stderr);
  if (!other.empty()) std::fprintf(stderr, "%s: error: %s\n", config.c_str(), other.c_str());
  if (model && other.empty() && !diagnostics.has_errors()) {
    std::printf("%s: ok%s\n", config.c_str(), diagnostics.warnings() > 0 ? ", with warnings" : "");
    return kExitOk;
  }
  const auto errors = diagnostics.errors() + (other.empty() ? 0 : 1);
  std::fprintf(stderr, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s", diagnostics.warnings(),
               diagnostics.warnings() == 1 ? "" : "s");
  return kExitFaults;
}

}  // namespace portvakt::commands
