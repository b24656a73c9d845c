// May this page contact that address now? One site's answer: untouchable vendors, then the site's own rules,
// then the catalogue, then what the site's mode says of the unknown. Immutable, shared by all workers; the
// catalogue outlives it. Decides only; changing the page is TagHandler's work.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_state.h"
#include "filters/purposes.h"
#include "filters/tags/vendor.h"
#include "filters/tags/vendor_catalogue.h"
#include "proxy/http/url.h"

namespace portvakt::tags {

enum class Mode : std::uint8_t {
  Observe,   // everything passes, what would be held back is counted
  Standard,  // what a rule knows is held back, unknown third parties pass
  Strict,    // unknown third parties are held back as marketing
};

/// A rule of the site's own: `host`, `*.host` or `host/path`, as in the catalogue.
struct SiteRule {
  std::string pattern;
  filters::Purpose purpose = filters::kMarketing;
  std::string file;
  int line = 0;
};

struct SiteRules {
  Mode mode = Mode::Standard;
  filters::PurposeNames purposes;
  std::map<std::string, filters::Purpose, std::less<>> vendors;  // catalogue id -> purpose on this site
  std::vector<SiteRule> rules;
  /// Vendors held back whatever was chosen, by catalogue id, and why: `agreement`, `country`,
  /// `identification`.
  std::map<std::string, std::string, std::less<>> held;
  std::string consent_path = "/.privacy/";
};

/// Where the page itself is. Views outlive the handler made with it.
struct PageFacts {
  std::string_view scheme;
  std::string_view host;  // as in the Host header, port included
  std::string_view path;
};

enum class Ruling : std::uint8_t {
  Pass,   // nothing speaks against it
  Count,  // observe mode: it would be held back
  Hold,   // must not reach the browser
};

struct Decision {
  Ruling ruling = Ruling::Pass;
  std::optional<Verdict> verdict;  // absent: no rule knows it
};

/// What an inline script holds of vendors that are not agreed to.
struct InlineFindings {
  struct Span {
    std::size_t begin;
    std::size_t end;
  };
  Decision decision;             // of the strictest of them
  std::vector<Verdict> held;     // each vendor once
  std::vector<Span> hosts;       // where their hosts are written, in order
  bool has_untouchable = false;  // a payment vendor is in it too: the script must keep working
};

class TagPolicy {
 public:
  TagPolicy(const VendorCatalogue& catalogue, SiteRules rules);
  ~TagPolicy();
  TagPolicy(const TagPolicy&) = delete;
  TagPolicy& operator=(const TagPolicy&) = delete;

  /// `page` is the page's own address. Addresses that contact nobody (`data:`, `javascript:`, `mailto:`)
  /// pass.
  Decision judge_url(const http::ParsedUrl& url, const http::ParsedUrl& page,
                     const consent::ConsentState& consent) const;
  /// A host alone, as preconnect hints open it.
  Decision judge_host(const http::ParsedUrl& url, const http::ParsedUrl& page,
                      const consent::ConsentState& consent) const;
  /// The text of an inline script or event handler.
  InlineFindings judge_inline(std::string_view script, const http::ParsedUrl& page,
                              const consent::ConsentState& consent) const;

  /// A vendor's purpose on this site.
  filters::Purpose purpose_of(const Vendor& vendor) const { return purposes_[vendor.index]; }
  /// Whether the visitor's choice lets this vendor in: a choice by vendor beats the one by purpose.
  bool allows(const Vendor& vendor, const consent::ConsentState& consent) const;

  /// Why this vendor is held back whatever was chosen; empty: it is not. Untouchable vendors never are.
  std::string_view held_for(const Vendor& vendor) const;

  const SiteRules& rules() const { return rules_; }
  const VendorCatalogue& catalogue() const { return catalogue_; }

 private:
  struct OwnRules;
  std::optional<Verdict> find_own(const http::ParsedUrl& url) const;
  std::optional<Verdict> find_verdict(const http::ParsedUrl& url, Party party) const;
  Verdict on_this_site(Verdict verdict) const;
  Decision decide(std::optional<Verdict> verdict, const consent::ConsentState& consent) const;

  const VendorCatalogue& catalogue_;
  SiteRules rules_;
  std::vector<filters::Purpose> purposes_;  // by vendor index
  std::vector<bool> held_;                  // the same
  std::unique_ptr<const OwnRules> own_;
};

}  // namespace portvakt::tags
