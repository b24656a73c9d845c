#include "config/load.h"

#include <system_error>
#include <utility>

#include "config/address_value.h"
#include "config/checks.h"
#include "config/reader.h"
#include "config/secret_mask.h"
#include "config/yaml_tree.h"
#include "proxy/base/file.h"

namespace portvakt::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSecret = 4096;

/// The file's bytes without the line end that editors add; a pipe or a device would block, so only plain
/// files.
Result<std::string> read_plain_file(const fs::path& file, std::size_t limit) {
  std::error_code error;
  if (!fs::exists(file, error)) return failure(ErrorKind::Io, "does not exist");
  if (!fs::is_regular_file(file, error)) return failure(ErrorKind::Io, "is not a file");
  auto bytes = read_file(file, limit);
  if (!bytes) return failure(ErrorKind::Io, "cannot be read");
  return bytes;
}

void read_redis_url(Model& model, Diagnostics& diagnostics) {
  if (!model.log.redis || model.log.redis->url.file.empty()) return;
  auto& url = model.log.redis->url;
  const auto fault = [&](std::string text, std::string suggestion) {
    diagnostics.add(model.places.at("log.redis.url", Diagnostic::Severity::Error, std::move(text),
                                    std::move(suggestion)));
  };
  const auto bytes = read_plain_file(url.file, kLongestSecret);
  if (!bytes) {
    fault(in_backticks(url.file.string()) + " " + bytes.error().detail, "it must hold the URL in one line");
    return;
  }
  std::string_view text = *bytes;
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  auto checked = parse_redis_url(text);
  if (checked) {
    url.value = std::move(*checked);
  } else {
    fault("in " + in_backticks(url.file.string()) + ": " + checked.error().text, checked.error().suggestion);
  }
}

}  // namespace

std::optional<Model> load(const fs::path& file, Diagnostics& diagnostics) {
  const auto errors_before = diagnostics.errors();
  const auto text = read_plain_file(file, kMaxTextBytes);
  if (!text) {
    Diagnostic diagnostic;
    diagnostic.file = file.string();
    diagnostic.text = "the configuration file " + text.error().detail;
    diagnostics.add(std::move(diagnostic));
    return std::nullopt;
  }
  std::error_code ignored;
  Model model;
  read_into(model, *text, file.string(), fs::absolute(file, ignored).parent_path(), diagnostics);
  read_redis_url(model, diagnostics);
  check_options(model, diagnostics);
  check_files(model, diagnostics);
  if (diagnostics.errors() > errors_before) return std::nullopt;
  return model;
}

}  // namespace portvakt::config
