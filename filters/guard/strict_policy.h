// A Content-Security-Policy of our own, by which the browser itself refuses every third party that the
// visitor has not agreed to: for sites in strict mode, and for documents that we do not rewrite. It restrains
// only where things are loaded from; what the site does by itself stays possible. Immutable, any thread.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "filters/guard/guard_script.h"
#include "filters/purposes.h"

namespace portvakt::guard {

class StrictPolicy {
 public:
  /// `allowed_hosts` may be loaded from in every state.
  StrictPolicy(const std::vector<GuardedName>& hosts, const std::vector<std::string>& allowed_hosts);

  /// The field's value; empty when so much is granted that no server in between would pass a list that long.
  std::string text(filters::PurposeSet granted) const;

 private:
  static constexpr std::size_t kMaxBytes = 6 * 1024;

  std::array<std::string, filters::kMaxPurposes> sources_;  // by purpose, each with a space before it
};

}  // namespace portvakt::guard
