#include "proxy/exchange/https_filter.h"

#include "proxy/exchange/acme_challenge.h"
#include "proxy/exchange/local_reply.h"

namespace portvakt::exchange {
namespace {

using filters::Step;

constexpr std::string_view kHsts = "Strict-Transport-Security";

/// Without its port; an IPv6 address keeps its brackets.
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.rfind(':'));
}

bool reads_only(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

}  // namespace

Step HttpsFilter::on_request(filters::RequestContext& context) const {
  const http::RequestHead& request = context.head;
  if (is_challenge_path(request.path())) {
    const bool ours = !settings_.challenges.empty() && reads_only(request.method);
    return ours ? answer_challenge(context) : Step::Continue;
  }
  // `*` (of OPTIONS) is no place that one could be sent to.
  const bool somewhere = request.target.starts_with('/') && !request.authority.empty();
  const bool redirected = settings_.redirect && somewhere && !came_by_https(request, context.tls);
  return redirected ? send_to_https(context) : Step::Continue;
}

/// 301 is what every client understands; other methods get 308, which keeps method and body (RFC 9110
/// section 15.4.9).
Step HttpsFilter::send_to_https(filters::RequestContext& context) const {
  const http::RequestHead& request = context.head;
  std::string location = "https://" + std::string(host_of(request.authority));
  if (settings_.port != 443) location += ":" + std::to_string(settings_.port);
  location += request.target;
  context.reply = error_reply(reads_only(request.method) ? 301 : 308, context.clock.wall());
  context.reply.head.headers.add("Location", location);
  // For a while only: an operator may change his mind.
  context.reply.head.headers.set("Cache-Control", "max-age=3600");
  return Step::Replied;
}

Step HttpsFilter::answer_challenge(filters::RequestContext& context) const {
  auto answer = read_challenge(settings_.challenges, context.head.path());
  context.reply = error_reply(answer ? 200 : 404, context.clock.wall());
  if (!answer) return Step::Replied;
  context.reply.head.headers.set("Content-Type", "application/octet-stream");
  context.reply.body = std::move(*answer);
  return Step::Replied;
}

bool came_by_https(const http::RequestHead& request, bool tls) {
  return tls || request.headers.find("X-Forwarded-Proto") == "https";
}

void add_hsts(std::string_view policy, bool replaces, http::HeaderMap& headers) {
  if (policy.empty() || (!replaces && headers.has(kHsts))) return;
  headers.set(kHsts, policy);
}

}  // namespace portvakt::exchange
