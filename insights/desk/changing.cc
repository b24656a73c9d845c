#include "insights/desk/changing.h"

#include <algorithm>
#include <array>

#include "insights/desk/forms.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;

std::int64_t number_of(std::string_view body, std::string_view name) {
  return static_cast<std::int64_t>(ascii::parse_uint(parameter(body, name)).value_or(0));
}

/// What was wrong with the input, in words; other errors go up.
Result<Answer> complain(const Visit& visit, const Error& error) {
  if (error.kind != ErrorKind::Invalid) return tl::unexpected(error);
  return html(422, notice_page(visit.words, visit.words(Text::refused_title),
                               visit.words.fill(Text::wrong_input, {error.detail})));
}

/// Back to the screen whose form it was.
Answer again(const Visit& visit) {
  return see_other(std::string(visit.path) + state_query(visit.state));
}

GoalKind kind_of(std::string_view name) {
  if (name == "outbound") return GoalKind::Outbound;
  if (name == "download") return GoalKind::Download;
  return name == "form" ? GoalKind::Form : GoalKind::Page;
}

/// A line is a page's address, or `name = address`.
Funnel funnel_of(std::string_view body) {
  Funnel funnel{0, parameter(body, "funnel"), {}};
  auto lines = parameter(body, "steps");
  std::ranges::replace(lines, '\r', '\n');
  for (const auto line : ascii::split(lines, '\n')) {
    const auto equals = line.find(" = ");
    const auto name = equals == std::string_view::npos ? line : ascii::trim(line.substr(0, equals));
    const auto pattern = equals == std::string_view::npos ? line : ascii::trim(line.substr(equals + 3));
    funnel.steps.push_back({std::string(name), {GoalKind::Page, std::string(pattern)}});
  }
  return funnel;
}

template <typename T>
Result<Answer> done(const Visit& visit, const Result<T>& result) {
  return result ? again(visit) : complain(visit, result.error());
}

Result<Answer> change_goals(Desk& desk, const Visit& visit) {
  const auto& body = visit.request.body;
  auto& definitions = desk.reports.definitions();
  const auto& site = visit.state.site;
  if (const auto id = number_of(body, "remove_goal"); id > 0)
    return done(visit, definitions.remove_goal(site, id));
  if (const auto id = number_of(body, "remove_funnel"); id > 0)
    return done(visit, definitions.remove_funnel(site, id));
  if (const auto name = parameter(body, "goal"); !name.empty()) {
    const Goal goal{0, name, {kind_of(parameter(body, "kind")), parameter(body, "pattern")}};
    return done(visit, definitions.store(site, goal));
  }
  return done(visit, definitions.store(site, funnel_of(body)));
}

Result<Answer> change_notes(Desk& desk, const Visit& visit) {
  const auto& body = visit.request.body;
  auto& definitions = desk.reports.definitions();
  if (const auto id = number_of(body, "remove"); id > 0)
    return done(visit, definitions.remove_annotation(visit.state.site, id));
  const auto from = parse_date(parameter(body, "from"));
  if (!from) return complain(visit, {ErrorKind::Invalid, ErrorSide::Client, parameter(body, "from")});
  const auto to = parse_date(parameter(body, "to")).value_or(*from);
  const Annotation note{0, AnnotationKind::Written, {*from, std::max(*from, to)}, parameter(body, "text")};
  return done(visit, definitions.store(visit.state.site, note));
}

Result<Answer> change_held(Desk& desk, const Visit& visit) {
  const auto& body = visit.request.body;
  return done(visit,
              desk.proposals.propose(visit.state.site, {parameter(body, "kind"), parameter(body, "name"),
                                                        parameter(body, "purpose")}));
}

Result<Answer> change_shares(Desk& desk, const Visit& visit) {
  const auto& body = visit.request.body;
  const auto now = desk.clock.wall();
  if (const auto id = parameter(body, "revoke"); !id.empty()) {
    const auto running = desk.shares.list(now);
    if (!running) return tl::unexpected(running.error());
    const auto found = std::ranges::find(*running, id, &Share::id);
    if (found == running->end() || found->site != visit.state.site) return not_found(visit.words);
    return done(visit, desk.shares.revoke(id));
  }
  const auto days = std::clamp<std::int64_t>(number_of(body, "days"), 1, 366);
  const auto state = "/overview" + state_query(visit.state);
  return done(
      visit, desk.shares.make(visit.state.site, state, visit.reader.name.empty() ? "demo" : visit.reader.name,
                              std::chrono::hours{24 * days}, now));
}

