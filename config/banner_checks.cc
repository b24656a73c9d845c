#include "config/banner_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "proxy/base/ascii.h"

namespace portvakt::config {
namespace {

// WCAG 2.2, criteria 1.4.3 (text) and 1.4.11 (what a control is known by).
constexpr double kTextContrast = 4.5;
constexpr double kShapeContrast = 3.0;

double channel(std::string_view colour, std::size_t at) {
  const auto digit = [&](std::size_t place) {
    const char c = ascii::to_lower(colour[place]);
    return c <= '9' ? c - '0' : c - 'a' + 10;
  };
  const double value = (digit(at) * 16 + digit(at + 1)) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(std::string_view colour) {
  return 0.2126 * channel(colour, 1) + 0.7152 * channel(colour, 3) + 0.0722 * channel(colour, 5);
}

std::string rounded(double number) {
  std::array<char, 16> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.1f", std::floor(number * 10) / 10);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

class BannerChecks {
 public:
  BannerChecks(std::string path, const Places& places, Diagnostics& diagnostics)
      : path_(std::move(path)), places_(places), diagnostics_(diagnostics) {}

  void check_colours(const BannerColours& colours, std::string_view section) {
    if (colours.empty()) return;
    const auto at = path_ + ".banner." + std::string(section);
    // Which of the browser's own colours would stand beside one of these, nobody knows.
    for (const auto& [name, colour] :
         {std::pair{"text", &colours.text}, std::pair{"background", &colours.background},
          std::pair{"button", &colours.button}, std::pair{"button_text", &colours.button_text}}) {
      if (colour->empty())
        return error(at, "`" + std::string(name) + "` is missing", "give all four colours or none");
    }
    need(at + ".text", {colours.text, colours.background}, kTextContrast, "text on its background");
    need(at + ".button_text", {colours.button_text, colours.button}, kTextContrast, "text on a button");
    need(at + ".button", {colours.button, colours.background}, kShapeContrast, "a button on the background");
  }

  void check_order(const BannerTheme& theme) {
    if (theme.light.empty() && !theme.dark.empty())
      error(path_ + ".banner.dark_colours", "`colours` is missing", "give colours for light first");
  }

  void error(const std::string& at, std::string text, std::string suggestion) {
    diagnostics_.add(places_.at(at, Diagnostic::Severity::Error, std::move(text), std::move(suggestion)));
  }

 private:
  struct Pair {
    std::string_view one;
    std::string_view other;
  };
  void need(const std::string& at, Pair pair, double least, std::string_view what) {
    const double found = contrast(pair.one, pair.other);
    if (found >= least) return;
    error(at,
          std::string(what) + " has a contrast of " + rounded(found) + " to 1; " + rounded(least) +
              " is the least that everybody can see (WCAG 2.2)",
          "take a darker and a lighter colour");
  }

  std::string path_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

double contrast(std::string_view one, std::string_view other) {
  const double first = luminance(one);
  const double second = luminance(other);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

void check_banner(const Site& site, const std::string& path, const Places& places, Diagnostics& diagnostics) {
  BannerChecks checks(path + ".consent", places, diagnostics);
  checks.check_colours(site.consent.banner.light, "colours");
  checks.check_colours(site.consent.banner.dark, "dark_colours");
  checks.check_order(site.consent.banner);
  if (!site.consent.authority.url.empty() && site.consent.authority.name.empty())
    checks.error(path + ".consent.authority", "`name` is missing", "name the authority as it calls itself");
}

}  // namespace portvakt::config
