// Where the reports keep things, and which: shared by the commands of `portvakt insights`.
#pragma once

#include <filesystem>

#include "config/model.h"
#include "insights/store_settings.h"

namespace portvakt::commands {

/// The folder of the reports' files: that of the spool.
inline std::filesystem::path insights_folder(const config::Model& model) {
  return (model.log.spool.path / "").parent_path().parent_path();  // whatever its last slash
}

inline std::filesystem::path insights_store(const config::Model& model) {
  return insights_folder(model) / "insights.db";
}

inline std::filesystem::path insights_accounts(const config::Model& model) {
  return insights_folder(model) / "accounts.db";
}

/// How the store counts.
inline Result<insights::StoreSettings> insights_counting(const config::Model& model) {
  insights::StoreSettings settings;
  for (const auto& site : model.sites) {
    auto zone = insights::TimeZone::load(site.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    settings.zones.emplace(site.name, std::move(*zone));
  }
  return settings;
}

}  // namespace portvakt::commands
