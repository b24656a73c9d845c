// HTTP's date format (RFC 9110 section 5.6.7), written always as IMF-fixdate in GMT.
#pragma once

#include <string>

#include "proxy/base/clock.h"

namespace portvakt::http {

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::string format_date(WallTime time);

}  // namespace portvakt::http
