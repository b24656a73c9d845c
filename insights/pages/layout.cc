#include "insights/pages/layout.h"

#include <array>

#include "insights/pages/assets.h"
#include "insights/pages/picker.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

struct ScreenName {
  std::string_view path;
  Text title;
};
constexpr std::array<ScreenName, 11> kScreens = {{
    {"/", Text::all_sites},
    {"/overview", Text::overview},
    {"/consent", Text::consent},
    {"/held", Text::held},
    {"/goals", Text::goals},
    {"/realtime", Text::realtime},
    {"/bots", Text::bots},
    {"/notes", Text::annotations},
    {"/shares", Text::shares},
    {"/accounts", Text::accounts},
    {"/table", Text::overview},
}};

std::string head(const Words& words, std::string_view title, bool as_file) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"";
  out.append(language_code(words.language())).append("\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
  out.append(escape_html(title)).append(" \u2013 Portvakt</title>\n");
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n";
  if (as_file) return out.append("<style>").append(style_text()).append("</style>\n</head>\n");
  out.append("<link rel=\"stylesheet\" href=\"").append(style_path()).append("\">\n");
  return out.append("<script src=\"").append(script_path()).append("\" defer></script>\n</head>\n");
}

std::string menu_item(const Frame& frame, Screen screen) {
  // Going elsewhere keeps site, period and filters, not a table's place.
  auto state = frame.state;
  state.table.reset();
  state.offset = 0;
  state.contains.clear();
  std::string out = "<li><a href=\"" + screen_link(screen, state) + "\"";
  const bool here = screen == frame.screen || (screen == Screen::Overview && frame.screen == Screen::Table);
  out.append(here ? " aria-current=\"page\">" : ">");
  return out.append(escape_html(frame.words(screen_title(screen)))).append("</a></li>");
}

std::string menu(const Frame& frame) {
  std::string out =
      "<nav class=\"menu\" aria-label=\"" + escape_html(frame.words(Text::main_menu)) + "\"><ul>";
  for (const auto screen : {Screen::Overview, Screen::Consent, Screen::Held, Screen::Goals, Screen::Realtime,
                            Screen::Bots, Screen::Notes, Screen::Shares}) {
    out += menu_item(frame, screen);
  }
  return out + "</ul></nav>\n";
}

std::string site_menu(const Frame& frame) {
  std::string out = "<details class=\"sites\"><summary>" + escape_html(frame.state.site) + "</summary><ul>";
  for (const auto& site : frame.sites) {
    auto state = frame.state;
    state.site = site;
    state.filters.clear();
    out += "<li><a href=\"" + screen_link(frame.screen, state) + "\"";
    out.append(site == frame.state.site ? " aria-current=\"true\">" : ">");
    out += escape_html(site) + "</a></li>";
  }
  ScreenState all;
  all.language = frame.state.language;
  out +=
      "<li><a href=\"" + screen_link(Screen::Sites, all) + "\">" + escape_html(frame.words(Text::all_sites));
  return out + "</a></li></ul></details>\n";
}

std::string language_menu(const Frame& frame) {
  std::string out = "<details class=\"languages\"><summary><span class=\"hidden\">" +
                    escape_html(frame.words(Text::language_label)) + ": </span>" +
                    std::string(language_code(frame.words.language())) + "</summary><ul>";
  for (const auto language : kLanguages) {
    auto state = frame.state;
    state.language = language;
    const std::string code(language_code(language));
    out += "<li><a href=\"" + screen_link(frame.screen, state) + "\" lang=\"" + code + "\" hreflang=\"" +
           code + "\">" + escape_html(Words(language)(Text::language)) + "</a></li>";
  }
  return out + "</ul></details>\n";
}

std::string reader_menu(const Frame& frame) {
  if (frame.reader.empty()) return {};
  std::string out = "<details class=\"reader\"><summary>" + escape_html(frame.reader) + "</summary><ul>";
  out += "<li><a href=\"/accounts\">" + escape_html(frame.words(Text::accounts)) + "</a></li>";
  return out + "<li><form method=\"post\" action=\"/sign-out\">" + token_field(frame) + "<button>" +
         escape_html(frame.words(Text::sign_out)) + "</button></form></li></ul></details>\n";
}

