#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

std::string role_text(const Words& words, Role role) {
  switch (role) {
    case Role::Admin:
      return std::string(words(Text::role_admin));
    case Role::Editor:
      return std::string(words(Text::role_editor));
    default:
      return std::string(words(Text::role_viewer));
  }
}

std::string roles_text(const Words& words, const std::vector<Grant>& grants) {
  std::string out;
  for (const auto& grant : grants) {
    if (!out.empty()) out += ", ";
    out += role_text(words, grant.role) + ": " +
           (grant.site == kEverySite ? std::string(words(Text::all_sites)) : grant.site);
  }
  return out;
}

std::string password_form(const Frame& frame) {
  const auto& words = frame.words;
  if (frame.reader.empty()) return {};
  return "<section class=\"card\"><h2>" + escape_html(words(Text::choose_password)) +
         "</h2><form class=\"choices\" method=\"post\" action=\"/accounts\">" + token_field(frame) +
         "<input type=\"hidden\" name=\"do\" value=\"password\"><label>" +
         escape_html(words(Text::password)) +
         "<input type=\"password\" name=\"old\" autocomplete=\"current-password\" required></label><label>" +
         escape_html(words(Text::new_password)) +
         "<input type=\"password\" name=\"new\" autocomplete=\"new-password\" minlength=\"12\" "
         "required></label><p class=\"quiet\">" +
         escape_html(words(Text::least_password)) + "</p><button>" + escape_html(words(Text::save)) +
         "</button></form></section>\n";
}

std::string add_form(const Frame& frame) {
  const auto& words = frame.words;
  std::string out =
      "<section class=\"card\"><h2>" + escape_html(words(Text::add_account)) +
      "</h2><form class=\"choices\" method=\"post\" action=\"/accounts\">" + token_field(frame) +
      "<input type=\"hidden\" name=\"do\" value=\"add\"><label>" + escape_html(words(Text::name)) +
      "<input name=\"name\" required maxlength=\"64\" pattern=\"[A-Za-z0-9._@+\\-]+\"></label><label>" +
      escape_html(words(Text::role)) + "<select name=\"role\">";
  for (const auto role : {Role::Viewer, Role::Editor, Role::Admin}) {
    out += "<option value=\"" + std::string(role_name(role)) + "\">" + escape_html(role_text(words, role)) +
           "</option>";
  }
  out += "</select></label><label>" + escape_html(words(Text::site)) +
         "<select name=\"for\"><option value=\"*\">" + escape_html(words(Text::all_sites)) + "</option>";
  for (const auto& site : frame.sites) out += "<option>" + escape_html(site) + "</option>";
  return out + "</select></label><button>" + escape_html(words(Text::save)) + "</button></form></section>\n";
}

std::string account_button(const Frame& frame, std::string_view act, const std::string& name, Text text) {
  const auto label = escape_html(frame.words(text));
  return "<button name=\"do\" value=\"" + std::string(act) + "\" aria-label=\"" + label + ": " +
         escape_html(name) + "\">" + label + "</button>";
}

std::string account_list(const Frame& frame, const std::vector<Account>& accounts) {
  std::string out = "<section class=\"card wide\"><ul class=\"list\">";
  for (const auto& account : accounts) {
    out += "<li><b>" + escape_html(account.name) + "</b> <span>" +
           escape_html(roles_text(frame.words, account.grants)) +
           "</span><form class=\"buttons\" method=\"post\" action=\"/accounts\">" + token_field(frame) +
           "<input type=\"hidden\" name=\"name\" value=\"" + escape_html(account.name) + "\">" +
           account_button(frame, "link", account.name, Text::welcome_link);
    if (account.name != frame.reader) out += account_button(frame, "remove", account.name, Text::remove);
    out += "</form></li>\n";
  }
  return out + "</ul></section>\n";
}

std::string fault_line(std::string_view fault) {
  return fault.empty() ? std::string() : "<p class=\"fault\" role=\"alert\">" + escape_html(fault) + "</p>\n";
}

}  // namespace

std::string accounts_screen(const Frame& frame, const std::vector<Account>& accounts,
                            const std::string& link_for, const std::string& link) {
  const auto& words = frame.words;
  std::string out = "<h1>" + escape_html(words(Text::accounts)) + "</h1>\n";
  if (!link.empty()) {
    out += "<section class=\"card wide\" role=\"status\"><p>" +
           escape_html(words.fill(Text::welcome_link_ready, {link_for})) + "</p><p><code>" +
           escape_html(link) + "</code></p></section>\n";
  }
  if (frame.may_admin) out += account_list(frame, accounts);
  out += "<div class=\"cards\">" + password_form(frame);
  if (frame.may_admin) out += add_form(frame);
  return out + "</div>\n";
}

