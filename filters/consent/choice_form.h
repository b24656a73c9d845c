// The body and the right of a `POST` to the choice path: what was chosen, where to go afterwards, and whether
// the request came from a page of this site (a foreign page must not be able to consent for its visitors). No
// state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_settings.h"
#include "filters/consent/consent_state.h"
#include "proxy/base/result.h"
#include "proxy/http/message.h"

namespace portvakt::consent {

struct ChoiceForm {
  std::string choice;                // accept-all | reject-all | selected
  bool adds = false;                 // to what stands: a field `allow` with one vendor came, and no `choice`
  filters::PurposeSet granted;       // only what the site offers
  std::vector<std::string> vendors;  // granted apart from their purpose, by catalogue id
  std::string return_path = "/";
  std::string language;  // of the texts that were read, if the form says so
  ConsentSource source = ConsentSource::Banner;
};

/// Reads an application/x-www-form-urlencoded body. An error means the request is answered 400. Purposes and
/// vendors that the site does not have are ignored.
Result<ChoiceForm> parse_choice_form(std::string_view body, const ConsentSettings& settings);

/// By Sec-Fetch-Site or Origin, and without either by Referer.
bool comes_from_own_page(const http::RequestHead& head, bool tls);

/// `path` if it stays on this host when a browser follows it, else `/`.
std::string_view safe_return_path(std::string_view path);

}  // namespace portvakt::consent