std::string header(const Frame& frame) {
  std::string out = "<header class=\"top\">\n<p class=\"brand\" aria-hidden=\"true\">Portvakt</p>\n";
  const bool of_site =
      !frame.state.site.empty() && frame.screen != Screen::Sites && frame.screen != Screen::Accounts;
  if (!frame.may_follow()) {
    return out + "<p class=\"site\">" + escape_html(frame.state.site) + "</p>\n</header>\n";
  }
  if (of_site) out += site_menu(frame);
  if (frame.demo) out += "<p class=\"tag\">" + escape_html(frame.words(Text::made_up)) + "</p>\n";
  out += "<div class=\"end\">" + language_menu(frame) + reader_menu(frame) + "</div>\n";
  if (of_site) out += menu(frame);
  return out + "</header>\n";
}

std::string footer(const Frame& frame) {
  std::string out = "<footer><p>";
  return out + escape_html(frame.words.fill(Text::about_counting, {frame.words.number(frame.small_group)})) +
         "</p></footer>\n";
}

bool has_period(Screen screen) {
  return screen != Screen::Sites && screen != Screen::Accounts && screen != Screen::Realtime;
}

}  // namespace

std::string_view screen_path(Screen screen) {
  return kScreens[static_cast<std::size_t>(screen)].path;
}
Text screen_title(Screen screen) {
  return kScreens[static_cast<std::size_t>(screen)].title;
}

std::string path_link(std::string_view path, const ScreenState& state, std::string_view more) {
  std::string query = state_query(state);
  if (!more.empty()) query.append(query.empty() ? "?" : "&").append(more);
  return escape_html(std::string(path) + query);
}

std::string screen_link(Screen screen, const ScreenState& state) {
  return path_link(screen_path(screen), state);
}

std::string token_field(const Frame& frame) {
  return "<input type=\"hidden\" name=\"token\" value=\"" + escape_html(frame.form_token) + "\">";
}

std::string state_fields(const ScreenState& state, std::string_view left_out) {
  std::string out;
  const auto query = state_query(state);
  for (const auto pair : ascii::split(std::string_view(query).substr(query.empty() ? 0 : 1), '&')) {
    const auto equals = pair.find('=');
    const auto name = pair.substr(0, equals);
    bool out_of_it = false;
    for (const auto one : ascii::split(left_out, ',')) out_of_it = out_of_it || one == name;
    if (out_of_it) continue;
    out += "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" +
           escape_html(ascii::decode_form_component(pair.substr(equals + 1))) + "\">";
  }
  return out;
}

std::string page(const Frame& frame, std::string_view title, std::string_view main) {
  std::string out = head(frame.words, title, frame.as_file) + "<body>\n";
  out +=
      "<a class=\"skip\" href=\"#main\">" + escape_html(frame.words(Text::skip)) + "</a>\n" + header(frame);
  out += "<main id=\"main\" tabindex=\"-1\">\n";
  if (has_period(frame.screen)) out += picker(frame);
  out.append(main).append("</main>\n");
  return out + footer(frame) + "</body>\n</html>\n";
}

std::string bare_page(const Words& words, std::string_view title, std::string_view main) {
  std::string out = head(words, title, false) + "<body class=\"bare\">\n<main id=\"main\">\n";
  out += "<p class=\"brand\" aria-hidden=\"true\">Portvakt</p>\n<h1>" + escape_html(title) + "</h1>\n";
  return out.append(main).append("</main>\n</body>\n</html>\n");
}

std::string notice_page(const Words& words, std::string_view title, std::string_view text) {
  return bare_page(words, title,
                   "<p>" + escape_html(text) + "</p>\n<p><a href=\"/\">" +
                       escape_html(words(Text::main_menu)) + "</a></p>\n");
}

}  // namespace portvakt::insights
