// Names for what figures are grouped by, and for what records hold as codes: `NO`, `mobile`, `xs`. Texts, not
// yet escaped.
#pragma once

#include <string>
#include <string_view>

#include "insights/query.h"
#include "insights/words/words.h"

namespace portvakt::insights {

/// Of a table: `Countries`.
std::string_view dimension_title(const Words& words, Dimension by);
/// Of a column or a filter: `Country`.
std::string_view dimension_label(const Words& words, Dimension by);
/// A row's name, a filter's value: `Norway`.
std::string value_label(const Words& words, Dimension by, std::string_view value);

std::string country_label(const Words& words, std::string_view code);
std::string purpose_label(const Words& words, std::string_view purpose);

}  // namespace portvakt::insights
