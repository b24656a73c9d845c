// Reads one locale file strictly: every text has to be there, once, and fit its place. All faults go to
// `faults`, each with line and column. At start and reload, never on a worker. No judgement of languages.
#pragma once

#include <filesystem>
#include <optional>

#include "filters/consent/locales.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::consent {

/// Empty when the file cannot be read at all; with faults reported the locale is not to be used.
std::optional<Locale> read_locale(const std::filesystem::path& path, Diagnostics& faults);

}  // namespace portvakt::consent
