#include "filters/events/event_filter.h"

#include "filters/consent/choice_form.h"
#include "filters/events/event_budget.h"
#include "filters/events/event_note.h"
#include "filters/events/visit_script.h"
#include "proxy/http/fetch_metadata.h"

namespace portvakt::events {
namespace {

using filters::RequestContext;
using filters::Step;

/// Nobody reads the answers.
Step reply(RequestContext& context, int status) {
  context.reply.head.status = status;
  context.reply.head.headers.add("Cache-Control", "no-store");
  if (status == 405) context.reply.head.headers.add("Allow", "POST");
  return Step::Replied;
}

bool within_budget(const RequestContext& context) {
  if (context.events == nullptr) return true;
  const auto& visitor = context.notes.consent.visitor_id;
  // Where a region's default grants analytics there is no visitor id: all of a network share.
  return context.events->take(visitor.empty() ? context.notes.ip.text() : visitor, context.clock.steady());
}

}  // namespace

EventFilter::EventFilter(const EventSettings& settings)
    : path_(settings.consent_path + std::string(kNotePath)),
      element_("<script>" + visit_script(settings.consent_path) + "</script>"),
      scrubber_(settings.query_allow) {}

Step EventFilter::on_request(RequestContext& context) const {
  if (context.head.path() == path_) return take(context);
  const auto& notes = context.notes;
  if (!notes.consent.grants(filters::kAnalytics) || notes.device == "bot") return Step::Continue;
  if (!http::asks_for_top_document(context.head)) return Step::Continue;
  context.notes.head_insertion += element_;
  context.notes.page_tells_events = true;
  return Step::Continue;
}

Step EventFilter::take(RequestContext& context) const {
  if (context.head.method != "POST") return reply(context, 405);
  if (!consent::comes_from_own_page(context.head, context.tls)) return reply(context, 403);
  // A page that was open when consent was withdrawn may still speak; it is not heard.
  if (!context.notes.consent.grants(filters::kAnalytics)) return reply(context, 204);
  if (!context.body) return Step::CollectBody;
  if (!within_budget(context)) return reply(context, 429);
  auto event = read_note(*context.body, scrubber_);
  if (!event) return reply(context, 400);
  context.notes.event = std::move(*event);
  return reply(context, 204);
}

}  // namespace portvakt::events
