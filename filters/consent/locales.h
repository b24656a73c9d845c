// The texts that visitors read, one YAML file a language (config/locales/*.yaml). Loaded at start and reload;
// afterwards const and shared by all threads. A file that misses a text, has an unknown one or one too long
// for its place is refused.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/rights_texts.h"
#include "proxy/base/diagnostics.h"
#include "proxy/base/result.h"

namespace portvakt::consent {

/// A purpose in words.
struct PurposeText {
  std::string name;
  std::string text;
};

struct Locale {
  std::string language;   // BCP 47, also the file's name
  std::string direction;  // ltr | rtl
  std::string version;    // of the texts: goes into receipts

  // the banner
  std::string heading;
  std::string intro;
  std::string accept;
  std::string reject;
  std::string choose;
  std::string save;
  std::string policy;
  std::string open;        // the way back
  std::string withdraw;    // a button beside it, once something was granted
  std::string complaints;  // followed by the authority's name
  std::string only_some;   // before the companies that can be allowed apart from their purpose
  std::string saved;       // told when a choice has been taken without a new page

  // in the place of an embed
  std::string embed_held;
  std::string show_once;
  std::string allow_vendor;

  // the privacy page
  std::string title;
  std::string about;
  std::string your_choice;
  std::string not_chosen;
  std::string chosen_on;  // followed by a date
  std::string gpc_heard;
  std::string allowed;
  std::string not_allowed;
  std::string always_on;
  std::string change;
  std::string vendors;
  std::string no_vendors;
  std::string vendor;
  std::string purpose;
  std::string country;
  std::string their_policy;
  std::string receipt;
  std::string back;

  PurposeText necessary;
  PurposeText functional;
  PurposeText analytics;
  PurposeText marketing;

  RightsTexts rights;
};

class Locales {
 public:
  /// Every `*.yaml` of a folder. English must be among them: it is the last resort. All faults go to
  /// `faults`.
  static Result<Locales> load(const std::filesystem::path& folder, Diagnostics& faults);

  /// By the page's language if it is known and there is one, then by Accept-Language, else English.
  const Locale& choose(std::string_view page_language, std::string_view accept_language) const;
  /// The place of that language in all(): things rendered per language are kept in the same order.
  std::size_t choose_index(std::string_view page_language, std::string_view accept_language) const;
  /// That of a language tag, if there is one: `nb-NO` and `no` are `nb`.
  std::optional<std::size_t> find(std::string_view tag) const;
  const std::vector<Locale>& all() const { return all_; }

 private:
  std::vector<Locale> all_;
  std::size_t english_ = 0;
};

}  // namespace portvakt::consent
