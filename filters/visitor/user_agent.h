// Browser family, major version, system and device class out of a User-Agent text, by an ordered table of
// tokens: as little as reports need, no more. Never keeps the text itself. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::visitor {

/// Empty where not known; `device` is always one of desktop, phone, tablet, bot, other.
struct Agent {
  std::string browser;
  std::string version;  // major
  std::string system;
  std::string device = "other";

  friend bool operator==(const Agent&, const Agent&) = default;
};

Agent read_user_agent(std::string_view text);

}  // namespace portvakt::visitor
