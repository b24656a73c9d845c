// Tells numbers that name a person or a card from other numbers, by date parts and check digits: Norway,
// Sweden, Denmark, Finland, Iceland, and payment cards (ISO/IEC 7812). Pure, any thread.
#pragma once

#include <string_view>

namespace portvakt::visitor {

/// ISO/IEC 7812-1 annex B, over digits only.
bool passes_luhn(std::string_view digits);

/// 13 to 19 digits that pass.
bool is_card_number(std::string_view digits);

/// Digits only, 10 to 12 of them. `hyphenated`: it was written with the sign before the last four or five
/// digits, which is enough for a Danish number: those given out since 2007 need not pass a check.
bool is_identity_number(std::string_view digits, bool hyphenated);

/// Finland's, whose sign of the century and check character are letters: `131052-308T`.
bool is_finnish_identity_number(std::string_view text);

}  // namespace portvakt::visitor
