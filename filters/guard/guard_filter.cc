#include "filters/guard/guard_filter.h"

#include <utility>

#include "filters/guard/response_headers.h"
#include "filters/guard/worker_script.h"
#include "filters/html/page_headers.h"
#include "proxy/http/fetch_metadata.h"
#include "proxy/http/media_type.h"

namespace portvakt::guard {
namespace {

std::vector<std::string> hashes_of(const std::vector<std::string>& texts) {
  std::vector<std::string> hashes;
  for (const auto& text : texts) hashes.push_back(csp_hash(text));
  return hashes;
}

GuardScriptSettings script_settings(GuardSettings& settings) {
  settings.script.holds = settings.mode != config::Mode::Observe;
  settings.script.updates_in_place = settings.mode != config::Mode::Strict;
  return std::move(settings.script);
}

enum class Kind { Page, OtherDocument, NoDocument };

/// Documents that are not HTML load third parties too, but are not rewritten.
Kind kind_of(const filters::ResponseContext& context) {
  const auto& headers = context.head.headers;
  const auto type = http::parse_media_type(headers.find("content-type").value_or(std::string_view())).essence;
  // A browser takes the fields of a 304 over those of the page it kept, so they must say the same.
  if (type == "text/html" || context.head.status == 304) return Kind::Page;
  if (type != "application/xhtml+xml" && type != "image/svg+xml") return Kind::NoDocument;
  return context.request.headers.find("sec-fetch-dest") == "image" ? Kind::NoDocument : Kind::OtherDocument;
}

http::ParsedUrl page_of(const http::RequestHead& request) {
  return http::parse_url(request.scheme + "://" + request.authority + request.target);
}

/// What the page loads ends here, with nothing, instead of at the vendor.
void stop_redirect(filters::ResponseContext& context) {
  context.head.status = 204;
  for (const auto* name : {"Location", "Content-Type", "Content-Encoding", "Cache-Control", "Expires"}) {
    context.head.headers.remove(name);
  }
  context.head.headers.set("Cache-Control", "no-store");
  context.length = {.none = true, .bytes = {}};
}

}  // namespace

GuardFilter::GuardFilter(GuardSettings settings)
    : mode_(settings.mode),
      policy_(settings.policy),
      strict_(settings.script.hosts, settings.allowed_hosts),
      script_(script_settings(settings)),
      others_{hashes_of(settings.extra_scripts), hashes_of(settings.extra_styles)} {}

filters::Step GuardFilter::on_request(filters::RequestContext& context) const {
  if (mode_ != config::Mode::Observe && asks_for_worker(context.head))
    ask_for_plain_script(context.head.headers);
  return filters::Step::Continue;
}

void GuardFilter::on_hints(filters::ResponseContext& context) const {
  if (policy_ == nullptr) return;
  hold_header_vendors(context.head.headers, page_of(context.request), *policy_, context.notes);
}

Result<void> GuardFilter::on_response(filters::ResponseContext& context) const {
  auto& headers = context.head.headers;
  if (policy_ != nullptr && may_name_vendors(headers)) {
    const auto page = page_of(context.request);
    hold_header_vendors(headers, page, *policy_, context.notes);
    if (http::asks_for_subresource(context.request) &&
        redirects_to_held_vendor(context.head, page, *policy_, context.notes)) {
      stop_redirect(context);
      return {};
    }
  }
  if (mode_ != config::Mode::Observe && context.head.status == 200 && asks_for_worker(context.request)) {
    guard_worker(context);
    return {};
  }
  const Kind kind = kind_of(context);
  if (kind == Kind::Page) guard_page(context);
  const bool refuse = (kind == Kind::Page && mode_ == config::Mode::Strict) ||
                      (kind == Kind::OtherDocument && mode_ != config::Mode::Observe);
  if (!refuse) return {};
  const std::string policy = strict_.text(context.notes.consent.granted);
  if (!policy.empty()) headers.add("Content-Security-Policy", policy);
  return {};
}

GuardScript::Text GuardFilter::script_text(const filters::Notes& notes) const {
  return notes.sensitive ? script_.sensitive_text(notes.consent.chosen) : script_.text(notes.consent);
}

void GuardFilter::guard_worker(filters::ResponseContext& context) const {
  if (!put_before_script(context, script_text(context.notes).source)) {
    html::refuse_third_parties(context.head.headers);
  }
}

void GuardFilter::guard_page(filters::ResponseContext& context) const {
  filters::Notes& notes = context.notes;
  if (notes.update_from) {
    // Read by the guard that the page has already; nothing of this answer is shown.
    notes.head_insertion = "<script type=\"application/json\" id=\"portvakt-class\">" +
                           script_.class_of(notes.consent, notes.sensitive ? GuardScript::Page::Sensitive
                                                                           : GuardScript::Page::Usual) +
                           "</script>";
    return;
  }
  GuardScript::Text guard = script_text(notes);
  OwnInline own = others_;
  own.scripts.push_back(std::move(guard.csp_hash));
  own.sends = notes.page_tells_events;
  const LentNonces lent = extend_policies(context.head.headers, own);
  carry_nonce(notes.head_insertion, "script", lent.script);
  carry_nonce(notes.head_insertion, "style", lent.style);
  notes.style_nonce = lent.style;
  notes.extend_policy = [own = std::move(own), lent](std::string_view policy) {
    return extend_policy(policy, own, lent);
  };
  std::string element = "<script>";
  carry_nonce(element, "script", lent.script);
  notes.head_insertion.insert(0, element + guard.source + "</script>");
}

}  // namespace portvakt::guard
