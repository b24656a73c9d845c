#include "insights/desk/insights_server.h"

#include <algorithm>
#include <optional>

#include "insights/desk/changing.h"
#include "insights/desk/forms.h"
#include "insights/desk/reading.h"
#include "insights/desk/signing_in.h"
#include "insights/files/json.h"
#include "insights/pages/assets.h"
#include "proxy/base/address.h"
#include "proxy/base/ascii.h"
#include "proxy/base/log.h"
#include "proxy/http/content_coding.h"

namespace portvakt::insights {
namespace {

using http_server::Answer;
using http_server::Request;

constexpr std::size_t kWorthCompressing = 600;
constexpr std::string_view kSharePath = "/share/";

Answer with_policy(Answer answer) {
  answer.headers.insert(answer.headers.end(),
                        {{"Content-Security-Policy", std::string(page_policy())},
                         {"X-Content-Type-Options", "nosniff"},
                         {"X-Frame-Options", "DENY"},
                         {"Referrer-Policy", "same-origin"},
                         {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
                         {"Cross-Origin-Resource-Policy", "same-origin"},
                         {"Cross-Origin-Opener-Policy", "same-origin"}});
  return answer;
}

Answer compressed(const Request& request, Answer answer) {
  const bool text = answer.content_type.starts_with("text/") || answer.content_type.starts_with(kJson);
  if (!text || answer.feed || answer.body.size() < kWorthCompressing) return answer;
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (!request.headers.has_token("Accept-Encoding", "gzip")) return answer;
  http::Deflater deflater(http::Coding::Gzip);
  std::string packed;
  const auto take = [&](std::string_view bytes) { packed.append(bytes); };
  deflater.write(answer.body, take);
  deflater.end(take);
  answer.body = std::move(packed);
  answer.headers.emplace_back("Content-Encoding", "gzip");
  return answer;
}

std::optional<Answer> asset(std::string_view path) {
  const std::pair<std::string, std::string> keep{"Cache-Control", "public, max-age=31536000, immutable"};
  if (path == style_path()) return Answer{200, "text/css; charset=utf-8", std::string(style_text()), {keep}};
  if (path == script_path())
    return Answer{200, "text/javascript; charset=utf-8", std::string(script_text()), {keep}};
  return std::nullopt;
}

Answer unauthorized() {
  return {401, std::string(kJson), error_json("nobody is signed in"), {{"WWW-Authenticate", "Bearer"}}};
}

}  // namespace

InsightsServer::InsightsServer(net::EventLoop& loop, net::FileDescriptor listening, Reports& reports,
                               Database& accounts, const Clock& clock, InsightsSettings settings)
    : desk_(reports, accounts, clock, std::move(settings)),
      server_(loop, std::move(listening), [this](const Request& request) { return answer(request); }) {}

bool InsightsServer::is_our_name(std::string_view authority) const {
  const auto where = HostPort::parse(authority, 80);
  if (!where) return false;
  if (ascii::iequals(where->host, "localhost")) return true;
  const auto is_host = [&](const std::string& host) { return ascii::iequals(host, where->host); };
  if (std::ranges::any_of(desk_.settings.hosts, is_host)) return true;
  const auto address = IpAddress::parse(where->host);
  return address && address->is_loopback();
}

Result<Answer> InsightsServer::answer_known(const Request& request, Reader reader) {
  auto state = parse_state(request.query());
  const auto words = words_of(request, state);
  auto sites = sites_of(desk_, reader);
  if (!sites) return tl::unexpected(sites.error());
  if (state.site.empty() && !sites->empty()) state.site = sites->front();
  Visit visit{request, request.path(), std::move(reader), words, std::move(state), std::move(*sites)};
  if (request.method == "GET" || request.method == "HEAD") {
    if (visit.path == "/accounts") return read_accounts(desk_, visit);
    if (auto answered = read(desk_, visit)) return *answered;
    return is_api(visit.path)
               ? Answer{404, std::string(kJson), error_json("there is no such thing for you"), {}}
               : not_found(words);
  }
  if (request.method != "POST") {
    return Answer{405, "text/plain; charset=utf-8", "not allowed\n", {{"Allow", "GET, HEAD, POST"}}};
  }
  if (!from_own_page(request) || !is_masked(parameter(request.body, "token"), visit.reader.form_token))
    return notice(words, 403, Text::refused_title, Text::refused_text);
  if (auto changed = take_change(desk_, guesses_, visit)) return *changed;
  return not_found(words);
}

Result<Answer> InsightsServer::answer_shared(const Request& request) {
  const auto words = words_of(request, {});
  const auto share = desk_.shares.find(request.path().substr(kSharePath.size()), desk_.clock.wall());
  if (!share) return tl::unexpected(share.error());
  if (!*share || (request.method != "GET" && request.method != "HEAD")) return not_found(words);
  return read_shared(desk_, request, **share);
}

Result<Answer> InsightsServer::route(const Request& request) {
  if (auto found = asset(request.path())) return *found;
  if (request.path().starts_with(kSharePath)) return answer_shared(request);
  if (auto answered = at_the_door(desk_, guesses_, request)) return *answered;
  auto reader = desk_.gate.find_reader(request);
  if (!reader) return tl::unexpected(reader.error());
  if (!*reader) return is_api(request.path()) ? unauthorized() : send_to_door(request);
  return answer_known(request, std::move(**reader));
}

Answer InsightsServer::answer(const Request& request) {
  if (!is_our_name(request.authority))
    return with_policy(
        {421, "text/plain; charset=utf-8", "The reports are open only under their own names.\n", {}});
  auto answered = route(request);
  if (answered) return with_policy(compressed(request, std::move(*answered)));
  if (answered.error().kind == ErrorKind::Invalid) return with_policy(not_found(words_of(request, {})));
  log_error(answered.error().detail);
  return with_policy(notice(words_of(request, {}), 503, Text::fault_title, Text::fault_text));
}

}  // namespace portvakt::insights
