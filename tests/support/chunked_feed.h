// Feeds a text in every way a network can cut it, so that one test shows that cuts do not matter.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace portvakt::test {

/// Runs `play` with the text whole, byte by byte, and in two parts cut at every place; `play` gets the parts
/// and tells what came out. Gives back every outcome that differs from the first, with the cut that made it.
inline std::vector<std::string> differing_outcomes(
    std::string_view text, const std::function<std::string(const std::vector<std::string_view>&)>& play) {
  const std::string expected = play({text});
  std::vector<std::string> differing;
  const auto compare = [&](const std::vector<std::string_view>& parts, const std::string& how) {
    const auto outcome = play(parts);
    if (outcome != expected) differing.push_back(how + ":\n" + outcome + "\ninstead of:\n" + expected);
  };
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  compare(bytes, "byte by byte");
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    compare({text.substr(0, cut), text.substr(cut)}, "cut at " + std::to_string(cut));
  }
  return differing;
}

}  // namespace portvakt::test
