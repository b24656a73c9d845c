// The script that runs in the page before any other: it offers `window.portvakt`, stands in for the globals
// of vendors that are held back, so that pages do not throw, and stops what scripts load later. Its text
// depends on the consent class alone (purposes granted, asked or not), so that texts and their CSP hashes are
// made once; only those of visitors who decided on a vendor by itself are made for each page. Immutable, any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_state.h"
#include "filters/guard/guarded_name.h"
#include "filters/purposes.h"

namespace portvakt::tags {
class TagPolicy;
}

namespace portvakt::guard {

struct GuardScriptSettings {
  filters::PurposeNames purposes;
  /// Necessary and granted ones are exceptions from those that are held.
  std::vector<GuardedName> hosts;
  std::vector<GuardedName> cookies;
  std::vector<GuardedName> storage;
  std::vector<GuardedName> globals;
  /// The reserved path, with both slashes.
  std::string consent_path = "/.privacy/";
  /// False: nothing is held back, the script is only the page's API (observe mode).
  bool holds = true;
  /// What a page may load can change while it is there: not where its policy was sent with it (strict mode).
  bool updates_in_place = true;
  /// Script text that runs behind the guard and uses `window.portvakt` alone.
  std::string compatibility;
};

/// What a site's tag policy knows of its vendors, ready for the script.
GuardScriptSettings make_script_settings(const tags::TagPolicy& policy);

class GuardScript {
 public:
  struct Text {
    std::string source;    // what stands between <script> and </script>
    std::string csp_hash;  // 'sha256-…' with its quotes
  };

  enum class Page : bool { Usual, Sensitive };

  explicit GuardScript(GuardScriptSettings settings);

  Text text(const consent::ConsentState& consent) const;
  /// For a sensitive page: nothing is let go there, also when the visitor allows it meanwhile.
  const Text& sensitive_text(bool chosen) const { return sensitive_[chosen ? 1 : 0]; }
  /// The class alone, as JSON that is safe in a `script` element: for a page that is being brought up to
  /// date.
  std::string class_of(const consent::ConsentState& consent, Page page) const;

 private:
  /// Up to so many purposes of choice, every text is made at start.
  static constexpr std::size_t kMaxPrepared = 5;

  Text compose(const consent::ConsentState& consent, Page page = Page::Usual) const;

  GuardScriptSettings settings_;
  std::string guard_;  // a function that takes the consent class
  std::vector<Text> prepared_;
  std::vector<Text> sensitive_;  // before and after a choice
};

/// The hash source of an inline script or style text, quotes included.
std::string csp_hash(std::string_view text);

}  // namespace portvakt::guard
