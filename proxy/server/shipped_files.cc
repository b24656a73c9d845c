#include "proxy/server/shipped_files.h"

namespace portvakt::server {

Result<std::filesystem::path> find_shipped(const std::filesystem::path& name) {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
  std::string tried;
  for (const auto& folder : {program / "../share/portvakt", program / "../../config",
                             std::filesystem::path("/usr/share/portvakt")}) {
    const auto candidate = (folder / name).lexically_normal();
    if (std::filesystem::exists(candidate, failed)) return candidate;
    tried += (tried.empty() ? "" : ", ") + candidate.string();
  }
  return failure(ErrorKind::Io, "cannot find " + name.string() + "; looked for " + tried);
}

}  // namespace portvakt::server
