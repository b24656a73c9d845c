#include "insights/desk/reading.h"

#include <algorithm>
#include <array>

#include "insights/desk/api.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/tables.h"
#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;
using Read = Result<Answer> (*)(Desk&, const Visit&);

std::string title_of(const Visit& visit, Screen screen) {
  return visit.state.site + ": " + std::string(visit.words(screen_title(screen)));
}

Result<Answer> show(Desk& desk, const Visit& visit, Screen screen, const std::string& main) {
  return html(200, page(make_frame(desk, visit, screen), title_of(visit, screen), main));
}

Result<Answer> read_sites(Desk& desk, const Visit& visit) {
  if (visit.sites.empty()) return notice(visit.words, 200, Text::no_sites_title, Text::no_sites_text);
  std::vector<SiteAnswer> answers;
  for (const auto& site : visit.sites) {
    auto answer = ask_site(desk.reports, site);
    if (!answer) return tl::unexpected(answer.error());
    answers.push_back(std::move(*answer));
  }
  const auto frame = make_frame(desk, visit, Screen::Sites);
  return html(200, page(frame, visit.words(Text::all_sites), sites_screen(frame, answers)));
}

Result<Answer> read_overview(Desk& desk, const Visit& visit) {
  const auto answer = ask_overview(desk.reports, visit.state);
  if (!answer) return tl::unexpected(answer.error());
  return show(desk, visit, Screen::Overview,
              overview_screen(make_frame(desk, visit, Screen::Overview), *answer));
}

Result<Answer> read_consent(Desk& desk, const Visit& visit) {
  const auto query = query_of(visit.state, desk.reports.today(visit.state.site));
  const auto answer = desk.reports.consent(query, usual_granularity(query.period));
  if (!answer) return tl::unexpected(answer.error());
  return show(desk, visit, Screen::Consent,
              consent_screen(make_frame(desk, visit, Screen::Consent), *answer));
}

Result<Answer> read_held(Desk& desk, const Visit& visit) {
  const auto answer = desk.reports.held(query_of(visit.state, desk.reports.today(visit.state.site)));
  if (!answer) return tl::unexpected(answer.error());
  const auto proposal = desk.proposals.snippet(visit.state.site);
  if (!proposal) return tl::unexpected(proposal.error());
  return show(desk, visit, Screen::Held,
              held_screen(make_frame(desk, visit, Screen::Held), *answer, *proposal));
}

Result<Answer> read_goals(Desk& desk, const Visit& visit) {
  const auto answer = ask_goals(desk.reports, visit.state);
  if (!answer) return tl::unexpected(answer.error());
  return show(desk, visit, Screen::Goals, goals_screen(make_frame(desk, visit, Screen::Goals), *answer));
}

Result<Answer> read_realtime(Desk& desk, const Visit& visit) {
  const auto answer = desk.reports.realtime(visit.state.site);
  if (!answer) return tl::unexpected(answer.error());
  return show(desk, visit, Screen::Realtime,
              realtime_screen(make_frame(desk, visit, Screen::Realtime), *answer));
}

Result<Answer> read_bots(Desk& desk, const Visit& visit) {
  const auto answer = ask_bots(desk.reports, visit.state);
  if (!answer) return tl::unexpected(answer.error());
  return show(desk, visit, Screen::Bots, bots_screen(make_frame(desk, visit, Screen::Bots), *answer));
}

Result<Answer> read_notes(Desk& desk, const Visit& visit) {
  const auto period = period_of(visit.state, desk.reports.today(visit.state.site));
  const auto notes = desk.reports.definitions().annotations(visit.state.site, period);
  if (!notes) return tl::unexpected(notes.error());
  return show(desk, visit, Screen::Notes, notes_screen(make_frame(desk, visit, Screen::Notes), *notes));
}

Result<Answer> read_table(Desk& desk, const Visit& visit) {
  if (!visit.state.table) return not_found(visit.words);
  const auto table = ask_table(desk.reports, visit.state, kTableRows);
  if (!table) return tl::unexpected(table.error());
  const auto frame = make_frame(desk, visit, Screen::Table);
  const auto title = visit.state.site + ": " + std::string(dimension_title(visit.words, *visit.state.table));
  return html(200, page(frame, title, table_screen(frame, *table)));
}

Result<Answer> read_shares(Desk& desk, const Visit& visit) {
  const auto shares = desk.shares.list(desk.clock.wall());
  if (!shares) return tl::unexpected(shares.error());
  const auto frame = make_frame(desk, visit, Screen::Shares);
  std::vector<SharedLink> links;
  for (const auto& share : *shares) {
    // A link is as good as a session on what it shows: only those see it who may make one.
    if (share.site != visit.state.site || !frame.may_edit) continue;
    const auto token = desk.shares.token_of(share);
    if (!token) return tl::unexpected(token.error());
    links.push_back({share, own_address(desk, visit.request) + "/share/" + *token});
  }
  return show(desk, visit, Screen::Shares, shares_screen(frame, links, frame.may_edit));
}

struct Path {
  std::string_view path;
  Read read;
  bool of_site = true;
};
constexpr std::array kPaths = {
    Path{"/", read_sites, false},
    Path{"/overview", read_overview},
    Path{"/consent", read_consent},
    Path{"/held", read_held},
    Path{"/goals", read_goals},
    Path{"/realtime", read_realtime},
    Path{"/bots", read_bots},
    Path{"/notes", read_notes},
    Path{"/table", read_table},
    Path{"/shares", read_shares},
    Path{"/export", answer_export},
    Path{"/archive", answer_archive},
    Path{"/metrics", answer_metrics, false},
    Path{"/api/v1/openapi.json", answer_open_api, false},
    Path{"/api/v1/sites", answer_sites, false},
    Path{"/api/v1/overview", answer_screen},
    Path{"/api/v1/table", answer_screen},
    Path{"/api/v1/consent", answer_screen},
    Path{"/api/v1/held", answer_screen},
    Path{"/api/v1/goals", answer_screen},
    Path{"/api/v1/bots", answer_screen},
    Path{"/api/v1/realtime", answer_realtime},
    Path{"/api/v1/realtime/stream", answer_stream},
};

}  // namespace

bool is_api(std::string_view path) {
  return path.starts_with("/api/") || path == "/metrics";
}

std::optional<Result<Answer>> read(Desk& desk, const Visit& visit) {
  const auto found = std::ranges::find(kPaths, visit.path, &Path::path);
  if (found == kPaths.end()) return std::nullopt;
  // A site that is not this reader's is as one that is not there.
  if (found->of_site && std::ranges::find(visit.sites, visit.state.site) == visit.sites.end())
    return std::nullopt;
  return found->read(desk, visit);
}

Result<Answer> read_shared(Desk& desk, const http_server::Request& request, const Share& share) {
  auto state = parse_state(
      std::string_view(share.state).substr(std::min(share.state.find('?') + 1, share.state.size())));
  state.site = share.site;
  Visit visit{request, "/overview", {}, words_of(request, state), state, {share.site}};
  const auto answer = ask_overview(desk.reports, state);
  if (!answer) return tl::unexpected(answer.error());
  auto frame = make_frame(desk, visit, Screen::Overview);
  frame.shared_until = visit.words.date(day_of(share.ends));
  return html(200, page(frame, title_of(visit, Screen::Overview), overview_screen(frame, *answer)));
}

}  // namespace portvakt::insights
