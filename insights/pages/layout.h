// A page from its head to its foot, without what the screen itself says. Everything that comes from records,
// accounts or addresses is escaped here. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "insights/pages/frame.h"

namespace portvakt::insights {

/// `main` is HTML. `title` is text.
std::string page(const Frame& frame, std::string_view title, std::string_view main);

/// A page without menu: to sign in, or to say one thing. `main` is HTML.
std::string bare_page(const Words& words, std::string_view title, std::string_view main);
/// One that says one thing.
std::string notice_page(const Words& words, std::string_view title, std::string_view text);

/// Hidden field of every form that changes something.
std::string token_field(const Frame& frame);
/// Hidden fields that carry the state through a form that only reads; without those of `left_out`.
std::string state_fields(const ScreenState& state, std::string_view left_out);

}  // namespace portvakt::insights
