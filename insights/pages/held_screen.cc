#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

constexpr std::size_t kOffered = 40;  // unknown things with a form of their own

std::string classify_form(const Frame& frame, const InventoryRow& row) {
  const auto& words = frame.words;
  std::string out = "<li><b>" + escape_html(row.name) + "</b> <small class=\"quiet\">" +
                    escape_html(words(row.kind == "cookie" ? Text::kind_cookie : Text::kind_host)) +
                    "</small>";
  if (row.is_new) out += " <small class=\"tag\">" + escape_html(words(Text::new_week)) + "</small>";
  out += " <small class=\"quiet\">" + words.number(row.count) +
         (row.example.empty() ? "" : ", " + escape_html(row.example)) + "</small>";
  if (!frame.may_edit) return out + "</li>\n";
  out += "<form class=\"buttons\" method=\"post\" action=\"" + path_link("/held", frame.state) +
         "\" aria-label=\"" + escape_html(words(Text::classify)) + ": " + escape_html(row.name) + "\">" +
         token_field(frame) + "<input type=\"hidden\" name=\"kind\" value=\"" + escape_html(row.kind) +
         "\"><input type=\"hidden\" name=\"name\" value=\"" + escape_html(row.name) + "\">";
  for (const std::string_view purpose : {"necessary", "functional", "analytics", "marketing"}) {
    out += "<button name=\"purpose\" value=\"" + std::string(purpose) + "\">" +
           escape_html(purpose_label(words, purpose)) + "</button>";
  }
  return out + "</form></li>\n";
}

std::string unknown_things(const Frame& frame, const HeldAnswer& answer) {
  std::string items;
  std::size_t offered = 0;
  for (const auto& row : answer.inventory) {
    if (row.known || offered++ >= kOffered) continue;
    items += classify_form(frame, row);
  }
  if (items.empty()) return {};
  return "<section class=\"card wide\"><h2>" + escape_html(frame.words(Text::classify)) +
         "</h2><p class=\"quiet\">" + escape_html(frame.words(Text::proposal_hint)) +
         "</p><ul class=\"list\">" + items + "</ul></section>\n";
}

std::string proposals(const Frame& frame, const std::string& proposal) {
  if (proposal.empty()) return {};
  const auto title = escape_html(frame.words(Text::proposal));
  return "<section class=\"card wide\"><h2>" + title + "</h2><p class=\"quiet\">" +
         escape_html(frame.words(Text::proposal_hint)) +
         "</p><pre tabindex=\"0\" role=\"group\" aria-label=\"" + title + "\">" + escape_html(proposal) +
         "</pre></section>\n";
}

}  // namespace

std::string held_screen(const Frame& frame, const HeldAnswer& answer, const std::string& proposal) {
  const auto& words = frame.words;
  const auto share =
      answer.views > 0
          ? std::optional(static_cast<double>(answer.requests) / static_cast<double>(answer.views))
          : std::nullopt;
  std::string out =
      "<h1 class=\"hidden\">" + escape_html(words(Text::held)) + "</h1>\n<p class=\"said\">" +
      escape_html(words.fill(Text::held_said, {words.percent(share), words.number(answer.requests),
                                               words.number(answer.views)})) +
      "</p>\n";
  const auto sheets = held_sheets(words, answer);
  out += "<div class=\"stack\">\n" + sheet_card(frame, sheets[0]) + proposals(frame, proposal) +
         unknown_things(frame, answer) + sheet_card(frame, sheets[1]);
  return out + "</div>\n";
}

}  // namespace portvakt::insights
