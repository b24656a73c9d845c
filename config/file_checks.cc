#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

#include "config/checks.h"
#include "config/secret_mask.h"

namespace portvakt::config {
namespace {

namespace fs = std::filesystem;
using Severity = Diagnostic::Severity;

class FileChecks {
 public:
  FileChecks(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {}

  void check_all() {
    check_certificates();
    if (!model_.acme_directory.empty()) check_folder("acme.directory", model_.acme_directory);
    check_file("geo.country", model_.geo.country);
    check_file("geo.network", model_.geo.network);
    check_file("vendors_file", model_.vendors_file);
    if (!model_.locales.empty()) check_folder("locales", model_.locales);
    if (model_.log.redis) {
      check_file("log.redis.tls.ca", model_.log.redis->tls.ca);
      check_file("log.redis.tls.certificate", model_.log.redis->tls.certificate);
      check_secret("log.redis.tls.key", model_.log.redis->tls.key);
    }
    for (std::size_t i = 0; i < model_.sites.size(); ++i) {
      const auto& lists = model_.sites[i].lists;
      check_file("sites[" + std::to_string(i) + "].upstream_tls.ca", model_.sites[i].upstream_tls.ca);
      const auto path = "sites[" + std::to_string(i) + "].lists[";
      for (std::size_t k = 0; k < lists.size(); ++k)
        check_file(path + std::to_string(k) + "].file", lists[k].file);
    }
    const auto& keys = model_.consent.signing_keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      // One that does not exist is made on first start.
      std::error_code ignored;
      if (keys[i].file.empty() || !fs::exists(keys[i].file, ignored)) continue;
      check_secret("consent.signing_keys[" + std::to_string(i) + "]", keys[i].file);
    }
  }

 private:
  void check_certificates() {
    for (std::size_t i = 0; i < model_.listeners.size(); ++i) {
      const auto path = "listen[" + std::to_string(i) + "].tls.certificates[";
      const auto& certificates = model_.listeners[i].certificates;
      for (std::size_t k = 0; k < certificates.size(); ++k) {
        check_file(path + std::to_string(k) + "].certificate", certificates[k].certificate);
        check_secret(path + std::to_string(k) + "].key", certificates[k].key);
      }
    }
  }

  void report(std::string_view path, const fs::path& file, const std::string& what,
              const std::string& suggestion = {}) {
    diagnostics_.add(
        model_.places.at(path, Severity::Error, in_backticks(file.string()) + " " + what, suggestion));
  }

  bool check_file(std::string_view path, const fs::path& file) {
    if (file.empty()) return false;  // its option was refused
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status)) {
      report(
          path, file,
          error == std::errc::permission_denied ? "lies in a folder that cannot be read" : "does not exist",
          "relative paths begin at the configuration file's folder");
    } else if (!fs::is_regular_file(status)) {
      report(path, file, "is not a file");
    } else if (::access(file.c_str(), R_OK) != 0) {
      report(path, file, "cannot be read", "give the user that runs Portvakt the right to read it");
    } else {
      return true;
    }
    return false;
  }

  void check_folder(std::string_view path, const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) report(path, folder, "is not a folder");
  }

  void check_secret(std::string_view path, const fs::path& file) {
    if (!check_file(path, file)) return;
    std::error_code error;
    const auto open_to_all = fs::perms::others_read | fs::perms::others_write;
    if ((fs::status(file, error).permissions() & open_to_all) == fs::perms::none) return;
    diagnostics_.add(model_.places.at(path, Severity::Warning,
                                      "every user of this machine can read " + in_backticks(file.string()),
                                      "chmod 600 it"));
  }

  const Model& model_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_files(const Model& model, Diagnostics& diagnostics) {
  FileChecks(model, diagnostics).check_all();
}

}  // namespace portvakt::config
