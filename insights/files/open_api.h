// The API, described (OpenAPI 3.1).
#pragma once

#include <string_view>

namespace portvakt::insights {

std::string_view open_api_text();

}  // namespace portvakt::insights
