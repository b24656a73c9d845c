#include "proxy/net/tls_server.h"

#include <sys/stat.h>

#include <utility>

namespace portvakt::net {
namespace {

void add_look(const std::filesystem::path& file, std::string& look) {
  struct stat found{};
  // A link is followed: certbot changes where it leads.
  if (::stat(file.c_str(), &found) != 0) {
    look += "-;";
    return;
  }
  for (const auto number :
       {static_cast<long long>(found.st_dev), static_cast<long long>(found.st_ino),
        static_cast<long long>(found.st_size), static_cast<long long>(found.st_mtim.tv_sec),
        static_cast<long long>(found.st_mtim.tv_nsec)}) {
    look += std::to_string(number) + ",";
  }
  look += ";";
}

std::string look_of(const TlsServerSettings& settings) {
  std::string look;
  for (const auto& files : settings.certificates) {
    add_look(files.certificate, look);
    add_look(files.key, look);
  }
  return look;
}

}  // namespace

TlsServer::TlsServer(TlsServerSettings settings, std::shared_ptr<TlsShared> shared)
    : settings_(std::move(settings)), shared_(std::move(shared)) {}

Result<std::shared_ptr<TlsServer>> TlsServer::open(TlsServerSettings settings,
                                                   std::shared_ptr<TlsShared> shared) {
  std::shared_ptr<TlsServer> server(new TlsServer(settings, std::move(shared)));
  if (auto loaded = server->load(std::move(settings)); !loaded) return tl::unexpected(loaded.error());
  return server;
}

std::shared_ptr<const TlsContext> TlsServer::context() const {
  const std::lock_guard held(lock_);
  return context_;
}

Result<void> TlsServer::reconfigure(TlsServerSettings settings) {
  return load(std::move(settings));
}

Result<bool> TlsServer::refresh() {
  if (look_of(settings_) == seen_) return false;
  if (auto loaded = load(settings_); !loaded) return tl::unexpected(loaded.error());
  return true;
}

Result<void> TlsServer::load(TlsServerSettings settings) {
  // Taken before the files are read: what is written meanwhile is seen next time.
  auto look = look_of(settings);
  const bool same_files = settings.certificates == settings_.certificates;
  if (same_files) seen_ = look;
  std::vector<Expiry> expiries;
  for (const auto& files : settings.certificates) {
    const auto facts = inspect_certificate(files);
    if (!facts) return tl::unexpected(facts.error());
    expiries.push_back({files.certificate.string(), facts->expires});
  }
  auto made = TlsContext::for_server(settings, shared_);
  if (!made) return tl::unexpected(made.error());
  seen_ = std::move(look);
  settings_ = std::move(settings);
  expiries_ = std::move(expiries);
  const std::lock_guard held(lock_);
  context_ = std::move(*made);
  return {};
}

}  // namespace portvakt::net
