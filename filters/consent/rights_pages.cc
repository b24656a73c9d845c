#include "filters/consent/rights_pages.h"

#include "filters/consent/device_code.h"
#include "filters/consent/privacy_documents.h"
#include "proxy/base/ascii.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

constexpr std::size_t kRowsShown = 100;

std::string form(const PageView& view, std::string_view path, std::string_view inside) {
  return "<form method=\"post\" action=\"" + escape_html(view.settings.path + std::string(path)) + "\">" +
         std::string(inside) + "</form>";
}

std::string button(std::string_view text) {
  return "<div class=\"b\"><button>" + escape_html(text) + "</button></div>";
}

std::string strong_button(std::string_view text) {
  return "<button class=\"s\">" + escape_html(text) + "</button>";
}

std::string button_link(std::string_view url, std::string_view text) {
  return "<a class=\"k\" href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) + "\">";
}

std::string text_input(std::string_view name, std::string_view label, std::string_view value,
                       std::string_view more) {
  return "<label class=\"f\" for=\"" + std::string(name) + "\">" + escape_html(label) +
         "</label><input type=\"text\" id=\"" + std::string(name) + "\" name=\"" + std::string(name) +
         "\" value=\"" + escape_html(value) + "\"" + std::string(more) + ">";
}

std::string field_of(const filters::KeptRow& row, std::string_view name) {
  for (const auto& [key, value] : row.fields) {
    if (key == name) return value;
  }
  return {};
}

/// A record in one line: when, what, where.
std::string row_item(const filters::KeptRow& row) {
  const auto ms = ascii::parse_uint(field_of(row, "t")).value_or(0);
  const auto time = iso_time(WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(ms)}});
  std::string what = field_of(row, "choice");
  if (what.empty()) what = field_of(row, "event");
  if (what.empty()) what = field_of(row, "method");
  return "<li class=\"v\"><time datetime=\"" + time + "\">" + time.substr(0, 10) + " " + time.substr(11, 5) +
         "</time> <code>" + escape_html(what + " " + field_of(row, "path")) + "</code></li>";
}

std::string rows_list(const PageView& view, const filters::Answer& kept) {
  const auto count = std::to_string(kept.rows.size()) + (kept.cut ? "+" : "");
  std::string out =
      "<details><summary>" + escape_html(view.locale.rights.entries) + ": " + count + "</summary>";
  if (!kept.rows.empty()) out += "<ul class=\"v\">";
  for (std::size_t i = 0; i < std::min(kept.rows.size(), kRowsShown); ++i)
    out += row_item(kept.rows[kept.rows.size() - 1 - i]);
  if (!kept.rows.empty()) out += "</ul>";
  return out + "</details>";
}

std::string downloads(const PageView& view) {
  const auto& texts = view.locale.rights;
  const auto& path = view.settings.path;
  return "<div class=\"b\">" + button_link(path + "my-data.json", texts.as_json) +
         button_link(path + "my-data.csv", texts.as_csv) + "</div><p>" + escape_html(texts.fields) + ": " +
         link(path + "my-data.schema.json", "JSON") + " · " +
         link(path + "my-data.csv-metadata.json", "CSV") + "</p>";
}

std::string freezing(const PageView& view, const DataPage& page) {
  const auto& texts = view.locale.rights;
  if (!page.frozen) {
    return heading(texts.restrict) + paragraph(texts.restrict_text) +
           form(view, "restrict", button(texts.restrict)) + heading(texts.object) +
           paragraph(texts.object_text) + form(view, "object", button(texts.object));
  }
  std::string out =
      "<p class=\"n\">" + escape_html(texts.frozen) + " " + day(iso_date(*page.frozen)) + "</p>";
  if (page.may_release) out += form(view, "release", button(texts.release));
  return out;
}

std::string kind_choice(const PageView& view, const RequestDraft& draft) {
  const auto& texts = view.locale.rights;
  const std::pair<std::string_view, const std::string*> kinds[] = {
      {"rectification", &texts.kind_rectification},
      {"access", &texts.kind_access},
      {"other", &texts.kind_other}};
  std::string out = "<fieldset><legend>" + escape_html(texts.kind) + "</legend>";
  for (const auto& [value, text] : kinds) {
    out += "<label><input type=\"radio\" name=\"kind\" value=\"" + std::string(value) + "\"";
    if (draft.kind == value) out += " checked";
    out += "><span>" + escape_html(*text) + "</span></label>";
  }
  return out + "</fieldset>";
}

/// As many characters as fit into a small form's body in any script.
constexpr std::string_view kWordsAttributes =
    "<textarea id=\"words\" name=\"words\" rows=\"6\" maxlength=\"1500\" required>";

