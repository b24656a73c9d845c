// The style of what we put into other people's pages. It stands in a cascade layer at the very beginning of
// the head, and every declaration in it is important: of important declarations those of the first layer win
// over all later layers and over what is in none, whatever its weight (CSS Cascade 5, section 6.4.4), so that
// neither a reset nor `button{display:none!important}` reaches us. A browser without layers shows plain
// markup at the start of the page, which works as well. Not a shadow root: that would hide the form from old
// browsers and from tools that answer banners. Made at start, a fixed text for each site: its hash goes into
// the Content-Security-Policy.
#pragma once

#include <string>

#include "config/banner_theme.h"

namespace portvakt::consent {

/// All that stands between `<style>` and `</style>`, for pages that ask.
std::string question_style(const config::BannerTheme& theme);
/// For pages with an answer: the way back.
std::string answered_style();
/// For placeholders: goes with the first one of a page, into the same layer.
std::string embed_style();

}  // namespace portvakt::consent
