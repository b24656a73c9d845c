// The declaration for people: whom this site's pages have been seen to contact, which cookies came by and how
// long they live, what was held back. Made from the catalogue and the live inventory. No state.
#pragma once

#include <string>

#include "filters/consent/consent_state.h"
#include "filters/consent/page_frame.h"
#include "filters/inventory.h"

namespace portvakt::consent {

std::string declaration_page(const PageView& view, const ConsentState& state);

}  // namespace portvakt::consent
