// What each screen says, as the HTML of its main part. Pure functions of answers that were asked before.
#pragma once

#include <string>
#include <vector>

#include "insights/accounts/accounts.h"
#include "insights/accounts/shares.h"
#include "insights/pages/answers.h"
#include "insights/pages/frame.h"

namespace portvakt::insights {

std::string sites_screen(const Frame& frame, const std::vector<SiteAnswer>& sites);
std::string overview_screen(const Frame& frame, const OverviewAnswer& answer);
std::string consent_screen(const Frame& frame, const ConsentAnswer& answer);
/// `proposal`: what was proposed so far, as text for the configuration.
std::string held_screen(const Frame& frame, const HeldAnswer& answer, const std::string& proposal);
std::string goals_screen(const Frame& frame, const GoalsAnswer& answer);
std::string realtime_screen(const Frame& frame, const Realtime& answer);
std::string bots_screen(const Frame& frame, const BotsAnswer& answer);
std::string notes_screen(const Frame& frame, const std::vector<Annotation>& notes);

struct SharedLink {
  Share share;
  std::string address;  // the whole link
};
std::string shares_screen(const Frame& frame, const std::vector<SharedLink>& links, bool may_share);

/// `link`: one that was just made for `link_for`, to be handed over.
std::string accounts_screen(const Frame& frame, const std::vector<Account>& accounts,
                            const std::string& link_for, const std::string& link);

/// `fault`: what was wrong with the attempt before; empty: nothing.
std::string sign_in_screen(const Words& words, std::string_view fault, std::string_view back);
std::string welcome_screen(const Words& words, std::string_view token, std::string_view account,
                           std::string_view fault);

}  // namespace portvakt::insights
