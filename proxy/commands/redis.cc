#include <cstdio>

#include "config/load.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/redis/redis_acl.h"

namespace portvakt::commands {

int redis_acl(const std::filesystem::path& config) {
  std::string prefix = config::Redis().prefix;
  if (!config.empty()) {
    Diagnostics diagnostics;
    const auto model = config::load(config, diagnostics);
    std::fputs(diagnostics.format().c_str(), stderr);
    if (!model) return kExitFaults;
    if (model->log.redis) prefix = model->log.redis->prefix;
  }
  std::fputs(logs::acl_file(prefix).c_str(), stdout);
  return kExitOk;
}

}  // namespace portvakt::commands
