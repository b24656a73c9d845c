// Reads config/vendors.yaml into a VendorCatalogue at start-up. Every fault of the file is reported in one
// run, with its line; a faulty catalogue is not used at all. Never on a worker.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "filters/tags/vendor_catalogue.h"
#include "proxy/base/diagnostics.h"

namespace portvakt::tags {

/// Empty when `diagnostics` got an error. `file` is the name that messages and verdicts use.
std::unique_ptr<VendorCatalogue> parse_catalogue(std::string_view yaml, const std::string& file,
                                                 Diagnostics& diagnostics);

std::unique_ptr<VendorCatalogue> read_catalogue(const std::filesystem::path& path, Diagnostics& diagnostics);

}  // namespace portvakt::tags
