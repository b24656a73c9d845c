#include <cstdio>

#include "config/load.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/receipts/receipt_audit.h"
#include "proxy/logs/redis/redis_config.h"

namespace portvakt::commands {
namespace {

constexpr logs::RedisClient::Timeouts kTimeouts{std::chrono::seconds{5}, std::chrono::seconds{30}};

int complain(int code, const std::string& text) {
  std::fprintf(stderr, "portvakt receipts: %s\n", text.c_str());
  return code;
}

/// Keys are only read: a command that made one would sign with it for nobody.
Result<std::vector<consent::SigningKey>> read_keys(const config::Model& model) {
  std::vector<consent::SigningKey> keys;
  for (const auto& secret : model.consent.signing_keys) {
    if (!secret.file.empty() && !std::filesystem::exists(secret.file)) {
      return failure(ErrorKind::Invalid, secret.file.string() + " is not there");
    }
    auto key = secret.file.empty() ? consent::parse_signing_key(secret.value)
                                   : consent::load_or_make_signing_key(secret.file);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(std::move(*key));
  }
  return keys;
}

void print(const std::string& site, const logs::AuditedDay& day) {
  for (const auto& finding : day.findings) {
    std::printf("%s %s: %s\n", site.c_str(), day.day.c_str(), finding.c_str());
  }
  if (!day.findings.empty()) return;
  std::printf("%s %s: ok, %zu receipt%s of %zu producer%s", site.c_str(), day.day.c_str(), day.receipts,
              day.receipts == 1 ? "" : "s", day.chains, day.chains == 1 ? "" : "s");
  if (day.erased > 0) std::printf(", the visitors of %zu erased", day.erased);
  std::printf("\n");
}

/// How many findings there are.
tl::expected<std::size_t, logs::RedisFault> verify_site(logs::ReceiptAudit& audit, const std::string& site,
                                                        const std::string& only) {
  auto days = audit.days(site);
  if (!days) return tl::unexpected(days.error());
  if (!only.empty()) *days = {only};
  std::size_t findings = 0;
  for (const auto& day : *days) {
    const auto audited = audit.audit(site, day);
    if (!audited) return tl::unexpected(audited.error());
    print(site, *audited);
    findings += audited->findings.size();
  }
  return findings;
}

}  // namespace

int verify_receipts(const ReceiptsOptions& options) {
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return kExitFaults;
  }
  if (!model->log.redis) return complain(kExitUsage, "the configuration names no `log.redis`");
  const auto url = logs::redis_from(*model->log.redis);
  if (!url) return complain(kExitFaults, url.error().detail);
  const auto keys = read_keys(*model);
  if (!keys) return complain(kExitFaults, keys.error().detail);
  const logs::StopSignal stop;
  logs::RedisClient client(*url, kTimeouts, stop);
  const logs::ReceiptChain chain(*keys);
  logs::ReceiptAudit audit(client, model->log.redis->prefix, chain);
  const auto unreachable = [&](logs::RedisFault fault) {
    return complain(kExitUnreachable,
                    "Redis at " + url->place() + " " + std::string(logs::fault_text(fault)));
  };
  if (const auto connected = client.connect(); !connected) return unreachable(connected.error());
  std::size_t findings = 0;
  bool known = false;
  for (const auto& site : model->sites) {
    if (!options.site.empty() && options.site != site.name) continue;
    known = true;
    const auto found = verify_site(audit, site.name, options.day);
    if (!found) return unreachable(found.error());
    findings += *found;
  }
  if (!known) return complain(kExitUsage, "the configuration has no site of that name");
  return findings == 0 ? kExitOk : kExitFaults;
}

}  // namespace portvakt::commands
