#include "filters/consent/rights_paths.h"

#include <algorithm>

#include "filters/consent/declaration_page.h"
#include "filters/consent/form_post.h"
#include "filters/consent/kept_documents.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::consent {

using filters::Answer;
using filters::Asked;
using filters::Step;
using Outcome = filters::Answer::Outcome;

namespace {

constexpr std::size_t kMaxWords = 8000;
constexpr std::size_t kMaxContact = 200;
constexpr std::size_t kReceiptIdBytes = 16;
constexpr std::size_t kGuesserBytes = 12;

/// A document that holds a visitor's data is for a person who follows a link, not for scripts of the page.
bool asked_by_a_person(const http::RequestHead& head) {
  const auto dest = head.headers.find("Sec-Fetch-Dest");
  return !dest || *dest == "document";
}

std::string host_and(const filters::RequestContext& context, std::string_view path) {
  return context.head.authority + std::string(path);
}

}  // namespace

/// One request on its way through a handler.
struct RightsPaths::Call {
  filters::RequestContext& context;
  PageView view;
  std::optional<FrozenVisitor> frozen;

  const ConsentState& state() const { return context.notes.consent; }
  /// The id under which something may be kept; empty if there is none.
  const std::string& visitor() const { return frozen ? frozen->id : state().visitor_id; }
  const RightsTexts& texts() const { return view.locale.rights; }
  std::string path(std::string_view name) const { return view.settings.path + std::string(name); }
  Step reply(filters::Reply answer) {
    context.reply = std::move(answer);
    return Step::Replied;
  }
  Step page(int status, std::string text) { return reply(page_reply(status, view.locale, std::move(text))); }
  Step refuse(int status, std::string_view text) {
    return reply(document_reply(status, "text/plain; charset=utf-8", std::string(text) + "\n"));
  }
  const Answer* answer() const { return context.answer ? &*context.answer : nullptr; }
};

struct RightsPaths::Route {
  std::string_view name;
  Handler get;
  Handler post;
};

const RightsPaths::Route* RightsPaths::find_route(std::string_view name) {
  using R = RightsPaths;
  static constexpr Route kRoutes[] = {
      {"declaration", &R::declaration, nullptr},
      {"my-data", &R::my_data, nullptr},
      {"my-data.json", &R::my_json, nullptr},
      {"my-data.csv", &R::my_csv, nullptr},
      {"my-data.schema.json", &R::json_schema, nullptr},
      {"my-data.csv-metadata.json", &R::csv_metadata, nullptr},
      {"erase", &R::erase_question, &R::erase},
      {"restrict", nullptr, &R::restrict_data},
      {"release", nullptr, &R::release},
      {"object", nullptr, &R::object},
      {"requests", &R::requests, &R::file_request},
      {"device", &R::device, &R::use_code},
      {"code", nullptr, &R::make_code},
  };
  for (const Route& route : kRoutes) {
    if (route.name == name) return &route;
  }
  return nullptr;
}

RightsPaths::RightsPaths(const ConsentSettings& settings, const ConsentCookie& cookie)
    : settings_(settings), cookie_(cookie), frozen_(settings), seal_(settings) {}

bool RightsPaths::is_frozen(const filters::RequestContext& context) const {
  return frozen_.read(context.head.headers, context.clock.wall()).has_value();
}

std::optional<Step> RightsPaths::answer(filters::RequestContext& context, std::string_view name,
                                        std::size_t language) const {
  const Route* route = find_route(name);
  if (route == nullptr) return std::nullopt;
  Call call{context,
            {settings_, settings_.locales->all()[language]},
            frozen_.read(context.head.headers, context.clock.wall())};
  const auto& method = context.head.method;
  const bool reads = method == "GET" || method == "HEAD";
  if (reads && route->get) return (this->*route->get)(call);
  if (method == "POST" && route->post) {
    if (const auto step = await_form(context)) return step;
    return (this->*route->post)(call);
  }
  const Step step = call.refuse(405, "This address does not take that method.");
  context.reply.head.headers.add("Allow", !route->post  ? "GET, HEAD"
                                          : !route->get ? "POST"
                                                        : "GET, HEAD, POST");
  return step;
}

