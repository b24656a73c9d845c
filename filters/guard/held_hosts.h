// The hosts that the guard holds back in one consent class, as short as they can be written: what a broader
// name says already is left out, and of what is allowed only the exceptions are named. Made at start-up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "filters/guard/guard_script.h"
#include "filters/purposes.h"

namespace portvakt::guard {

/// Purpose names, and "=" for exceptions, with their hosts, one space between.
std::map<std::string, std::string> list_held_hosts(const std::vector<GuardedName>& hosts,
                                                   const filters::PurposeNames& purposes,
                                                   filters::PurposeSet granted);

}  // namespace portvakt::guard
