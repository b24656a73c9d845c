#include "insights/desk/desk.h"

#include <algorithm>

#include "insights/desk/forms.h"
#include "insights/pages/layout.h"

namespace portvakt::insights {

http_server::Answer html(int status, std::string body) {
  return {status, std::string(kHtml), std::move(body), {}};
}

http_server::Answer notice(const Words& words, int status, Text title, Text text) {
  return html(status, notice_page(words, words(title), words(text)));
}

http_server::Answer not_found(const Words& words) {
  return notice(words, 404, Text::not_found_title, Text::not_found_text);
}

Frame make_frame(Desk& desk, const Visit& visit, Screen screen) {
  Frame frame;
  frame.words = visit.words;
  frame.state = visit.state;
  frame.screen = screen;
  frame.sites = visit.sites;
  frame.today = desk.reports.today(visit.state.site);
  frame.small_group = desk.reports.small_group();
  frame.reader = visit.reader.name;
  const bool may_send = !visit.reader.form_token.empty();
  frame.may_edit = may_send && visit.reader.may(Role::Editor, visit.state.site);
  frame.may_admin = may_send && visit.reader.is_admin();
  frame.form_token = mask_token(visit.reader.form_token);
  frame.demo = desk.settings.demo;
  return frame;
}

Result<std::vector<std::string>> sites_of(Desk& desk, const Reader& reader) {
  auto names = desk.settings.sites;
  const auto stored = desk.reports.sites();
  if (!stored) return stored;
  for (const auto& name : *stored) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  std::erase_if(names, [&](const std::string& name) { return !reader.role(name); });
  return names;
}

Words words_of(const http_server::Request& request, const ScreenState& state) {
  if (state.language) return Words(*state.language);
  return Words(choose_language(request.headers.find("Accept-Language").value_or(std::string_view())));
}

std::string own_address(const Desk& desk, const http_server::Request& request) {
  return (desk.gate.came_secure(request) ? "https://" : "http://") + request.authority;
}

}  // namespace portvakt::insights
