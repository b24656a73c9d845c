// Browser family, its major version, system and device class out of a User-Agent text, by uap-core's rules:
// as little as reports need. Never keeps the text itself. Pure, any thread, allocates only for names that are
// longer than most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace portvakt::agents {

/// Families are uap-core's; empty where it says "Other". `device` is always one of desktop, phone, tablet,
/// bot, other.
struct Agent {
  std::string browser;
  std::string version;  // major
  std::string system;
  std::string_view device = "other";
  /// The browser's name is not one of the data's words but what the sender wrote in its place, so it may be
  /// rare enough to tell somebody apart.
  bool open_name = false;

  friend bool operator==(const Agent&, const Agent&) = default;
};

Agent read_user_agent(std::string_view text);

/// The same, and how many steps the rules took: for tests of the bound.
Agent read_user_agent(std::string_view text, std::uint32_t& steps);

}  // namespace portvakt::agents
