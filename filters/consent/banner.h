// The markup that asks, and the small way back once there is an answer. Complete without JavaScript, in any
// language, under any site's styles; rendered per language when the filter is made, so that a request pays
// for a copy and its own address. Style and script are fixed texts: their hashes go into the
// Content-Security-Policy. Const; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_settings.h"

namespace portvakt::consent {

/// The texts between `<style>` or `<script>` and its end tag. They never differ by site, language or request.
std::string_view banner_style();
std::string_view banner_script();
std::string_view way_back_style();

class Banner {
 public:
  explicit Banner(const ConsentSettings& settings);

  enum class Script : bool { Without, With };

  /// `<section id="portvakt">` with its form. `language` is a place in the settings' locales; `return_path`
  /// is where a choice leads back to. The script saves the way over the 303; it reloads, so pages that came
  /// by POST go without.
  std::string question(std::size_t language, std::string_view return_path, Script script) const;
  /// The link with `data-portvakt="open"`.
  std::string way_back(std::size_t language, std::string_view return_path) const;

 private:
  struct Pieces {
    std::string question_head;  // up to the value of the hidden `return`
    std::string question_tail;  // from there up to the script
    std::string way_back_head;
    std::string way_back_tail;
  };
  std::vector<Pieces> languages_;
};

}  // namespace portvakt::consent
