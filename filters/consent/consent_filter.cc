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
constexpr std::string_view kUpdateHeader = "Portvakt-Update";  // see guard_update_source.cc
constexpr std::size_t kMaxUpdateWords = 64;
constexpr std::string_view kGpcPath = "/.well-known/gpc.json";

std::string style_element(const std::string& style) {
  return "<style>" + style + "</style>";
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

/// Something that was granted before is not any more.
bool takes_back(const ConsentState& before, const ConsentState& now) {
  const auto lost = [&](const std::string& id) {
    return std::ranges::find(now.vendors_granted, id) == now.vendors_granted.end();
  };
  return (before.granted.bits() & ~now.granted.bits()) != 0 ||
         std::ranges::any_of(before.vendors_granted, lost);
}

}  // namespace

ConsentFilter::ConsentFilter(ConsentSettings settings)
    : settings_(std::move(settings)),
      cookie_(settings_),
      banner_(settings_),
      question_style_(style_element(question_style(settings_.theme))),
      answered_style_(style_element(answered_style())),
      pages_(settings_),
      rights_(settings_, cookie_) {}

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
  read_update(context);
  prepare_page(context);
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
  if (name == "update.js") return PrivacyPages::script(settings_.update_script);
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
  const auto before = context.notes.consent;
  save_choice(context, *form);
  const auto cookies = cookie_.set_cookies(
      context.notes.consent, context.tls ? ConsentCookie::Transport::Tls : ConsentCookie::Transport::Plain,
      context.head);
  for (const auto& cookie : cookies) context.notes.set_cookies.push_back(cookie);
  const bool withdraws = takes_back(before, context.notes.consent);

  filters::Reply reply;
  const bool script = accepts(context.head.headers, "application/json");
  reply.head.status = script ? 204 : 303;
  if (!script) {
    // A choice that led back to this address would end in a 405.
    const bool loops = form->return_path.starts_with(settings_.path + "choice");
    reply.head.headers.add("Location", loops ? std::string_view("/") : std::string_view(form->return_path));
  }
  for (const auto& cookie : cookies) reply.head.headers.add("Set-Cookie", cookie);
  if (settings_.clear_storage && withdraws) reply.head.headers.add("Clear-Site-Data", "\"storage\"");
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
  if (form.adds && before.chosen) {
    state.granted = before.granted;
    state.vendors_refused = before.vendors_refused;
    std::erase(state.vendors_refused, form.vendors.front());
    for (const auto& vendor : before.vendors_granted) {
      if (vendor != form.vendors.front()) state.vendors_granted.push_back(vendor);
    }
  }
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
  // What was read when choosing, where the form says so.
  const auto read_in = settings_.locales->find(form.language);
  const Locale& locale = settings_.locales->all()[read_in ? *read_in : language(context)];
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

void ConsentFilter::prepare_page(RequestContext& context) const {
  if (!http::may_be_page(context.head)) return;
  filters::Notes& notes = context.notes;
  const bool top = notes.update_from || http::asks_for_top_document(context.head);
  const bool ask = top && must_ask(context);
  if (top) notes.head_insertion += ask ? question_style_ : answered_style_;
  // A page that came by POST cannot be asked for again.
  const bool read = is_read(context.head.method);
  const std::string return_path(read ? safe_return_path(context.head.target) : std::string_view("/"));
  const auto write = [this, top, ask, read, return_path, &notes](std::size_t language) {
    if (!top) return std::string();
    const BannerPlace place{language, return_path, notes.country, read, notes.update_from.has_value()};
    const auto& state = notes.consent;
    const bool nothing = state.granted.only_necessary() && state.vendors_granted.empty();
    if (ask) return banner_.question(place);
    return banner_.way_back(place, nothing ? Banner::Withdrawal::Without : Banner::Withdrawal::With);
  };
  const std::size_t accepted = language(context);
  notes.body_insertion = write(accepted);
  notes.speak = [this, write, accepted, &notes](std::string_view page_language) {
    const auto known = settings_.locales->find(page_language);
    if (!known || *known == accepted) return;
    notes.locale = &settings_.locales->all()[*known];
    notes.body_insertion = write(*known);
  };
}

/// `necessary, analytics, +youtube`: purposes by name, vendors decided apart by their sign. A header that a
/// page may only send to its own site.
void ConsentFilter::read_update(RequestContext& context) const {
  const auto field = context.head.headers.find(kUpdateHeader);
  if (!field) return;
  ConsentState before;
  auto words = ascii::split(*field, ',');
  if (words.size() > kMaxUpdateWords) words.resize(kMaxUpdateWords);
  for (const auto word : words) {
    const auto name = ascii::trim(word);
    if (const auto purpose = settings_.names.find(std::string(name))) before.granted.add(*purpose);
    if (name.starts_with('+')) before.vendors_granted.emplace_back(name.substr(1));
    if (name.starts_with('-')) before.vendors_refused.emplace_back(name.substr(1));
  }
  context.notes.update_from = std::move(before);
  context.head.headers.remove(kUpdateHeader);
}

/// A visitor whose browser objects by itself has answered: asking again would be nagging.
bool ConsentFilter::must_ask(const RequestContext& context) const {
  const auto& state = context.notes.consent;
  const bool told = settings_.regions.rule(context.notes.country) == RegionRule::Notice;
  return !state.chosen && !told && !objects(state) && !settings_.offered.empty();
}

/// The privacy page is read in the language of the page that led there, so that is in the address.
std::size_t ConsentFilter::language(const RequestContext& context) const {
  const bool own = context.head.path().starts_with(settings_.path);
  const auto asked = own ? field_of_query(context.head.query(), "language") : std::string();
  return settings_.locales->choose_index(
      asked, context.head.headers.find("Accept-Language").value_or(std::string_view()));
}

}  // namespace portvakt::consent
