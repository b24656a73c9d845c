#include "filters/consent/form_post.h"

#include "filters/consent/choice_form.h"
#include "filters/consent/page_frame.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

filters::Step refuse(filters::RequestContext& context, int status, std::string_view text) {
  context.reply = document_reply(status, "text/plain; charset=utf-8", std::string(text) + "\n");
  return filters::Step::Replied;
}

bool is_form(const http::HeaderMap& headers) {
  const auto type = headers.find("Content-Type");
  return type &&
         ascii::iequals(ascii::trim(type->substr(0, type->find(';'))), "application/x-www-form-urlencoded");
}

}  // namespace

std::optional<filters::Step> await_form(filters::RequestContext& context) {
  if (!comes_from_own_page(context.head, context.tls))
    return refuse(context, 403, "This can only be done on this site's own pages.");
  if (!is_form(context.head.headers)) return refuse(context, 400, "This is sent as a form.");
  if (!context.body) return filters::Step::CollectBody;
  return std::nullopt;
}

std::string form_field(std::string_view form, std::string_view name) {
  for (const auto part : ascii::split(form, '&')) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && ascii::decode_form_component(part.substr(0, equals)) == name)
      return ascii::decode_form_component(part.substr(equals + 1));
  }
  return {};
}

std::string typed_text(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls are two bytes in UTF-8; terminals obey them.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) ++i;
    if (c1 || (byte < 0x20 && byte != '\n') || byte == 0x7f) continue;
    out.push_back(text[i]);
  }
  if (out.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(out[most]) & 0xC0U) == 0x80U) --most;
    out.resize(most);
  }
  return out;
}

}  // namespace portvakt::consent
