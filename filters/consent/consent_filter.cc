#include "filters/consent/consent_filter.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/http/cookie.h"
#include "proxy/http/fetch_metadata.h"

namespace portvakt::consent {
namespace {

using filters::RequestContext;
using filters::Step;

constexpr std::size_t kVisitorIdBytes = 16;
constexpr std::size_t kReceiptIdBytes = 16;
constexpr std::string_view kGpcPath = "/.well-known/gpc.json";

std::vector<std::string> source_expressions(std::initializer_list<std::string_view> texts) {
  std::vector<std::string> out;
  for (const auto text : texts) out.push_back("'sha256-" + crypto::base64(crypto::sha256(text)) + "'");
  return out;
}

/// Gateways to scripts turn hyphens into underscores, so a client could speak for us under
/// `Consent_Purposes`.
bool is_purposes_header(std::string_view name) {
  constexpr std::string_view kName = "consent-purposes";
  return std::ranges::equal(name, kName, [](char written, char expected) {
    return (written == '_' ? '-' : ascii::to_lower(written)) == expected;
  });
}

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

Step replied(RequestContext& context, filters::Reply reply) {
  context.reply = std::move(reply);
  return Step::Replied;
}

Step refuse_method(RequestContext& context, std::string_view allowed) {
  auto reply = PrivacyPages::plain(405, "This address does not take that method.");
  reply.head.headers.add("Allow", allowed);
  return replied(context, std::move(reply));
}

/// True if a media range names the type itself; wildcards do not count.
bool accepts(const http::HeaderMap& headers, std::string_view type) {
  for (const auto field : headers.all("Accept")) {
    for (const auto range : ascii::split(field, ',')) {
      if (ascii::iequals(ascii::trim(range.substr(0, range.find(';'))), type)) return true;
    }
  }
  return false;
}

bool is_form(const http::HeaderMap& headers) {
  const auto type = headers.find("Content-Type");
  if (!type) return true;
  return ascii::iequals(ascii::trim(type->substr(0, type->find(';'))), "application/x-www-form-urlencoded");
}

/// For a sensitive page: as if nothing had been granted, and by nobody in particular.
void let_nobody_in(ConsentState& state) {
  state.granted = {};
  state.vendors_granted.clear();
  state.visitor_id.clear();
}

bool objects(const ConsentState& state) {
  return state.source == ConsentSource::Gpc || state.source == ConsentSource::DoNotTrack;
}

/// Where a page before this one is named, tags on the next would read it.
void hide_address(http::HeaderMap& headers) {
  for (const auto policy : headers.all("Referrer-Policy")) {
    if (ascii::iequals(ascii::trim(policy), "no-referrer")) return;
  }
  headers.set("Referrer-Policy", "strict-origin");
}

/// The first field of that name in a query, decoded.
std::string field_of_query(std::string_view query, std::string_view name) {
  for (const auto part : ascii::split(query, '&')) {
    if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
      return ascii::decode_form_component(part.substr(name.size() + 1));
  }
  return {};
}

}  // namespace

ConsentFilter::ConsentFilter(ConsentSettings settings)
    : settings_(std::move(settings)),
      cookie_(settings_),
      banner_(settings_),
      pages_(settings_),
      rights_(settings_, cookie_) {}

std::vector<std::string> ConsentFilter::style_hashes() {
  return source_expressions({banner_style(), way_back_style()});
}

std::vector<std::string> ConsentFilter::script_hashes() {
  return source_expressions({banner_script()});
}

Step ConsentFilter::on_request(RequestContext& context) const {
  context.notes.consent = read_state(context);
  context.notes.locale = &settings_.locales->all()[language(context)];
  const auto path = context.head.path();
  const bool passed_on = std::ranges::find(settings_.passed_on, path) != settings_.passed_on.end();
  if (!passed_on && (path.starts_with(settings_.path) || path == kGpcPath)) return answer(context);

  context.notes.sensitive = settings_.sensitive.contains(path);
  if (context.notes.sensitive) let_nobody_in(context.notes.consent);
  http::remove_cookies(context.head.headers,
                       [](const http::Cookie& cookie) { return cookie.name == kConsentCookieName; });
  context.head.headers.remove_if(
      [](const http::HeaderMap::Field& field) { return is_purposes_header(field.name); });
  context.head.headers.add("Consent-Purposes", settings_.names.join(context.notes.consent.granted, ", "));
  if (http::asks_for_top_document(context.head)) prepare_document(context);
  return Step::Continue;
}

Result<void> ConsentFilter::on_response(filters::ResponseContext& context) const {
  context.head.headers.remove_if([](const http::HeaderMap::Field& field) {
    if (!ascii::iequals(field.name, "Set-Cookie")) return false;
    const auto cookie = http::parse_set_cookie(field.value);
    return cookie && cookie->name == kConsentCookieName;
  });
  if (context.notes.sensitive) hide_address(context.head.headers);
  return {};
}

ConsentState ConsentFilter::read_state(const RequestContext& context) const {
  if (auto chosen = cookie_.read(context.head.headers, context.clock.wall())) return std::move(*chosen);
  ConsentState state;
  if (settings_.regions.rule(context.notes.country) != RegionRule::OptIn)
    state.granted = settings_.offered_set();
  heed_objection(context.head.headers, state);
  return state;
}

void ConsentFilter::heed_objection(const http::HeaderMap& headers, ConsentState& state) const {
  const bool gpc = headers.find("Sec-GPC") == "1";
  if (!gpc && !(settings_.do_not_track && headers.find("DNT") == "1")) return;
  state.source = gpc ? ConsentSource::Gpc : ConsentSource::DoNotTrack;
  state.granted.remove(filters::kAnalytics);
  state.granted.remove(filters::kMarketing);
}

Step ConsentFilter::answer(RequestContext& context) const {
  if (context.head.path() == settings_.path + "choice") return answer_choice(context);
  if (const auto name = context.head.path(); name.starts_with(settings_.path)) {
    const auto step = rights_.answer(context, name.substr(settings_.path.size()), language(context));
    if (step) return *step;
  }
  auto reply = document(context);
  if (!reply) return replied(context, PrivacyPages::plain(404, "There is nothing at this address."));
  if (!is_read(context.head.method)) return refuse_method(context, "GET, HEAD");
  return replied(context, std::move(*reply));
}

std::optional<filters::Reply> ConsentFilter::document(const RequestContext& context) const {
  const auto& state = context.notes.consent;
  const auto path = context.head.path();
  if (path == kGpcPath) return PrivacyPages::gpc_support();
  const auto name = path.substr(settings_.path.size());
  if (name.empty()) {
    const auto query = context.head.query();
    const auto return_path = field_of_query(query, "return");
    return pages_.preferences(state, language(context), safe_return_path(return_path),
                              field_of_query(query, "vendor"));
  }
  if (name == "state.json") return pages_.state(state);
  if (name == "declaration.json") return pages_.declaration();
  if (name == "receipt.json") return pages_.receipt(state);
  return std::nullopt;
}

Step ConsentFilter::answer_choice(RequestContext& context) const {
  if (context.head.method != "POST") return refuse_method(context, "POST");
  if (!comes_from_own_page(context.head, context.tls)) {
    return replied(context, PrivacyPages::plain(403, "A choice can only be made on this site's own pages."));
  }
  if (!is_form(context.head.headers)) {
    return replied(context, PrivacyPages::plain(400, "A choice is sent as a form."));
  }
  if (!context.body) return Step::CollectBody;
  auto form = parse_choice_form(*context.body, settings_);
  if (!form) return replied(context, PrivacyPages::plain(400, "The form does not say what was chosen."));
  save_choice(context, *form);
  const auto cookies = cookie_.set_cookies(
      context.notes.consent, context.tls ? ConsentCookie::Transport::Tls : ConsentCookie::Transport::Plain,
      context.head);
  for (const auto& cookie : cookies) context.notes.set_cookies.push_back(cookie);

  filters::Reply reply;
  const bool script = accepts(context.head.headers, "application/json");
  reply.head.status = script ? 204 : 303;
  if (!script) {
    // A choice that led back to this address would end in a 405.
    const bool loops = form->return_path.starts_with(settings_.path + "choice");
    reply.head.headers.add("Location", loops ? std::string_view("/") : std::string_view(form->return_path));
  }
  for (const auto& cookie : cookies) reply.head.headers.add("Set-Cookie", cookie);
  reply.head.headers.add("Cache-Control", "no-store");
  return replied(context, std::move(reply));
}

void ConsentFilter::save_choice(RequestContext& context, const ChoiceForm& form) const {
  const auto before = std::move(context.notes.consent);
  ConsentState state;
  state.granted = form.granted;
  state.chosen = true;
  state.source = form.source;
  state.policy_version = settings_.policy_version;
  state.vendors_granted = form.vendors;
  const auto now = context.clock.wall();
  if (state.grants(filters::kAnalytics)) {
    state.visitor_id = before.visitor_id;
    if (state.visitor_id.empty() && !rights_.is_frozen(context))
      state.visitor_id = ascii::base64url(crypto::random_bytes(kVisitorIdBytes));
    state.given_at = std::chrono::floor<std::chrono::seconds>(now);
  } else {
    // To the second, the time alone would tell one visitor of a small site from all others.
    state.given_at = std::chrono::floor<std::chrono::minutes>(now);
  }
  const Locale& locale = settings_.locales->all()[language(context)];
  context.notes.receipt =
      ConsentReceipt{state,           ascii::base64url(crypto::random_bytes(kReceiptIdBytes)),
                     form.choice,     locale.version,
                     locale.language, context.notes.country};
  note_circumstances(context, before, *context.notes.receipt);
  context.notes.consent = std::move(state);
}

/// What else proves the choice: what it did to the one before, what held until then, and until when it
/// stands.
void ConsentFilter::note_circumstances(const RequestContext& context, const ConsentState& before,
                                       ConsentReceipt& receipt) const {
  const auto& state = receipt.state;
  const bool nothing = state.granted.only_necessary() && state.vendors_granted.empty();
  const bool taken_back = before.chosen && (before.granted.bits() & ~state.granted.bits()) != 0;
  receipt.event = taken_back ? "withdrawn" : nothing ? "refused" : "given";
  receipt.rule = rule_name(settings_.regions.rule(context.notes.country));
  if (context.head.headers.find("DNT") == "1") receipt.signal = "dnt";
  if (context.head.headers.find("Sec-GPC") == "1") receipt.signal = "gpc";
  receipt.expires = cookie_.expiry(state);
  receipt.asked = settings_.offered;
}

void ConsentFilter::prepare_document(RequestContext& context) const {
  const auto& state = context.notes.consent;
  // A page that came by POST cannot be asked for again.
  const bool read = is_read(context.head.method);
  const auto return_path = read ? safe_return_path(context.head.target) : std::string_view("/");
  const bool told = settings_.regions.rule(context.notes.country) == RegionRule::Notice;
  // A visitor whose browser objects by itself has answered: asking again would be nagging.
  if (state.chosen || told || objects(state) || settings_.offered.empty()) {
    context.notes.body_insertion += banner_.way_back(language(context), return_path);
    return;
  }
  context.notes.body_insertion +=
      banner_.question(language(context), return_path, read ? Banner::Script::With : Banner::Script::Without);
}

std::size_t ConsentFilter::language(const RequestContext& context) const {
  return settings_.locales->choose_index(
      {}, context.head.headers.find("Accept-Language").value_or(std::string_view()));
}

}  // namespace portvakt::consent
