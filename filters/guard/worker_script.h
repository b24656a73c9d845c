// Scripts that start a worker run apart from any page, so the guard goes before them. Asked for uncoded and
// never out of a cache, because the same script is a different one in each consent class. Enforcing: one that
// comes coded nevertheless is told by policy to contact its own site alone. Pure, any thread.
#pragma once

#include <string>

#include "filters/filter.h"

namespace portvakt::guard {

/// Known by what browsers say of the request; on plain HTTP they say it of service workers only.
bool asks_for_worker(const http::RequestHead& request);

void ask_for_plain_script(http::HeaderMap& request);

/// True if `guard` now goes before the script; false if the script cannot be read.
bool put_before_script(filters::ResponseContext& context, std::string guard);

}  // namespace portvakt::guard
