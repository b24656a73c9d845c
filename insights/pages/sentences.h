// What changed, in three sentences: for those who read no further. Plain text, to be escaped where it is
// shown.
#pragma once

#include <string>
#include <vector>

#include "insights/pages/answers.h"
#include "insights/words/words.h"

namespace portvakt::insights {

std::vector<std::string> overview_sentences(const Words& words, const OverviewAnswer& answer);

}  // namespace portvakt::insights
