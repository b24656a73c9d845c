// The script that takes a choice on the page where it is made. The guard fetches it when somebody chooses,
// not before; it is small, but most pages are never chosen on. The page is asked for once more, with what it
// was made for so far in a header. What then comes begins with the class that now holds, and marks every
// element that was held back and now is not (tags/update_handler.h): those are put where they belong, one
// after the other, as a parser would have met them. Whatever goes wrong, the form goes its own way or the
// page is loaded again.
#pragma once

#include <string>

namespace portvakt::guard {

/// Served as `update.js` under the consent path and run as an inline script, so that its hash can let it in.
std::string guard_update_source();

}  // namespace portvakt::guard
