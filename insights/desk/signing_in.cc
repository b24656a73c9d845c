#include "insights/desk/signing_in.h"

#include "insights/desk/forms.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;

Result<Answer> enter(Desk& desk, const http_server::Request& request, const std::string& account,
                     const std::string& to) {
  const auto token = desk.sessions.begin(account, desk.clock.wall());
  if (!token) return tl::unexpected(token.error());
  auto answer = see_other(to);
  answer.headers.emplace_back("Set-Cookie", desk.gate.session_cookie(request, *token));
  return answer;
}

Result<Answer> sign_in(Desk& desk, GuessLimit& guesses, const http_server::Request& request,
                       const Words& words) {
  const auto name = parameter(request.body, "name").substr(0, kLongestName + 1);
  const auto back = own_path(parameter(request.body, "back"));
  if (!guesses.take(name, desk.clock.steady())) {
    auto answer = html(429, sign_in_screen(words, words(Text::too_many), back));
    answer.headers.emplace_back("Retry-After", "60");
    return answer;
  }
  const auto right = desk.accounts.check_password(name, parameter(request.body, "password"));
  if (!right) return tl::unexpected(right.error());
  if (!*right) return html(403, sign_in_screen(words, words(Text::wrong_password), back));
  guesses.forgive(name);
  return enter(desk, request, name, back);
}

Result<Answer> welcome(Desk& desk, const http_server::Request& request, const Words& words) {
  const bool sends = request.method == "POST";
  const auto token = sends ? parameter(request.body, "welcome") : parameter(request.query(), "token");
  const auto account = desk.accounts.find_welcome(token, desk.clock.wall());
  if (!account) return tl::unexpected(account.error());
  if (!*account) return not_found(words);
  if (!sends) return html(200, welcome_screen(words, token, **account, {}));
  const auto set = desk.accounts.set_password(**account, parameter(request.body, "password"));
  if (!set && set.error().kind != ErrorKind::Invalid) return tl::unexpected(set.error());
  if (!set) return html(422, welcome_screen(words, token, **account, words(Text::least_password)));
  if (auto spent = desk.accounts.spend_welcome(token); !spent) return tl::unexpected(spent.error());
  return enter(desk, request, **account, "/");
}

Result<Answer> sign_out(Desk& desk, const http_server::Request& request) {
  const auto reader = desk.gate.find_reader(request);
  if (!reader) return tl::unexpected(reader.error());
  const bool meant = *reader && is_masked(parameter(request.body, "token"), (*reader)->form_token);
  if (meant && !(*reader)->session_token.empty()) {
    if (auto ended = desk.sessions.end((*reader)->session_token); !ended)
      return tl::unexpected(ended.error());
  }
  auto answer = see_other("/sign-in");
  if (meant) answer.headers.emplace_back("Set-Cookie", desk.gate.session_cookie(request, {}));
  return answer;
}

}  // namespace

std::optional<Result<Answer>> at_the_door(Desk& desk, GuessLimit& guesses,
                                          const http_server::Request& request) {
  const auto path = request.path();
  const bool sends = request.method == "POST";
  if (path != "/sign-in" && path != "/welcome" && path != "/sign-out") return std::nullopt;
  const auto words = words_of(request, {});
  if (desk.gate.open()) return Result<Answer>(not_found(words));
  if (sends && !from_own_page(request))
    return Result<Answer>(notice(words, 403, Text::refused_title, Text::refused_text));
  if (path == "/welcome") return welcome(desk, request, words);
  if (path == "/sign-out") return sends ? sign_out(desk, request) : Result<Answer>(not_found(words));
  if (sends) return sign_in(desk, guesses, request, words);
  return Result<Answer>(html(200, sign_in_screen(words, {}, own_path(parameter(request.query(), "back")))));
}

Answer send_to_door(const http_server::Request& request) {
  const auto to = own_path(request.target);
  return see_other(to == "/" ? "/sign-in" : "/sign-in?back=" + encode_parameter(to));
}

}  // namespace portvakt::insights
