// The stored proof of one choice, as it goes to the site's consent stream. It names nobody: the visitor id is
// in it only when analytics was granted.
#pragma once

#include <string>

#include "filters/consent/consent_state.h"

namespace portvakt::consent {

struct ConsentReceipt {
  ConsentState state;
  std::string receipt_id;    // 128 random bits, base64url
  std::string choice;        // accept-all | reject-all | selected
  std::string text_version;  // version of the banner texts shown
  std::string language;      // BCP 47
  std::string region;        // ISO 3166-1 alpha-2 country, empty if unknown
};

}  // namespace portvakt::consent
