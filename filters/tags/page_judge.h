// The judge of one page: reads an address against the page's base, asks the policy, and notes what is held
// back. The tag families ask it; they know markup, it knows nothing of markup. One per response, on its
// worker.
#pragma once

#include <string>
#include <string_view>

#include "filters/consent/consent_state.h"
#include "filters/html/element.h"
#include "filters/notes.h"
#include "filters/tags/tag_handler.h"
#include "filters/tags/tag_policy.h"
#include "proxy/http/url.h"

namespace portvakt::tags {

class PageJudge {
 public:
  PageJudge(const TagPolicy& policy, const consent::ConsentState& consent, const PageFacts& page,
            filters::Notes& notes, FindingSink* findings);

  /// A new element: it is counted at most once.
  void begin(std::string_view element) { element_ = element, counted_ = false; }

  /// The browser must not fetch this address. Counts it.
  bool holds(std::string_view address);
  /// The browser must not even connect to the address's host.
  bool holds_host(std::string_view address);
  /// As holds(), for a list of addresses parted by spaces; `out` gets those that may stay.
  bool holds_any(std::string_view addresses, std::string& out);
  /// What an inline script or event handler may not do. Counts nothing: count() does, once something is done
  /// about it.
  InlineFindings judge_inline(std::string_view script);
  void count(const InlineFindings& findings, std::string_view script);

  /// The first `base` of a page changes what relative addresses mean.
  void set_base(std::string_view href);

  /// The verdict behind the last thing that was held back.
  const Verdict& last() const { return last_; }
  const http::ParsedUrl& last_url() const { return url_; }
  const TagPolicy& policy() const { return policy_; }
  const PageFacts& page() const { return page_; }
  /// A policy stated in the page, with what Portvakt itself puts into it let through.
  std::string extend_policy(std::string_view policy) const {
    return notes_.extend_policy ? notes_.extend_policy(policy) : std::string(policy);
  }
  /// The element that styles placeholders; empty from the second call on.
  std::string take_embed_style();
  /// The banner or the way back is in this page, and with it their form.
  bool page_has_form() const { return !notes_.body_insertion.empty(); }
  /// The visitor's language; null: English.
  const consent::Locale* locale() const { return notes_.locale; }

 private:
  bool settle(const Decision& decision, std::string_view what);
  void count(const Verdict& verdict);
  void report(std::string_view what, const Decision& decision);
  void see(const Decision& decision);

  const TagPolicy& policy_;
  const consent::ConsentState& consent_;
  PageFacts page_;
  filters::Notes& notes_;
  FindingSink* findings_;
  http::ParsedUrl own_;   // the page's address
  http::ParsedUrl base_;  // what relative addresses are relative to
  http::ParsedUrl url_;   // scratch
  std::string own_host_;  // the last other host that belongs to the page's site
  bool has_base_ = false;
  bool counted_ = false;
  bool styled_ = false;
  std::string_view element_;
  Verdict last_;
};

}  // namespace portvakt::tags
