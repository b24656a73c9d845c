// What editors propose that unknown third parties and cookies are. Kept, and written as files that an
// operator can take into the configuration: a snippet a site, and a filter list a purpose. Nothing here
// changes what the proxy does. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "insights/database.h"

namespace portvakt::insights {

struct Proposal {
  std::string kind;  // host | cookie
  std::string name;
  std::string purpose;
};

class Proposals {
 public:
  /// `folder` is made when something is proposed first.
  Proposals(Database& database, std::filesystem::path folder)
      : database_(database), folder_(std::move(folder)) {}

  /// In place of an earlier one of the same thing. Invalid: what was named cannot be one, or too many.
  Result<void> propose(std::string_view site, const Proposal& proposal);
  Result<std::vector<Proposal>> list(std::string_view site);
  /// The configuration's snippet; empty without any.
  Result<std::string> snippet(std::string_view site);

 private:
  Result<void> write_files(std::string_view site);

  Database& database_;
  std::filesystem::path folder_;
};

inline constexpr std::size_t kMaxProposals = 1000;  // of one site

}  // namespace portvakt::insights
