// What stands around every screen: who reads, what they may, in which language, and the state that links
// start from. A value, made for one request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "insights/pages/state.h"
#include "insights/words/words.h"

namespace portvakt::insights {

/// In the order of the menu; the names are paths.
enum class Screen : std::uint8_t {
  Sites,
  Overview,
  Consent,
  Held,
  Goals,
  Realtime,
  Bots,
  Notes,
  Shares,
  Accounts,
  Table
};

struct Frame {
  Words words{Language::En};
  ScreenState state;
  Screen screen = Screen::Overview;
  std::vector<std::string> sites;  // that the reader may see
  Day today = 0;
  int small_group = 0;
  std::string reader;      // a name; empty: nobody is signed in, nobody has to
  bool may_edit = false;   // this site
  bool may_admin = false;  // everything
  std::string form_token;
  bool demo = false;         // the figures are made up, and the page says so
  std::string shared_until;  // a date: somebody looks at this through a link and can go nowhere
  bool as_file = false;      // mailed or kept: no links, the style inside

  bool may_follow() const { return shared_until.empty() && !as_file; }
};

std::string_view screen_path(Screen screen);
Text screen_title(Screen screen);

/// `/overview?site=…`, safe in an attribute.
std::string screen_link(Screen screen, const ScreenState& state);
/// The same to another path, with more parameters: `&format=csv`.
std::string path_link(std::string_view path, const ScreenState& state, std::string_view more = {});

}  // namespace portvakt::insights
