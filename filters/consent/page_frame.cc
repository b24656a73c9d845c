#include "filters/consent/page_frame.h"

#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"

namespace portvakt::consent {
namespace {

using ascii::escape_html;

// Colours are two sets of four with contrasts above 7:1 for text; forced colours replace them by themselves.
// Everything measures in em or wraps, so that 320 pixels and 400 % need no sideways scrolling.
constexpr std::string_view kPageStyle =
    ":root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--band:#f2f4f7;--line:#6b7480;--link:#0a4b8c;"
    "font:100%/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}"
    "@media(prefers-color-scheme:dark){:root{--ink:#eceff3;--paper:#16191d;--band:#22272e;--line:#9aa4b0;"
    "--link:#9cc9ff}}"
    "*{box-sizing:border-box}body{margin:0;overflow-wrap:anywhere}"
    "header{background:var(--band);border-block-end:1px solid var(--line)}"
    "nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 20px;margin:0 auto;padding:6px 16px;"
    "max-width:46em}"
    "nav a{padding:10px 0}nav a[aria-current]{color:var(--ink);font-weight:700;text-decoration:none;"
    "border-block-end:3px solid}"
    "main{max-width:46em;margin:0 auto;padding:16px 16px 48px}"
    "h1{line-height:1.25;font-size:clamp(1.3em,6.5vw,1.75em);hyphens:auto;margin:.5em "
    "0}h2{line-height:1.3;font-size:1.25em;margin:1.8em 0 "
    ".4em}"
    "p{margin:.4em 0 .9em}a{color:var(--link);display:inline-block;padding:4px 0}"
    "fieldset{border:1px solid var(--line);border-radius:6px;margin:0 0 16px;padding:8px 16px;min-width:0}"
    "legend{font-weight:700;padding:0 6px}"
    "label{display:flex;gap:12px;align-items:flex-start;padding:10px 0;cursor:pointer}"
    "label.a{border:2px solid;border-radius:6px;margin:4px -10px;padding:8px}"
    "label.f{display:block;font-weight:700;padding:12px 0 4px}"
    "input[type=checkbox],input[type=radio]{flex:none;inline-size:24px;block-size:24px;margin:0}"
    "input[type=text],textarea{font:inherit;color:inherit;background:var(--paper);inline-size:100%;"
    "min-block-size:44px;padding:8px 10px;border:2px solid var(--line);border-radius:6px}"
    ".b{display:flex;flex-wrap:wrap;gap:12px;margin:12px 0}"
    "button,a.k{flex:0 1 auto;min-block-size:44px;padding:8px 20px;font:inherit;font-weight:700;"
    "color:var(--ink);background:var(--paper);border:2px solid;border-radius:6px;cursor:pointer;"
    "text-decoration:none}"
    ".w button{flex:1 1 12em}.w button,button.s{color:var(--paper);background:var(--ink);"
    "border-color:var(--ink)}"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px}"
    "p.n{background:var(--band);border-inline-start:6px solid var(--link);padding:12px 16px}"
    "li.v{padding:8px 0;border-block-end:1px solid var(--line)}ul.v{list-style:none;padding:0;margin:0}"
    "dl{margin:0;display:flex;flex-wrap:wrap;gap:0 20px}dl div{display:flex;flex-wrap:wrap;gap:0 "
    "6px}dd{margin:0}"
    "summary{padding:10px 0;cursor:pointer;font-weight:700}"
    ".c{font:700 1.6em/1.4 ui-monospace,monospace;letter-spacing:.05em;direction:ltr;unicode-bidi:isolate}"
    "code{font:.95em ui-monospace,monospace;direction:ltr;unicode-bidi:isolate}"
    "@media print{header,form{display:none}}";

struct NavigationEntry {
  PagePlace place;
  std::string_view path;
};
constexpr NavigationEntry kNavigation[] = {
    {PagePlace::Choice, ""},        {PagePlace::Declaration, "declaration"},
    {PagePlace::MyData, "my-data"}, {PagePlace::Requests, "requests"},
    {PagePlace::Device, "device"},
};

const std::string& place_name(const Locale& locale, PagePlace place) {
  switch (place) {
    case PagePlace::Declaration:
      return locale.rights.declaration;
    case PagePlace::MyData:
      return locale.rights.my_data;
    case PagePlace::Requests:
      return locale.rights.requests;
    case PagePlace::Device:
      return locale.rights.device;
    case PagePlace::Choice:
      break;
  }
  return locale.your_choice;
}

std::string navigation(const PageView& view, PagePlace place) {
  std::string out = "<header><nav aria-label=\"" + escape_html(view.locale.heading) + "\"><ul>";
  for (const auto& entry : kNavigation) {
    out += "<li><a href=\"" + escape_html(view.settings.path + std::string(entry.path)) + "\"";
    if (entry.place == place) out += " aria-current=\"page\"";
    out += ">" + escape_html(place_name(view.locale, entry.place)) + "</a></li>";
  }
  return out + "</ul></nav></header>";
}

const std::string& page_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                    crypto::base64(crypto::sha256(kPageStyle)) +
                                    "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

}  // namespace

