// The script that runs in the page before any other: it offers `window.portvakt`, stands in for the globals
// of vendors that are held back, so that pages do not throw, and stops what scripts load later. Its text
// depends on the consent class alone (purposes granted, asked or not), so that texts and their CSP hashes are
// made once. Immutable, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/purposes.h"

namespace portvakt::guard {

/// A host (`tracker.example`, its subdomains counted), or a cookie name with stars, and the purpose it needs.
struct GuardedName {
  std::string name;
  filters::Purpose purpose = filters::kMarketing;
};

struct GuardScriptSettings {
  filters::PurposeNames purposes;
  std::vector<GuardedName> hosts;
  std::vector<GuardedName> cookies;
  /// The reserved path, with both slashes.
  std::string consent_path = "/.privacy/";
  /// False: nothing is held back, the script is only the page's API (observe mode).
  bool holds = true;
};

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
