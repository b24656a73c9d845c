// What is served under the consent path: the preferences page and its machine-readable siblings. Whole
// documents of our own: no third party, no cookie needed, no script. All that came from outside is escaped.
// Const; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_settings.h"
#include "filters/consent/consent_state.h"
#include "filters/filter.h"

namespace portvakt::consent {

class PrivacyPages {
 public:
  explicit PrivacyPages(const ConsentSettings& settings);

  /// `language` is a place in the settings' locales; `return_path` is where the visitor came from; a vendor
  /// asked for by id can be allowed by itself.
  filters::Reply preferences(const ConsentState& state, std::size_t language, std::string_view return_path,
                             std::string_view asked_vendor = {}) const;
  filters::Reply state(const ConsentState& state) const;
  filters::Reply declaration() const;
  /// 404 when no choice stands.
  filters::Reply receipt(const ConsentState& state) const;
  /// The Global Privacy Control support resource.
  static filters::Reply gpc_support();
  static filters::Reply script(const std::string& text);
  /// A short text answer of our own.
  static filters::Reply plain(int status, std::string_view text);

 private:
  struct Pieces {
    std::string head;  // up to the visitor's state
    std::string form;  // from the end of the state up to the value of the hidden `return`
    std::string tail;  // from the end of the form up to the address of the link back
  };
  std::string state_list(const ConsentState& state, const Locale& locale) const;
  std::string boxes(const ConsentState& state, const Locale& locale, std::string_view asked_vendor) const;

  ConsentSettings settings_;
  std::vector<Pieces> languages_;
};

}  // namespace portvakt::consent
