#include <cstdio>

#include "config/load.h"
#include "proxy/commands/commands.h"
#include "proxy/server/snapshot_compiler.h"

namespace portvakt::commands {

int check(const std::filesystem::path& config) {
  Diagnostics diagnostics;
  const auto model = config::load(config, diagnostics);
  std::string other;
  if (model) {
    server::SiteCounterMap counters;
    const auto compiled = server::compile_snapshot(*model, 1, counters, diagnostics);
    if (!compiled) other = compiled.error().detail;
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