Step RightsPaths::ask(Call& call, Asked asked, std::string visitor) const {
  auto& question = call.context.question.emplace();
  question.asked = asked;
  question.site = settings_.site;
  question.visitor = std::move(visitor);
  question.now = call.context.clock.wall();
  // Whose guesses these are: the visitor's network, as a hash that only we can make and that is another
  // tomorrow.
  const auto today = std::chrono::floor<std::chrono::days>(question.now).time_since_epoch().count();
  const auto text = std::string("portvakt guesser").append(1, '\0') + settings_.site + std::string(1, '\0') +
                    call.context.notes.ip.text() + std::string(1, '\0') + std::to_string(today);
  question.guesser = ascii::base64url(
      std::string_view(crypto::hmac_sha256(settings_.keys.front().secret, text)).substr(0, kGuesserBytes));
  return Step::Ask;
}

Step RightsPaths::unavailable(Call& call, PagePlace place, std::string_view retry) const {
  const auto step = call.page(503, unavailable_page(call.view, place, call.path(retry)));
  call.context.reply.head.headers.add("Retry-After", "120");
  return step;
}

Step RightsPaths::declaration(Call& call) const {
  return call.page(200, declaration_page(call.view, call.state()));
}

Step RightsPaths::my_data(Call& call) const {
  const auto done = form_field(call.context.head.query(), "done");
  std::string said;
  if (done == "erased") said = call.texts().erased;
  if (done == "objected") said = call.texts().objected;
  if (call.visitor().empty()) return call.page(200, no_data_page(call.view, said));
  const Answer* kept = call.answer();
  if (kept == nullptr) return ask(call, Asked::Export, call.visitor());
  if (kept->outcome == Outcome::Unavailable) return unavailable(call, PagePlace::MyData, "my-data");
  DataPage page{std::move(said), {}, call.state().grants(filters::kAnalytics)};
  if (call.frozen) page.frozen = call.frozen->since;
  return call.page(200, my_data_page(call.view, page, *kept));
}

Step RightsPaths::my_json(Call& call) const {
  if (!asked_by_a_person(call.context.head)) return call.refuse(403, "Open this address itself.");
  if (call.visitor().empty()) return call.refuse(404, "Nothing is kept that is linked to this browser.");
  const Answer* kept = call.answer();
  if (kept == nullptr) return ask(call, Asked::Export, call.visitor());
  if (kept->outcome == Outcome::Unavailable) return unavailable(call, PagePlace::MyData, "my-data");
  return call.reply(download_reply("application/json", "my-data.json",
                                   kept_json(settings_.site, *kept, call.context.clock.wall())));
}

Step RightsPaths::my_csv(Call& call) const {
  if (!asked_by_a_person(call.context.head)) return call.refuse(403, "Open this address itself.");
  if (call.visitor().empty()) return call.refuse(404, "Nothing is kept that is linked to this browser.");
  const Answer* kept = call.answer();
  if (kept == nullptr) return ask(call, Asked::Export, call.visitor());
  if (kept->outcome == Outcome::Unavailable) return unavailable(call, PagePlace::MyData, "my-data");
  return call.reply(download_reply("text/csv; charset=utf-8", "my-data.csv", kept_csv(*kept)));
}

Step RightsPaths::json_schema(Call& call) const {
  return call.reply(document_reply(200, "application/schema+json", kept_json_schema()));
}

Step RightsPaths::csv_metadata(Call& call) const {
  return call.reply(document_reply(200, "application/csvm+json", kept_csv_metadata()));
}

Step RightsPaths::erase_question(Call& call) const {
  if (call.visitor().empty()) return call.page(200, no_data_page(call.view, ""));
  return call.page(200, erase_page(call.view));
}

Step RightsPaths::erase(Call& call) const {
  if (form_field(*call.context.body, "confirm") != "yes") return call.reply(see_other(call.path("erase")));
  if (call.visitor().empty()) return call.reply(see_other(call.path("my-data")));
  call.context.notes.erased_visitor = call.visitor();
  ConsentState state = call.state();
  state.granted.remove(filters::kAnalytics);
  state.visitor_id.clear();
  if (call.frozen) call.context.notes.set_cookies.push_back(frozen_.expire(call.context.tls));
  return done(call, std::move(state), "erasure", "my-data?done=erased");
}

