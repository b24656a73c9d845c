// The HTML filter's tag rules: reads every element and attribute that can make a browser contact somebody,
// and takes out what the visitor has not agreed to. An enforcing step: what it cannot read it removes. One
// per response, on its worker; policy, consent, page and notes outlive it.
#pragma once

#include <memory>

#include "filters/consent/consent_state.h"
#include "filters/html/rewriter.h"
#include "filters/notes.h"
#include "filters/tags/tag_policy.h"

namespace portvakt::tags {

std::unique_ptr<html::ElementHandler> make_handler(const TagPolicy& policy,
                                                   const consent::ConsentState& consent,
                                                   const PageFacts& page, filters::Notes& notes);

/// One thing that was judged on a page, for `portvakt explain`.
struct Finding {
  std::string what;  // the address, or the first words of a script
  std::string element;
  Decision decision;
};

class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void on_finding(Finding finding) = 0;
};

/// The same, telling `findings` of everything judged. `findings` outlives the handler.
std::unique_ptr<html::ElementHandler> make_handler(const TagPolicy& policy,
                                                   const consent::ConsentState& consent,
                                                   const PageFacts& page, filters::Notes& notes,
                                                   FindingSink& findings);

}  // namespace portvakt::tags
