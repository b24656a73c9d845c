// A page for a script that brings the page it runs in up to date after a choice: filtered for the consent
// that now holds, and every element that came out otherwise under the consent that held before is marked with
// `data-portvakt-held`. Its value says how the element is in the old page: empty, it was taken out; `~`, it
// is there without some of its attributes; else a placeholder of that vendor stands for it. Enforcing as
// TagHandler is. One per response, on its worker; policy, page and notes outlive it.
#pragma once

#include <memory>

#include "filters/consent/consent_state.h"
#include "filters/html/rewriter.h"
#include "filters/notes.h"
#include "filters/tags/tag_policy.h"

namespace portvakt::tags {

std::unique_ptr<html::ElementHandler> make_update_handler(const TagPolicy& policy,
                                                          const consent::ConsentState& before,
                                                          const PageFacts& page, filters::Notes& notes);

}  // namespace portvakt::tags
