#include <cstdio>
#include <nlohmann/json.hpp>

#include "config/load.h"
#include "filters/consent/privacy_documents.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/logs/subjects/record_stats.h"

namespace portvakt::commands {
namespace {

constexpr logs::RedisClient::Timeouts kTimeouts{std::chrono::seconds{5}, std::chrono::seconds{30}};

int complain(int code, const std::string& text) {
  std::fprintf(stderr, "portvakt record stats: %s\n", text.c_str());
  return code;
}

nlohmann::ordered_json as_json(const std::string& site, const logs::DayStats& day) {
  nlohmann::ordered_json row = {
      {"site", site},         {"day", day.day},      {"requests", day.requests}, {"consents", day.consents},
      {"events", day.events}, {"erased", day.erased}};
  if (day.bytes) row["bytes"] = *day.bytes;
  return row;
}

nlohmann::ordered_json as_json(const logs::SpoolStats& spool) {
  nlohmann::ordered_json row = {
      {"files", spool.files}, {"bytes", spool.bytes}, {"waiting", spool.waiting}, {"lost", spool.lost}};
  if (spool.oldest) row["oldest"] = consent::iso_time(*spool.oldest);
  return row;
}

void print(const nlohmann::ordered_json& all) {
  std::printf("%-20s %-10s %10s %9s %9s %12s\n", "site", "day", "requests", "consents", "events", "bytes");
  for (const auto& row : all["days"]) {
    std::printf("%-20s %-10s %10s %9s %9s %12s\n", row["site"].get<std::string>().c_str(),
                row["day"].get<std::string>().c_str(), row["requests"].dump().c_str(),
                row["consents"].dump().c_str(), row["events"].dump().c_str(),
                row.contains("bytes") ? row["bytes"].dump().c_str() : "-");
  }
  const auto& spool = all["spool"];
  std::printf("spool: %s bytes in %s files, %s records not delivered%s%s, %s lost\n",
              spool["bytes"].dump().c_str(), spool["files"].dump().c_str(), spool["waiting"].dump().c_str(),
              spool.contains("oldest") ? " since " : "",
              spool.contains("oldest") ? spool["oldest"].get<std::string>().c_str() : "",
              spool["lost"].dump().c_str());
}

}  // namespace

int record_stats(const std::filesystem::path& config, bool json) {
  Diagnostics diagnostics;
  const auto model = config::load(config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return kExitFaults;
  }
  nlohmann::ordered_json all = {{"days", nlohmann::ordered_json::array()}};
  const auto spool = logs::spool_stats(model->log.spool.path);
  if (!spool) return complain(kExitFaults, spool.error().detail);
  all["spool"] = as_json(*spool);
  if (model->log.redis) {
    const auto url = logs::redis_from(*model->log.redis);
    if (!url) return complain(kExitFaults, url.error().detail);
    const logs::StopSignal stop;
    logs::RedisClient client(*url, kTimeouts, stop);
    const auto unreachable = [&](logs::RedisFault fault) {
      return complain(kExitUnreachable,
                      "Redis at " + url->place() + " " + std::string(logs::fault_text(fault)));
    };
    if (const auto connected = client.connect(); !connected) return unreachable(connected.error());
    for (const auto& site : model->sites) {
      const auto days = logs::day_stats(client, model->log.redis->prefix, site.name);
      if (!days) return unreachable(days.error());
      for (const auto& day : *days) all["days"].push_back(as_json(site.name, day));
    }
  }
  if (json) {
    std::printf("%s\n", all.dump(2).c_str());
  } else {
    print(all);
  }
  return kExitOk;
}

}  // namespace portvakt::commands
