// The markup that asks, and the small way back once there is an answer. Complete without JavaScript, in any
// language, under any site's styles (banner_style.h); rendered per language when the filter is made, so that
// a request pays for a copy and its own address. What it asks is taken over by the guard's script where there
// is one. Const; any thread.
//
// Tools that answer banners may rely on: `#portvakt[data-portvakt=ask]` is there while nothing was chosen,
// and `button[name=choice][value=reject-all]` (or `accept-all`) in it answers with one click.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filters/consent/consent_settings.h"

namespace portvakt::consent {

/// Where the markup will stand.
struct BannerPlace {
  std::size_t language = 0;  // a place in the settings' locales
  std::string_view return_path = "/";
  std::string_view country = {};  // of the visitor; empty if unknown
  /// The page can be asked for again, so that a script may keep it up to date without leaving it.
  bool in_place = true;
  bool taken = false;  // a choice was just taken on the page: it is said
};

class Banner {
 public:
  explicit Banner(const ConsentSettings& settings);

  /// `<section id="portvakt">` with its form.
  std::string question(const BannerPlace& place) const;

  enum class Withdrawal : bool { Without, With };
  /// The link with `data-portvakt="open"`, and where something was granted the button that withdraws it.
  std::string way_back(const BannerPlace& place, Withdrawal withdrawal) const;

 private:
  struct Pieces {
    std::string question_head;  // up to the value of the hidden `return`
    std::string question_body;  // from there up to the address of the link to the privacy page
    std::string question_link;  // from there up to the authority
    std::string way_back_head;
    std::string way_back_form;  // up to the end of the form's tag
    std::string way_back_link;  // from the link's address up to the value of the hidden `return`
    std::string withdraw;
  };
  std::string authority(const BannerPlace& place) const;
  std::string privacy_page(const BannerPlace& place) const;

  const Locales* locales_;
  std::string path_;
  config::Authority authority_;
  std::vector<Pieces> languages_;
};

}  // namespace portvakt::consent