std::string shares_screen(const Frame& frame, const std::vector<SharedLink>& links, bool may_share) {
  const auto& words = frame.words;
  std::string out = "<h1 class=\"hidden\">" + escape_html(words(Text::shares)) +
                    "</h1>\n<div class=\"cards\"><section class=\"card\"><h2>" +
                    escape_html(words(Text::exports)) + "</h2><ul class=\"list\"><li><a href=\"" +
                    path_link("/archive", frame.state) + "\" download>" +
                    escape_html(words(Text::export_all)) + "</a></li><li><a href=\"" +
                    path_link("/api/v1/overview", frame.state) + "\">" +
                    escape_html(words(Text::export_json)) + "</a></li><li><a href=\"/api/v1/openapi.json\">" +
                    escape_html(words(Text::api_described)) + "</a></li></ul></section>\n";
  if (may_share) {
    out +=
        "<section class=\"card\"><h2>" + escape_html(words(Text::share_title)) + "</h2><p class=\"quiet\">" +
        escape_html(words(Text::share_hint)) + "</p><form class=\"choices\" method=\"post\" action=\"" +
        path_link("/shares", frame.state) + "\">" + token_field(frame) + "<label>" +
        escape_html(words(Text::valid_days)) +
        "<input type=\"number\" name=\"days\" min=\"1\" max=\"366\" value=\"30\" required></label><button>" +
        escape_html(words(Text::make_link)) + "</button></form></section>\n";
  }
  out += "<section class=\"card wide\"><h2>" + escape_html(words(Text::running_links)) + "</h2>";
  if (links.empty()) out += "<p class=\"none\">" + escape_html(words(Text::no_links)) + "</p>";
  out += "<ul class=\"list\">";
  for (const auto& [share, address] : links) {
    const auto until = words.date(day_of(share.ends));
    out += "<li><a href=\"" + escape_html(address) + "\">" + escape_html(address) + "</a> <span>" +
           escape_html(words(Text::made_by)) + ": " + escape_html(share.made_by) + "</span> <span>" +
           escape_html(words(Text::until)) + " " + until + "</span>";
    if (may_share) {
      out += "<form method=\"post\" action=\"" + path_link("/shares", frame.state) + "\">" +
             token_field(frame) + "<input type=\"hidden\" name=\"revoke\" value=\"" + escape_html(share.id) +
             "\"><button aria-label=\"" + escape_html(words(Text::revoke)) + ": " + until + "\">" +
             escape_html(words(Text::revoke)) + "</button></form>";
    }
    out += "</li>\n";
  }
  return out + "</ul></section></div>\n";
}

std::string sign_in_screen(const Words& words, std::string_view fault, std::string_view back) {
  return bare_page(words, words(Text::sign_in),
                   fault_line(fault) +
                       "<form class=\"choices\" method=\"post\" action=\"/sign-in\"><input type=\"hidden\" "
                       "name=\"back\" value=\"" +
                       escape_html(back) + "\"><label>" + escape_html(words(Text::name)) +
                       "<input name=\"name\" autocomplete=\"username\" autocapitalize=\"none\" required "
                       "autofocus></label><label>" +
                       escape_html(words(Text::password)) +
                       "<input type=\"password\" name=\"password\" autocomplete=\"current-password\" "
                       "required></label><button>" +
                       escape_html(words(Text::sign_in)) + "</button></form>\n");
}

std::string welcome_screen(const Words& words, std::string_view token, std::string_view account,
                           std::string_view fault) {
  return bare_page(words, words(Text::choose_password),
                   fault_line(fault) +
                       "<form class=\"choices\" method=\"post\" action=\"/welcome\"><input type=\"hidden\" "
                       "name=\"welcome\" value=\"" +
                       escape_html(token) + "\"><label>" + escape_html(words(Text::name)) +
                       "<input name=\"name\" autocomplete=\"username\" readonly value=\"" +
                       escape_html(account) + "\"></label><label>" + escape_html(words(Text::new_password)) +
                       "<input type=\"password\" name=\"password\" autocomplete=\"new-password\" "
                       "minlength=\"12\" required autofocus></label><p class=\"quiet\">" +
                       escape_html(words(Text::least_password)) + "</p><button>" +
                       escape_html(words(Text::save)) + "</button></form>\n");
}

}  // namespace portvakt::insights
