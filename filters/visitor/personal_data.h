// Masks what names a person or opens a door in a piece of plain text: e-mail addresses, phone numbers,
// identity and card numbers, tokens. When in doubt it masks: a lost article number costs a report less than a
// found person. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::visitor {

/// `text` is decoded. Masks are `[email]`, `[id]`, `[card]`, `[phone]` and `[token]`.
std::string mask_personal_data(std::string_view text);

}  // namespace portvakt::visitor
