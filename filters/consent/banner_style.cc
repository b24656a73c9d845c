#include "filters/consent/banner_style.h"

#include <string_view>

namespace portvakt::consent {
namespace {

// Written without `!important`, which important() puts behind every declaration.

// On every page, so as short as can be. `all` leaves the direction of writing alone: the markup's `dir`
// holds.
constexpr std::string_view kWayBack =
    "#portvakt-open{all:initial;color-scheme:light dark;position:fixed;inset:auto auto 8px 8px;"
    "z-index:2147483646;font:medium/1.5 system-ui;color:CanvasText;background:Canvas;border:1px solid;"
    "border-radius:6px}"
    "#portvakt-open *{all:revert;font:inherit;color:inherit;background:none;border:0;margin:0}"
    "#portvakt-open form{display:flex;flex-wrap:wrap}"
    "#portvakt-open form>*{padding:10px;cursor:pointer}"
    "#portvakt-open button{min-block-size:44px;text-decoration:underline}";

// No `all` for the placeholder itself: where the embed would have stood is the page's to say.
constexpr std::string_view kEmbed =
    ".portvakt-embed{color-scheme:light dark;display:inline-block;visibility:visible;opacity:1;zoom:1;"
    "box-sizing:border-box;max-inline-size:100%;min-block-size:8em;padding:16px;overflow:auto;"
    "font:medium/1.5 system-ui,sans-serif;color:CanvasText;background:Canvas;border:1px solid;"
    "border-radius:6px;direction:ltr;text-align:start;text-transform:none;letter-spacing:0}"
    ".portvakt-embed[dir=rtl]{direction:rtl}"
    ".portvakt-embed *{all:revert;direction:inherit;font:inherit;color:inherit}"
    ".portvakt-embed ::before,.portvakt-embed ::after{content:none}"
    ".portvakt-embed b{font-weight:700}"
    ".portvakt-embed a,.portvakt-embed button{display:inline-block;box-sizing:border-box;"
    "vertical-align:top;min-block-size:44px;margin-block:8px 0;margin-inline-end:8px;padding:8px "
    "12px;background:none;"
    "border:1px solid;border-radius:6px;text-decoration:underline;cursor:pointer}"
    ".portvakt-embed :focus-visible{outline:3px solid}"
    "@media(scripting:none){.portvakt-embed [data-portvakt]{display:none}}";

constexpr std::string_view kQuestion =
    "#portvakt{all:initial;color-scheme:light dark;position:fixed;inset:auto 0 0;z-index:2147483647;"
    "box-sizing:border-box;display:block;max-block-size:60vh;overflow:auto;padding:16px;"
    "font:medium/1.5 system-ui,sans-serif;color:var(--t);background:var(--b);"
    "border:0 solid;border-block-start-width:2px;direction:ltr;"
    "--t:CanvasText;--b:Canvas;--k:var(--t);--l:var(--b)}"
    "#portvakt *{all:revert;direction:inherit;font:inherit;color:inherit;text-align:start}"
    "#portvakt[dir=rtl]{direction:rtl}"
    // Hidden until its last child has come: a banner at the bottom that grows while a slow page comes in
    // would count as layout shift.
    "#portvakt:not(:has(>i)){display:none}"
    "#portvakt ::before,#portvakt ::after{content:none}"
    "#portvakt form{max-inline-size:60em;margin:0 auto}"
    "#portvakt h2,#portvakt b{font-weight:700;margin:0}"
    "#portvakt p{margin:4px 0}"
    "#portvakt div{display:flex;flex-wrap:wrap;gap:12px;margin:8px 0 0}"
    "#portvakt button{flex:1 1 9em;box-sizing:border-box;min-block-size:44px;padding:8px 16px;"
    "font-weight:700;text-align:center;color:var(--l);background:var(--k);border:2px solid var(--k);"
    "border-radius:6px;cursor:pointer}"
    "#portvakt summary{display:list-item;padding:10px 0;cursor:pointer}"
    "#portvakt label{display:flex;gap:12px;padding:10px 0;cursor:pointer}"
    "#portvakt fieldset{border:0;margin:0;padding:0;padding-inline-start:36px}"
    "#portvakt input{flex:none;inline-size:24px;block-size:24px;margin:0}"
    "#portvakt a{display:inline-block;padding:4px 0;text-decoration:underline}"
    "#portvakt img{display:block;max-block-size:32px;margin:0 0 8px}"
    "#portvakt :focus-visible{outline:3px solid var(--t);outline-offset:2px}"
    // Where little of the page is seen, at 400 % say, the banner stands in its place at the page's beginning.
    "@media(max-height:399px){#portvakt{position:static;max-block-size:none}}"
    // What has the keyboard's focus does not hide behind it.
    ":root:has(#portvakt){scroll-padding-block-end:50vh}";

constexpr std::string_view kPrintAnswered = "@media print{#portvakt-open{display:none}}";
constexpr std::string_view kPrint = "@media print{#portvakt,#portvakt-open{display:none}}";

std::string important(std::string_view rules) {
  std::string out;
  bool in_declaration = false;
  for (std::size_t at = 0; at < rules.size(); ++at) {
    const char c = rules[at];
    if (c == '{') {
      // A block within a block: what stood before it was a condition.
      const auto next = rules.find_first_of("{};", at + 1);
      in_declaration = next != std::string_view::npos && rules[next] != '{';
    } else if ((c == ';' || c == '}') && in_declaration) {
      out += "!important";
      in_declaration = c == ';';
    }
    out += c;
  }
  return out;
}

std::string layer(std::string_view rules) {
  return "@layer portvakt{" + important(rules) + "}";
}

std::string colour(std::string_view property, std::string_view value) {
  return value.empty() ? std::string() : ";--" + std::string(property) + ":" + std::string(value);
}

std::string colours_rule(const config::BannerColours& colours, std::string_view scheme) {
  if (colours.empty()) return {};
  return "#portvakt{color-scheme:" + std::string(scheme) + colour("t", colours.text) +
         colour("b", colours.background) + colour("k", colours.button) + colour("l", colours.button_text) +
         "}";
}

/// Without colours of its own for dark, a banner with colours keeps them: half of a pair would not be read.
std::string themed(const config::BannerTheme& theme) {
  std::string out = colours_rule(theme.light, theme.dark.empty() ? "light" : "light dark");
  const std::string dark = colours_rule(theme.dark, "light dark");
  if (!dark.empty()) out += "@media(prefers-color-scheme:dark){" + dark + "}";
  if (theme.position == config::BannerPosition::Top)
    out += "#portvakt{inset:0 0 auto;border-block-width:0 2px}";
  return out;
}

}  // namespace

std::string question_style(const config::BannerTheme& theme) {
  return layer(std::string(kQuestion) + themed(theme) + std::string(kWayBack) + std::string(kPrint));
}

std::string answered_style() {
  return layer(std::string(kWayBack) + std::string(kPrintAnswered));
}

std::string embed_style() {
  return layer(kEmbed);
}

}  // namespace portvakt::consent
