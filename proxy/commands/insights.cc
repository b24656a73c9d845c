#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "config/load.h"
#include "insights/accounts/account_database.h"
#include "insights/column_reports.h"
#include "insights/demo.h"
#include "insights/desk/insights_server.h"
#include "insights/ingest.h"
#include "insights/redis_source.h"
#include "insights/spool_source.h"
#include "insights/sqlite_store.h"
#include "proxy/base/address.h"
#include "proxy/base/log.h"
#include "proxy/commands/commands.h"
#include "proxy/commands/insights_files.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/net/signals.h"
#include "proxy/net/socket.h"

namespace portvakt::commands {
namespace {

namespace fs = std::filesystem;

constexpr int kExitConfig = 78;

int complain(const std::string& text, int code) {
  std::fprintf(stderr, "portvakt insights: %s\n", text.c_str());
  return code;
}

/// A folder for made-up figures, gone with them.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code code;
    std::string pattern = (fs::temp_directory_path(code) / "portvakt-insights-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code code;
    if (!path_.empty()) fs::remove_all(path_, code);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Beyond loopback only where the operator has said under which names: there the TLS of a proxy is expected.
Result<net::Endpoint> endpoint_of(const std::string& listen, bool anywhere) {
  const auto where = HostPort::parse(listen, 9902);
  if (!where)
    return failure(ErrorKind::Invalid,
                   "--listen " + listen + " is not an address and port such as 127.0.0.1:9902");
  const auto address =
      where->host == "localhost" ? IpAddress::parse("127.0.0.1") : IpAddress::parse(where->host);
  if (!address) return failure(ErrorKind::Invalid, "--listen " + listen + " is not an address");
  if (!address->is_loopback() && !anywhere) {
    return failure(
        ErrorKind::Invalid,
        "--listen " + listen +
            " is not a loopback address; with `insights.hosts` in the configuration the reports can be "
            "served to other machines, through a proxy with TLS; made-up figures never are");
  }
  return net::Endpoint{*address, where->port, {}};
}

/// What fills the store, and where that store is.
struct Supply {
  fs::path file;
  fs::path accounts;
  insights::StoreSettings store;
  insights::IngestSettings ingest;
  std::unique_ptr<insights::RecordSource> source;
  insights::InsightsSettings settings;
};

Result<Supply> supply_of(const config::Model& model, const logs::StopSignal& stop) {
  Supply supply;
  supply.file = insights_store(model);
  supply.accounts = insights_accounts(model);
  supply.settings.hosts = model.insights.hosts;
  supply.settings.gate = {false, model.insights.sign_on_header, model.insights.sign_on_from,
                          model.trusted_proxies};
  supply.settings.proposals = insights_folder(model) / "proposals";
  supply.ingest.visits = model.log.retention;
  auto counting = insights_counting(model);
  if (!counting) return tl::unexpected(counting.error());
  supply.store = std::move(*counting);
  for (const auto& site : model.sites) supply.settings.sites.push_back(site.name);
  if (!model.log.redis) {
    supply.source = std::make_unique<insights::SpoolSource>(model.log.spool.path);
    return supply;
  }
  auto url = logs::redis_from(*model.log.redis);
  if (!url) return tl::unexpected(url.error());
  insights::RedisSourceSettings settings{std::move(*url), model.log.redis->prefix, supply.settings.sites};
  supply.source = std::make_unique<insights::RedisSource>(std::move(settings), stop);
  return supply;
}

Supply demo_supply(const fs::path& folder, const Clock& clock) {
  Supply supply;
  supply.file = folder / "insights.db";
  supply.source = std::make_unique<insights::DemoSource>(insights::day_of(clock.wall()));
  supply.accounts = folder / "accounts.db";
  supply.settings.proposals = folder / "proposals";
  supply.settings.demo = true;
  supply.settings.gate.open = true;
  return supply;
}

Result<Supply> make_supply(const InsightsOptions& options, const fs::path& folder, const Clock& clock,
                           const logs::StopSignal& stop) {
  if (options.demo && !options.sign_in) return demo_supply(folder, clock);
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  std::fputs(diagnostics.format().c_str(), stderr);
  if (!model) return failure(ErrorKind::Invalid, "the configuration has errors");
  if (options.demo) {
    auto supply = demo_supply(folder, clock);
    supply.accounts = insights_accounts(*model);
    supply.settings.gate.open = false;
    return supply;
  }
  return supply_of(*model, stop);
}

Result<void> serve(Supply supply, const net::Endpoint& endpoint, const Clock& clock, logs::StopSignal& stop) {
  const net::BlockedSignals signals({SIGTERM, SIGINT});
  net::EventLoop loop;
  const net::SignalWatch watch(loop, signals, [&](int) { loop.stop(); });
  auto written = insights::SqliteStore::open(supply.file, supply.store);
  if (!written) return tl::unexpected(written.error());
  const auto read = insights::ColumnReports::open(supply.file, supply.store, clock);
  if (!read) return tl::unexpected(read.error());
  if (supply.settings.demo) {
    auto defined = insights::define_demo((*read)->definitions(), insights::day_of(clock.wall()));
    if (!defined) return defined;
  }
  const auto accounts = insights::open_account_database(supply.accounts);
  if (!accounts) return tl::unexpected(accounts.error());
  auto listening = net::listen_on(endpoint, false);
  if (!listening) return tl::unexpected(listening.error());
  const auto port = std::to_string(net::local_port(*listening));
  insights::InsightsServer server(loop, std::move(*listening), **read, **accounts, clock,
                                  std::move(supply.settings));
  const insights::Ingest ingest(std::move(supply.source), std::move(*written), supply.store, supply.ingest,
                                clock, stop);
  const auto host = endpoint.address.reveal();
  log_info("reports on http://" +
           (endpoint.address.family() == IpAddress::Family::V6 ? "[" + host + "]" : host) + ":" + port + "/");
  loop.run();
  return {};
}

}  // namespace

int insights(const InsightsOptions& options) {
  if (options.config.empty() && (!options.demo || options.sign_in)) {
    return complain("name a configuration with --config FILE, or look at made-up figures with --demo",
                    kExitUsage);
  }
  const SystemClock clock;
  logs::StopSignal stop;
  std::optional<TemporaryFolder> folder;
  if (options.demo) folder.emplace();
  auto supply = make_supply(options, folder ? folder->path() : fs::path(), clock, stop);
  if (!supply) return complain(supply.error().detail, kExitConfig);
  const auto endpoint = endpoint_of(options.listen, !supply->settings.hosts.empty());
  if (!endpoint) return complain(endpoint.error().detail, kExitUsage);
  if (auto served = serve(std::move(*supply), *endpoint, clock, stop); !served) {
    return complain(served.error().detail, kExitConfig);
  }
  return kExitOk;
}

}  // namespace portvakt::commands
