// What a report says, in words: for those who read no further. Plain text, to be escaped where it is shown.
#pragma once

#include <string>

#include "insights/overview.h"

namespace portvakt::insights {

/// One to three sentences.
std::string summary(const Report& report);

/// `8 % more than in the 30 days before`, without the days: what stands under a figure.
std::string change_text(std::int64_t now, std::int64_t before);

}  // namespace portvakt::insights