struct Path {
  std::string_view path;
  Result<Answer> (*change)(Desk&, const Visit&);
};
constexpr std::array kPaths = {Path{"/goals", change_goals}, Path{"/notes", change_notes},
                               Path{"/held", change_held}, Path{"/shares", change_shares}};

Result<Answer> change_password(Desk& desk, GuessLimit& guesses, const Visit& visit) {
  const auto& name = visit.reader.name;
  if (name.empty()) return not_found(visit.words);
  if (!guesses.take(name, desk.clock.steady()))
    return notice(visit.words, 429, Text::refused_title, Text::too_many);
  const auto right = desk.accounts.check_password(name, parameter(visit.request.body, "old"));
  if (!right) return tl::unexpected(right.error());
  if (!*right) return notice(visit.words, 403, Text::refused_title, Text::wrong_password);
  guesses.forgive(name);
  auto set = desk.accounts.set_password(name, parameter(visit.request.body, "new"));
  if (!set) return complain(visit, set.error());
  // Every session of the account has ended, this one too: whoever knows the new password signs in.
  return see_other("/sign-in");
}

Result<Answer> link_for(Desk& desk, const Visit& visit, const std::string& name) {
  const auto token = desk.accounts.make_welcome(name, desk.clock.wall());
  if (!token) return complain(visit, token.error());
  return read_accounts(desk, visit, name, own_address(desk, visit.request) + "/welcome?token=" + *token);
}

Result<Answer> change_accounts(Desk& desk, GuessLimit& guesses, const Visit& visit) {
  const auto& body = visit.request.body;
  const auto what = parameter(body, "do"), name = parameter(body, "name");
  if (what == "password") return change_password(desk, guesses, visit);
  if (!visit.reader.is_admin()) return not_found(visit.words);
  if (what == "link") return link_for(desk, visit, name);
  if (what == "remove") {
    if (name == visit.reader.name) return not_found(visit.words);
    const auto removed = desk.accounts.remove(name);
    return removed ? Result<Answer>(see_other("/accounts")) : complain(visit, removed.error());
  }
  const auto role = find_role(parameter(body, "role"));
  if (what != "add" || !role) return not_found(visit.words);
  const auto site = parameter(body, "for");
  const bool known = site == kEverySite || std::ranges::find(visit.sites, site) != visit.sites.end();
  if (!known) return not_found(visit.words);
  const auto added = desk.accounts.add(name, {{site, *role}});
  return added ? link_for(desk, visit, name) : complain(visit, added.error());
}

}  // namespace

Result<Answer> read_accounts(Desk& desk, const Visit& visit, const std::string& link_for_name,
                             const std::string& link) {
  if (desk.gate.open()) return not_found(visit.words);
  const auto frame = make_frame(desk, visit, Screen::Accounts);
  std::vector<Account> accounts;
  if (frame.may_admin) {
    auto all = desk.accounts.list();
    if (!all) return tl::unexpected(all.error());
    accounts = std::move(*all);
  }
  return html(
      200, page(frame, visit.words(Text::accounts), accounts_screen(frame, accounts, link_for_name, link)));
}

std::optional<Result<Answer>> take_change(Desk& desk, GuessLimit& guesses, const Visit& visit) {
  if (visit.path == "/accounts" && !desk.gate.open()) return change_accounts(desk, guesses, visit);
  const auto found = std::ranges::find(kPaths, visit.path, &Path::path);
  if (found == kPaths.end()) return std::nullopt;
  const bool there = std::ranges::find(visit.sites, visit.state.site) != visit.sites.end();
  if (!there || !visit.reader.may(Role::Editor, visit.state.site)) return not_found(visit.words);
  return found->change(desk, visit);
}

}  // namespace portvakt::insights
