// Knows what the visitor has granted, and answers the consent paths. On a request: state from the signed
// cookie, else Sec-GPC, else the region's default; the cookie is cut out, Consent-Purposes put in, and the
// banner (or the small way back to the choices) laid ready in the notes for the HTML filter. Enforcing: what
// cannot be read counts as no. Const, shared by all workers; the settings' locales outlive it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/banner.h"
#include "filters/consent/banner_style.h"
#include "filters/consent/choice_form.h"
#include "filters/consent/consent_cookie.h"
#include "filters/consent/consent_settings.h"
#include "filters/consent/privacy_pages.h"
#include "filters/consent/rights_paths.h"
#include "filters/filter.h"

namespace portvakt::consent {

class ConsentFilter : public filters::Filter {
 public:
  explicit ConsentFilter(ConsentSettings settings);

  filters::Step on_request(filters::RequestContext& context) const override;
  /// Removes a `portvakt` cookie that the upstream tries to set: only a choice makes one.
  Result<void> on_response(filters::ResponseContext& context) const override;

 private:
  ConsentState read_state(const filters::RequestContext& context) const;
  filters::Step answer(filters::RequestContext& context) const;
  /// What the browser says against being tracked, in a state that has no choice.
  void heed_objection(const http::HeaderMap& headers, ConsentState& state) const;
  /// What a GET of a consent path gives; empty for an unknown one.
  std::optional<filters::Reply> document(const filters::RequestContext& context) const;
  filters::Step answer_choice(filters::RequestContext& context) const;
  void save_choice(filters::RequestContext& context, const ChoiceForm& form) const;
  void note_circumstances(const filters::RequestContext& context, const ConsentState& before,
                          ConsentReceipt& receipt) const;
  void read_update(filters::RequestContext& context) const;
  void prepare_page(filters::RequestContext& context) const;
  bool must_ask(const filters::RequestContext& context) const;
  /// A place in the settings' locales.
  std::size_t language(const filters::RequestContext& context) const;

  ConsentSettings settings_;
  ConsentCookie cookie_;
  Banner banner_;
  std::string question_style_;  // elements
  std::string answered_style_;
  PrivacyPages pages_;
  RightsPaths rights_;
};

}  // namespace portvakt::consent
