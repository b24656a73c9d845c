// Which period, compared with which, through which filters: the line above every screen's figures. Links and
// forms that only read; complete without a script. Pure functions.
#pragma once

#include <string>

#include "insights/pages/frame.h"

namespace portvakt::insights {

std::string picker(const Frame& frame);

/// `Country is Norway`.
std::string filter_label(const Words& words, const Filter& filter);

}  // namespace portvakt::insights
