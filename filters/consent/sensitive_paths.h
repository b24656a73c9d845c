// Pages whose mere address tells something of their reader: there no vendor's tag runs, whatever was chosen.
// What is read as such a page by any server is one here: escapes are undone and case does not matter. A
// value, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt::consent {

class SensitivePaths {
 public:
  SensitivePaths() = default;
  /// `*` stands for any characters.
  explicit SensitivePaths(const std::vector<std::string>& patterns);

  bool contains(std::string_view path) const;

 private:
  std::vector<std::string> patterns_;  // lower case
};

}  // namespace portvakt::consent
