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

  /// `language` is a place in the settings' locales.
  filters::Reply preferences(const ConsentState& state, std::size_t language,
                             std::string_view return_path) const;
  filters::Reply state(const ConsentState& state) const;
  filters::Reply declaration() const;
  /// 404 when no choice stands.
  filters::Reply receipt(const ConsentState& state) const;
  /// The Global Privacy Control support resource.
  static filters::Reply gpc_support();
  /// A short text answer of our own.
  static filters::Reply plain(int status, std::string_view text);

 private:
  struct Pieces {
    std::string head;       // up to the visitor's state
    std::string form_head;  // up to the hidden `return`'s value
    std::string form_tail;  // after the checkboxes
    std::string tail;       // vendors, up to the value of the link back
    std::string end;
  };
  std::string purpose_boxes(const ConsentState& state, const Locale& locale) const;

  ConsentSettings settings_;
  std::vector<Pieces> languages_;
  std::string declaration_;
};

}  // namespace portvakt::consent