std::string look_up(const PageView& view, std::string_view number) {
  const auto& texts = view.locale.rights;
  return heading(texts.look_up) + "<form method=\"get\" action=\"" +
         escape_html(view.settings.path + "requests") + "\">" +
         text_input(
             "number", texts.number, number,
             " maxlength=\"40\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" required") +
         button(texts.look_up) + "</form>";
}

std::string state_text(const RightsTexts& texts, std::string_view state) {
  if (state == "answered") return texts.answered;
  return state == "extended" ? texts.extended : texts.open;
}

std::string kind_text(const RightsTexts& texts, std::string_view kind) {
  if (kind == "rectification") return texts.kind_rectification;
  return kind == "access" ? texts.kind_access : texts.kind_other;
}

}  // namespace

std::string my_data_page(const PageView& view, const DataPage& page, const filters::Answer& kept) {
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, PagePlace::MyData);
  if (!page.said.empty()) out += notice(page.said);
  out += paragraph(texts.kept) + rows_list(view, kept) + downloads(view) + freezing(view, page);
  out += heading(texts.erase) + paragraph(texts.erase_text) + "<div class=\"b\">" +
         button_link(view.settings.path + "erase", texts.erase) + "</div>";
  return out.append(page_end());
}

std::string no_data_page(const PageView& view, std::string_view said) {
  std::string out = page_start(view, PagePlace::MyData);
  if (!said.empty()) out += notice(said);
  return (out + paragraph(view.locale.rights.no_data)).append(page_end());
}

std::string erase_page(const PageView& view) {
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, PagePlace::MyData) + heading(texts.erase) + paragraph(texts.erase_text);
  out += form(view, "erase",
              hidden("confirm", "yes") + "<div class=\"b\">" + strong_button(texts.erase_confirm) +
                  button_link(view.settings.path + "my-data", texts.cancel) + "</div>");
  return out.append(page_end());
}

std::string request_form_page(const PageView& view, const RequestDraft& draft, std::string_view said) {
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, PagePlace::Requests);
  if (!said.empty()) out += notice(said);
  std::string inside = hidden("number", draft.number) + kind_choice(view, draft);
  inside += "<label class=\"f\" for=\"words\">" + escape_html(texts.words) + "</label>";
  inside.append(kWordsAttributes).append(escape_html(draft.words)).append("</textarea>");
  inside += text_input("contact", texts.contact, draft.contact, " maxlength=\"200\" autocomplete=\"email\"");
  inside += "<div class=\"b\">" + strong_button(texts.send) + "</div>";
  out += paragraph(texts.requests_text) + form(view, "requests", inside) + look_up(view, "");
  return out.append(page_end());
}

std::string request_page(const PageView& view, const filters::Answer& request, bool fresh) {
  const auto& texts = view.locale.rights;
  const auto number = show_request_number(request.fact("number"));
  std::string out = page_start(view, PagePlace::Requests);
  if (fresh) out += notice(texts.keep_number);
  out += heading(texts.number) + "<p class=\"c\">" + escape_html(number) + "</p><dl>";
  out += term(texts.kind, kind_text(texts, request.fact("kind"))) +
         term(texts.state, state_text(texts, request.fact("state"))) +
         term(texts.received, request.fact("received"));
  if (request.fact("state") != "answered") out += term(texts.due, request.fact("due"));
  out += "</dl>";
  if (const auto answer = request.fact("answer"); !answer.empty())
    out += heading(texts.answer) + "<p dir=\"auto\">" + escape_html(answer) + "</p>";
  out += look_up(view, number);
  return out.append(page_end());
}

std::string device_page(const PageView& view, const DevicePage& page) {
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, PagePlace::Device);
  if (!page.said.empty()) out += notice(page.said);
  if (!page.code.empty()) {
    out += paragraph(texts.code_text) + "<p><code>" + escape_html(page.address) +
           "</code></p><p class=\"c\">" + escape_html(page.code) + "</p>";
    return out.append(page_end());
  }
  out += paragraph(texts.device_text);
  if (page.may_make) out += form(view, "code", button(texts.make_code));
  out += heading(texts.use_code);
  out +=
      form(view, "device",
           text_input("code", texts.code, "",
                      " maxlength=\"40\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" "
                      "required") +
               button(texts.use_code));
  return out.append(page_end());
}

std::string unavailable_page(const PageView& view, PagePlace place, std::string_view retry) {
  const auto& texts = view.locale.rights;
  std::string out = page_start(view, place) + notice(texts.unavailable) + "<div class=\"b\">" +
                    button_link(retry, texts.try_again) + "</div>";
  return out.append(page_end());
}

}  // namespace portvakt::consent
