#include "filters/html/html_filter.h"

#include "filters/html/charset.h"
#include "filters/html/page_headers.h"
#include "filters/html/page_transforms.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/http/content_coding.h"
#include "proxy/http/fetch_metadata.h"
#include "proxy/http/media_type.h"

namespace portvakt::html {
namespace {

enum class Kind : std::uint8_t { Other, Page, Unread };

/// What a browser may show as a document: HTML is rewritten; XML that can carry scripts is not read by our
/// rules, and neither is what has no type, of which a browser makes a page when it looks like one.
Kind kind_of(const http::MediaType& type) {
  if (type.essence == "text/html") return Kind::Page;
  if (type.essence.empty() || type.essence == "unknown/unknown" || type.essence == "application/unknown" ||
      type.essence == "*/*" || type.essence.find('/') == std::string::npos) {
    return Kind::Unread;
  }
  const bool xml = type.essence == "application/xhtml+xml" || type.essence == "image/svg+xml" ||
                   type.essence == "text/xml" || type.essence == "application/xml";
  return xml ? Kind::Unread : Kind::Other;
}

bool grants_everything(const consent::ConsentState& consent) {
  return consent.grants(filters::kFunctional) && consent.grants(filters::kAnalytics) &&
         consent.grants(filters::kMarketing);
}

bool asked_by_script(const http::RequestHead& request) {
  return request.headers.find("Sec-Fetch-Dest") == "empty";
}

}  // namespace

/// Eight bytes of a hash over all that makes one visitor's page differ from another's.
std::string HtmlFilter::page_class(const filters::Notes& notes) const {
  std::string facts = settings_.edition + '\n' + std::to_string(notes.consent.granted.bits());
  facts += notes.consent.chosen ? "\nchosen\n" : "\nundecided\n";
  for (const auto& vendor : notes.consent.vendors_granted) facts += "+" + vendor;
  for (const auto& vendor : notes.consent.vendors_refused) facts += "-" + vendor;
  if (notes.update_from) facts += "\nupdate";
  facts += "\n" + notes.body_insertion;
  return ascii::base64url(crypto::sha256(facts).substr(0, 8));
}

filters::Step HtmlFilter::on_request(filters::RequestContext& context) const {
  if (settings_.observe || !http::may_be_page(context.head)) return filters::Step::Continue;
  ask_for_readable_page(context.head.headers);
  context.notes.page_class = page_class(context.notes);
  context.notes.validator_passed = unwrap_validators(context.head.headers, context.notes.page_class);
  return filters::Step::Continue;
}

Result<void> HtmlFilter::on_response(filters::ResponseContext& context) const {
  if (context.head.status == 304 && context.notes.validator_passed) {
    wrap_validators(context.head.headers, context.notes.page_class);
    keep_out_of_shared_caches(context.head.headers);
    return {};
  }
  settle_content_type(context.head.headers);
  const auto type = http::parse_media_type(context.head.headers.find("Content-Type").value_or(""));
  const Kind kind = kind_of(type);
  if (kind == Kind::Other || (kind == Kind::Unread && !http::may_be_page(context.request))) return {};
  if (kind == Kind::Unread && context.length.none) return {};
  const auto coding = http::parse_content_coding(context.head.headers.find("Content-Encoding").value_or(""));
  const bool readable = kind == Kind::Page && coding != http::Coding::Other && context.head.status != 206 &&
                        charset_from_label(type.charset) != CharsetVerdict::Refuse;
  context.notes.is_document = kind == Kind::Page && !context.notes.update_from;
  if (readable) {
    rewrite(context, type);
  } else if (!settings_.observe && (settings_.always_holds || !grants_everything(context.notes.consent))) {
    refuse_third_parties(context.head.headers);
    keep_out_of_shared_caches(context.head.headers);
  }
  return {};
}

void HtmlFilter::rewrite(filters::ResponseContext& context, const http::MediaType& type) const {
  auto& headers = context.head.headers;
  const auto coding = http::parse_content_coding(headers.find("Content-Encoding").value_or(""));
  Insertions insertions;
  if (!settings_.observe && (!asked_by_script(context.request) || context.notes.update_from)) {
    insertions.head_start = context.notes.head_insertion;
    if (!context.notes.body_insertion.empty()) insertions.late_body_start = &context.notes.body_insertion;
    insertions.on_language = context.notes.speak;
  }
  if (!settings_.observe) {
    wrap_validators(headers, context.notes.page_class);
    keep_out_of_shared_caches(headers);
  }
  drop_body_descriptions(headers);
  context.length.bytes.reset();
  if (coding != http::Coding::Identity)
    context.transforms.push_back(std::make_unique<DecodeTransform>(coding));
  context.transforms.push_back(std::make_unique<RewriteTransform>(
      settings_.make_handler(context.request, context.notes), std::move(insertions), type.charset));
  if (coding != http::Coding::Identity)
    context.transforms.push_back(std::make_unique<EncodeTransform>(coding));
}

}  // namespace portvakt::html