void RightsPaths::freeze(Call& call, const std::string& visitor, ConsentState& state) const {
  const auto cookie = frozen_.set_cookie({visitor, call.context.clock.wall()}, call.context.tls);
  call.context.notes.set_cookies.push_back(cookie);
  state.visitor_id.clear();
}

Step RightsPaths::restrict_data(Call& call) const {
  if (call.frozen || call.visitor().empty()) return call.reply(see_other(call.path("my-data")));
  if (call.answer() == nullptr) return ask(call, Asked::Restrict, call.visitor());
  if (call.answer()->outcome != Outcome::Done) return unavailable(call, PagePlace::MyData, "my-data");
  ConsentState state = call.state();
  freeze(call, call.visitor(), state);
  return done(call, std::move(state), "", "my-data");
}

Step RightsPaths::release(Call& call) const {
  // Without analytics the number could not be used again, and the visitor would lose sight of the data.
  if (!call.frozen || !call.state().grants(filters::kAnalytics))
    return call.reply(see_other(call.path("my-data")));
  if (call.answer() == nullptr) return ask(call, Asked::Release, call.visitor());
  if (call.answer()->outcome != Outcome::Done) return unavailable(call, PagePlace::MyData, "my-data");
  ConsentState state = call.state();
  state.visitor_id = call.visitor();
  call.context.notes.set_cookies.push_back(frozen_.expire(call.context.tls));
  return done(call, std::move(state), "", "my-data");
}

/// The objection stands whether Redis can be reached or not; without it, what is kept is not frozen, and only
/// loses its link to this browser.
Step RightsPaths::object(Call& call) const {
  const bool known = !call.frozen && !call.visitor().empty();
  if (known && call.answer() == nullptr) return ask(call, Asked::Restrict, call.visitor());
  ConsentState state = call.state();
  if (known && call.answer()->outcome == Outcome::Done) freeze(call, call.visitor(), state);
  state.granted.remove(filters::kAnalytics);
  state.visitor_id.clear();
  state.chosen = true;
  return done(call, std::move(state), "objection", "my-data?done=objected");
}

Step RightsPaths::done(Call& call, ConsentState state, std::string_view choice, std::string_view said) const {
  auto& notes = call.context.notes;
  if (!choice.empty() && state.chosen) {
    state.source = ConsentSource::Preferences;
    state.policy_version = settings_.policy_version;
    state.given_at = std::chrono::floor<std::chrono::minutes>(call.context.clock.wall());
    auto& receipt = notes.receipt.emplace();
    receipt.state = state;
    receipt.receipt_id = ascii::base64url(crypto::random_bytes(kReceiptIdBytes));
    receipt.choice = choice;
    receipt.text_version = call.view.locale.version;
    receipt.language = call.view.locale.language;
    receipt.region = notes.country;
  }
  if (state.chosen) {
    const bool tls = call.context.tls;
    notes.set_cookies.push_back(
        cookie_.set_cookie(state, tls ? ConsentCookie::Transport::Tls : ConsentCookie::Transport::Plain));
  }
  auto reply = see_other(call.path(said));
  for (const auto& cookie : notes.set_cookies) reply.head.headers.add("Set-Cookie", cookie);
  notes.consent = std::move(state);
  return call.reply(std::move(reply));
}

Step RightsPaths::requests(Call& call) const {
  const auto query = call.context.head.query();
  const auto typed = form_field(query, "number");
  RequestDraft draft;
  draft.number = make_request_number();
  if (typed.empty()) return call.page(200, request_form_page(call.view, draft, ""));
  const auto number = read_request_number(typed);
  if (number.empty()) return call.page(404, request_form_page(call.view, draft, call.texts().no_request));
  if (call.answer() == nullptr) {
    const Step step = ask(call, Asked::FindRequest, "");
    call.context.question->key = number;
    return step;
  }
  if (call.answer()->outcome == Outcome::Missing)
    return call.page(404, request_form_page(call.view, draft, call.texts().no_request));
  if (call.answer()->outcome != Outcome::Done)
    return unavailable(call, PagePlace::Requests, "requests?number=" + number);
  const bool fresh = form_field(query, "sent") == "1";
  return call.page(200, request_page(call.view, *call.answer(), fresh));
}

