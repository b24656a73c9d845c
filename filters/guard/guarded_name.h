// Something of a vendor's by name, and the purpose it needs. A value.
#pragma once

#include <string>

#include "filters/purposes.h"

namespace portvakt::guard {

/// Addresses are `tracker.example` (that host alone) or `.tracker.example` (its subdomains too), with `/path`
/// behind it for that path alone and `?id=` for such a query; a path or query without a host is one on the
/// site's own host; stars and number signs stand where the catalogue has them. Cookies and keys of storage
/// are names with stars. Globals are names behind the sign of their shape: `(gtag` is called, `[_paq` is
/// pushed to, `{mixpanel` has functions.
struct GuardedName {
  std::string name;
  filters::Purpose purpose = filters::kMarketing;
  std::string vendor = {};  // of the catalogue; empty for a rule of the site's own
  bool never = false;       // held back whatever was chosen
};

}  // namespace portvakt::guard
