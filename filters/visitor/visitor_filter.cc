#include "filters/visitor/visitor_filter.h"

#include <algorithm>
#include <utility>

#include "filters/agents/agent_cache.h"
#include "filters/visitor/client_headers.h"
#include "filters/visitor/organisation_crowds.h"
#include "filters/visitor/personal_data.h"
#include "proxy/base/ascii.h"
#include "proxy/http/url.h"

namespace portvakt::visitor {
namespace {

/// Does a site's host name, which may be `*.example.test`, name this host? `*` names nobody in particular.
bool names_host(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return ascii::iequals(pattern, host);
  const auto suffix = pattern.substr(1);
  return host.size() > suffix.size() && ascii::iequals(host.substr(host.size() - suffix.size()), suffix);
}

/// What a trusted proxy said of the scheme, else what the connection was.
std::string_view client_scheme(const http::RequestHead& head, bool believed, bool tls) {
  const auto said = believed ? head.headers.find("x-forwarded-proto") : std::nullopt;
  if (said && (ascii::iequals(*said, "https") || ascii::iequals(*said, "http"))) {
    return ascii::iequals(*said, "https") ? "https" : "http";
  }
  return tls ? "https" : "http";
}

/// The host that the client asked a trusted proxy for, else us.
std::string client_host(const http::RequestHead& head, bool believed) {
  const auto said = believed ? head.headers.find("x-forwarded-host") : std::nullopt;
  return std::string(said ? *said : std::string_view(head.authority));
}

}  // namespace

VisitorFilter::VisitorFilter(VisitorSettings settings)
    : settings_(std::move(settings)), scrubber_(settings_.query_allow) {}

filters::Step VisitorFilter::on_request(filters::RequestContext& context) const {
  http::RequestHead& head = context.head;
  const ClientOrigin origin = settings_.trusted.find_origin(context.client, head.headers);
  ClientStory story{.hops = upstream_hops(origin), .scheme = {}, .host = {}};
  if (origin.client) {
    note_place(*origin.client, context);
    context.notes.ip = settings_.truncation.truncate(*origin.client);
  }
  context.client.reset();

  note_browser(context);
  note_urls(head, context.notes);

  const std::string host = client_host(head, origin.peer_trusted);
  story.host = host;
  story.scheme = client_scheme(head, origin.peer_trusted, context.tls);
  remove_client_addresses(head.headers);
  tell_upstream(story, head.headers);
  return filters::Step::Continue;
}

std::vector<std::string> VisitorFilter::upstream_hops(const ClientOrigin& origin) const {
  std::vector<std::string> hops;
  if (!origin.client || settings_.client_address == config::ClientAddress::None) return hops;
  std::vector<IpAddress> addresses{*origin.client};
  addresses.insert(addresses.end(), origin.proxies.begin(), origin.proxies.end());
  for (const auto& address : addresses) {
    if (settings_.client_address == config::ClientAddress::Full) {
      hops.push_back(address.reveal());
      continue;
    }
    const TruncatedIp truncated = settings_.truncation.truncate(address);
    if (truncated.known()) hops.push_back(truncated.text());
  }
  return hops;
}

void VisitorFilter::note_place(const IpAddress& client, const filters::RequestContext& context) const {
  if (settings_.geo == nullptr) return;
  filters::Notes& notes = context.notes;
  notes.country = settings_.geo->country(client);
  notes.network = settings_.geo->network(client);
  if (notes.network.empty()) return;
  notes.rare_network =
      context.crowds == nullptr || !context.crowds->is_common(notes.network, client, context.clock.wall());
}

void VisitorFilter::note_browser(const filters::RequestContext& context) {
  const auto text = context.head.headers.find("user-agent").value_or(std::string_view());
  agents::Agent fresh;
  if (context.agents == nullptr) fresh = agents::read_user_agent(text);
  const agents::Agent& agent = context.agents == nullptr ? fresh : context.agents->read(text);
  filters::Notes& notes = context.notes;
  // A name that the sender made up may be anything, a person's address too.
  notes.browser = agent.open_name ? mask_personal_data(agent.browser) : agent.browser;
  notes.browser_version = agent.version;
  notes.os = agent.system;
  notes.device = agent.device;
  notes.open_browser = agent.open_name;
}

void VisitorFilter::note_urls(const http::RequestHead& head, filters::Notes& notes) const {
  notes.path = scrubber_.scrub_target(head.target);
  notes.campaign = scrubber_.find_campaign(head.query());
  const auto referrer = head.headers.find("referer");
  if (referrer) notes.referrer = scrubber_.scrub_referrer(*referrer, is_own(*referrer, head));
}

bool VisitorFilter::is_own(std::string_view referrer, const http::RequestHead& head) const {
  const http::ParsedUrl from = http::parse_url(referrer);
  if (!from.is_network()) return false;
  const std::string_view host = from.plain_host();
  if (ascii::iequals(head.authority, host)) return true;
  return http::parse_url(head.scheme + "://" + head.authority + "/").plain_host() == host ||
         std::ranges::any_of(settings_.hosts,
                             [&](const std::string& name) { return names_host(name, host); });
}

}  // namespace portvakt::visitor
