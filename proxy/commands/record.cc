#include <cstdio>
#include <iostream>

#include "proxy/commands/commands.h"
#include "proxy/logs/spool/spool_dump.h"

namespace portvakt::commands {

int dump_records(const std::filesystem::path& spool) {
  const auto dumped = logs::dump(spool, std::cout);
  if (dumped) return kExitOk;
  std::fprintf(stderr, "portvakt: %s\n", dumped.error().detail.c_str());
  return kExitFaults;
}

}  // namespace portvakt::commands