Step RightsPaths::file_request(Call& call) const {
  const std::string& form = *call.context.body;
  RequestDraft draft;
  draft.number = read_request_number(form_field(form, "number"));
  draft.kind = form_field(form, "kind");
  if (draft.kind != "rectification" && draft.kind != "access") draft.kind = "other";
  draft.words = typed_text(form_field(form, "words"), kMaxWords);
  draft.contact = typed_text(form_field(form, "contact"), kMaxContact);
  if (draft.number.empty()) draft.number = make_request_number();
  if (ascii::trim(draft.words).empty()) return call.page(400, request_form_page(call.view, draft, ""));
  if (call.answer() == nullptr) {
    const Step step = ask(call, Asked::FileRequest, call.visitor());
    call.context.question->key = draft.number;
    call.context.question->facts = {{"kind", draft.kind}, {"text", draft.words}, {"contact", draft.contact}};
    return step;
  }
  if (call.answer()->outcome == Outcome::Done)
    return call.reply(see_other(call.path("requests?sent=1&number=" + draft.number)));
  const bool many = call.answer()->outcome == Outcome::TooMany;
  const Step step =
      call.page(many ? 429 : 503,
                request_form_page(call.view, draft, many ? call.texts().too_many : call.texts().unavailable));
  call.context.reply.head.headers.add("Retry-After", many ? "3600" : "120");
  return step;
}

Step RightsPaths::device(Call& call) const {
  DevicePage page;
  page.may_make = call.state().chosen;
  if (form_field(call.context.head.query(), "done") == "used") page.said = call.texts().device_done;
  return call.page(200, device_page(call.view, page));
}

Step RightsPaths::make_code(Call& call) const {
  if (!call.state().chosen) return call.reply(see_other(call.path("device")));
  if (call.answer() == nullptr) {
    // Travels with the question, so that it is the same when the answer comes.
    const auto code = make_device_code();
    const auto plain = *read_device_code(code);
    auto text = cookie_.encode(call.state());
    if (call.frozen) text += "\n" + frozen_.encode(*call.frozen);
    const Step step = ask(call, Asked::KeepCode, "");
    call.context.question->key = seal_.place(plain);
    call.context.question->facts = {{"text", seal_.seal(plain, text)}};
    *call.context.body = "code=" + code;
    return step;
  }
  if (call.answer()->outcome != Outcome::Done) return unavailable(call, PagePlace::Device, "device");
  DevicePage page;
  page.code = form_field(*call.context.body, "code");
  page.address = host_and(call.context, call.path("device"));
  return call.page(200, device_page(call.view, page));
}

/// The other device's cookies, as they are: the same choice under the same receipt.
Step RightsPaths::use_code(Call& call) const {
  DevicePage page;
  page.may_make = call.state().chosen;
  page.said = call.texts().code_wrong;
  // What cannot be a code is a guess like any other.
  const auto code = read_device_code(form_field(*call.context.body, "code"));
  if (call.answer() == nullptr) {
    const Step step = ask(call, Asked::TakeCode, "");
    call.context.question->key = code ? seal_.place(*code) : "none";
    return step;
  }
  if (call.answer()->outcome == Outcome::Unavailable) return unavailable(call, PagePlace::Device, "device");
  if (call.answer()->outcome == Outcome::TooMany) {
    page.said = call.texts().too_many;
    return call.page(429, device_page(call.view, page));
  }
  const auto opened = code ? seal_.open(*code, call.answer()->fact("text")) : std::nullopt;
  const std::string both = opened.value_or("");
  const std::string_view chosen = std::string_view(both).substr(0, both.find('\n'));
  const auto now = call.context.clock.wall();
  auto state = cookie_.decode(chosen, now);
  if (call.answer()->outcome != Outcome::Done || !state) return call.page(403, device_page(call.view, page));
  const auto frozen =
      frozen_.decode(std::string_view(both).substr(std::min(both.size(), chosen.size() + 1)), now);
  auto& cookies = call.context.notes.set_cookies;
  if (frozen) cookies.push_back(frozen_.set_cookie(*frozen, call.context.tls));
  if (!frozen && call.frozen) cookies.push_back(frozen_.expire(call.context.tls));
  return done(call, std::move(*state), "", "device?done=used");
}

}  // namespace portvakt::consent
