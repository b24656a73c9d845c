// What an operator may change about the banner: a handful of things that cannot make it unfair. Both buttons
// share every colour, so that neither can be made to stand out. A value; the configuration's checks have seen
// to the contrast.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace portvakt::config {

/// Colours as `#rrggbb`; one that is empty is the browser's own, which follows light, dark and forced
/// colours.
struct BannerColours {
  std::string text;
  std::string background;
  std::string button;
  std::string button_text;

  bool empty() const { return text.empty() && background.empty() && button.empty() && button_text.empty(); }
};

enum class BannerPosition : std::uint8_t { Bottom, Top };

struct BannerTheme {
  BannerPosition position = BannerPosition::Bottom;
  std::string logo;  // a path on the site itself; empty: none
  BannerColours light;
  BannerColours dark;
  /// In place of the shipped texts, by language.
  std::map<std::string, std::string, std::less<>> headings;
  std::map<std::string, std::string, std::less<>> intros;
};

/// Whom a visitor can complain to.
struct Authority {
  std::string name;
  std::string url;
};

/// The contrast of two `#rrggbb` colours as WCAG 2.2 counts it, 1 to 21.
double contrast(std::string_view one, std::string_view other);

}  // namespace portvakt::config
