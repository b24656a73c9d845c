// Everything that only reads: screens, files, the API and its stream. Each path is a row of a table, with
// what it asks of the reader.
#pragma once

#include <optional>

#include "insights/desk/desk.h"

namespace portvakt::insights {

/// Empty: there is no such path.
std::optional<Result<http_server::Answer>> read(Desk& desk, const Visit& visit);

/// What a shared link shows: one screen, whatever else the address says.
Result<http_server::Answer> read_shared(Desk& desk, const http_server::Request& request, const Share& share);

bool is_api(std::string_view path);

}  // namespace portvakt::insights
