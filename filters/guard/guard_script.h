// The script that runs in the page before any other: it offers `window.portvakt`, stands in for the globals
// of vendors that are held back, so that pages do not throw, and stops what scripts load later. Its text
// depends on the consent class alone (purposes granted, asked or not), so that texts and their CSP hashes are
// made once. Immutable, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/purposes.h"

namespace portvakt::tags {
class TagPolicy;
}

namespace portvakt::guard {

/// Something of a vendor's by name, and the purpose it needs. Hosts are `tracker.example` (that host alone)
/// or
/// `.tracker.example` (its subdomains too), with `/path` behind it for that path alone and `?id=` for such a
/// query; cookies are names with stars; globals are names behind the sign of their shape: `(gtag` is called,
/// `[_paq` is pushed to, `{mixpanel` has functions.
struct GuardedName {
  std::string name;
  filters::Purpose purpose = filters::kMarketing;
};

struct GuardScriptSettings {
  filters::PurposeNames purposes;
  /// Necessary and granted ones are exceptions from those that are held.
  std::vector<GuardedName> hosts;
  std::vector<GuardedName> cookies;
  std::vector<GuardedName> globals;
  /// The reserved path, with both slashes.
  std::string consent_path = "/.privacy/";
  /// False: nothing is held back, the script is only the page's API (observe mode).
  bool holds = true;
};

/// What a site's tag policy knows of its vendors, ready for the script.
GuardScriptSettings make_script_settings(const tags::TagPolicy& policy);

class GuardScript {
 public:
  struct Text {
    std::string source;    // what stands between <script> and </script>
    std::string csp_hash;  // 'sha256-…' with its quotes
  };

  explicit GuardScript(GuardScriptSettings settings);

  /// `asked`: the visitor has made a choice that stands.
  Text text(filters::PurposeSet granted, bool asked) const;

 private:
  /// Up to so many purposes of choice, every text is made at start.
  static constexpr std::size_t kMaxPrepared = 5;

  Text compose(filters::PurposeSet granted, bool asked) const;

  GuardScriptSettings settings_;
  std::vector<Text> prepared_;
};

/// The hash source of an inline script or style text, quotes included.
std::string csp_hash(std::string_view text);

}  // namespace portvakt::guard