std::string page_start(const PageView& view, PagePlace place) {
  const Locale& locale = view.locale;
  const auto& title = place == PagePlace::Choice ? locale.title : place_name(locale, place);
  return "<!doctype html><html lang=\"" + escape_html(locale.language) + "\" dir=\"" +
         escape_html(locale.direction) +
         "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\">"
         "<meta name=\"robots\" content=\"noindex\"><title>" +
         escape_html(title) + "</title><style>" + std::string(kPageStyle) + "</style></head><body>" +
         navigation(view, place) + "<main><h1>" + escape_html(title) + "</h1>";
}

std::string_view page_end() {
  return "</main></body></html>";
}

filters::Reply document_reply(int status, std::string_view type, std::string body) {
  filters::Reply answer;
  answer.head.status = status;
  answer.head.headers.add("Content-Type", type);
  answer.head.headers.add("Cache-Control", "no-store");
  answer.head.headers.add("X-Content-Type-Options", "nosniff");
  answer.head.headers.add("Cross-Origin-Resource-Policy", "same-origin");
  answer.body = std::move(body);
  return answer;
}

filters::Reply download_reply(std::string_view type, std::string_view file, std::string body) {
  auto answer = document_reply(200, type, std::move(body));
  answer.head.headers.add("Content-Disposition", "attachment; filename=\"" + std::string(file) + "\"");
  return answer;
}

filters::Reply page_reply(int status, const Locale& locale, std::string page) {
  auto answer = document_reply(status, "text/html; charset=utf-8", std::move(page));
  answer.head.headers.add("Content-Language", locale.language);
  answer.head.headers.add("Content-Security-Policy", page_policy());
  // Not no-referrer: browsers would then send `Origin: null` with the form.
  answer.head.headers.add("Referrer-Policy", "same-origin");
  return answer;
}

filters::Reply see_other(std::string_view location) {
  filters::Reply answer;
  answer.head.status = 303;
  answer.head.headers.add("Location", location);
  answer.head.headers.add("Cache-Control", "no-store");
  return answer;
}

std::string heading(std::string_view text) {
  return "<h2>" + escape_html(text) + "</h2>";
}

std::string paragraph(std::string_view text) {
  return "<p>" + escape_html(text) + "</p>";
}

std::string notice(std::string_view text) {
  return "<p class=\"n\" role=\"status\">" + escape_html(text) + "</p>";
}

std::string link(std::string_view url, std::string_view text) {
  return "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

std::string term(std::string_view name, std::string_view value) {
  return "<div><dt>" + escape_html(name) + ":</dt><dd>" + escape_html(value) + "</dd></div>";
}

std::string day(std::string_view iso_day) {
  return "<time datetime=\"" + escape_html(iso_day) + "\">" + escape_html(iso_day) + "</time>";
}

}  // namespace portvakt::consent
