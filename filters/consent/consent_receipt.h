// The stored proof of one choice, as it goes to the site's consent stream. It names nobody: the visitor id is
// in it only when analytics was granted.
#pragma once

#include <string>
#include <vector>

#include "filters/consent/consent_state.h"

namespace portvakt::consent {

struct ConsentReceipt {
  ConsentState state;
  std::string receipt_id;    // 128 random bits, base64url
  std::string choice;        // accept-all | reject-all | selected
  std::string text_version;  // version of the banner texts shown
  std::string language;      // BCP 47
  std::string region;        // ISO 3166-1 alpha-2 country, empty if unknown
  std::string event = {};    // given | refused | withdrawn, as ISO/IEC TS 27560 names what happened
  std::string rule = {};     // what held before: opt-in | opt-out | notice
  std::string signal = {};   // what the browser said against it: gpc | dnt, or empty
  WallTime expires = {};     // when it will be asked again
  std::vector<filters::Purpose> asked = {};  // of those not granted, what was refused
};

}  // namespace portvakt::consent
