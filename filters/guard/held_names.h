// What the guard must know in one consent class, as few names as can say it: what a broader name says already
// is left out, and of what is allowed only the exceptions are named. Pure, made at start-up.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/guard/guarded_name.h"

namespace portvakt::guard {

/// A name with what it needs: a purpose, kException for what may pass.
struct HeldName {
  std::string name;
  std::string needs;
};
inline constexpr std::string_view kException = "=";
/// No choice by purpose lets this pass: the vendor itself was refused.
inline constexpr std::string_view kNever = "-";

using NeedsOf = std::function<std::string(const GuardedName&)>;

std::vector<HeldName> list_held_addresses(const std::vector<GuardedName>& addresses, const NeedsOf& needs_of);
/// Cookies or keys: of several owners of one name the most lenient counts.
std::vector<HeldName> list_held_keys(const std::vector<GuardedName>& names, const NeedsOf& needs_of);

}  // namespace portvakt::guard
