// The users that a Redis server needs, each with what its program does and nothing else, as lines of an ACL
// file. What stands here is tried by tests: a command that is added to a program is added here. Pure
// functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace portvakt::logs {

struct RedisUser {
  std::string_view name;
  std::string_view what_for;
  std::string_view keys;      // a pattern behind the prefix, with `%R` where it only reads
  std::string_view commands;  // of the ACL's language, `-@all` in front of them
};

std::span<const RedisUser> redis_users();

/// `user NAME on >PASSWORD …`, without a line end.
std::string acl_line(const RedisUser& user, std::string_view prefix, std::string_view password);

/// A whole file, with passwords to be replaced.
std::string acl_file(std::string_view prefix);

}  // namespace portvakt::logs
