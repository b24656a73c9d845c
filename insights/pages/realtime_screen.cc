#include <algorithm>
#include <numeric>

#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/sheet.h"
#include "insights/words/labels.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

std::string count(std::string_view id, const std::string& number, std::string_view text) {
  return "<li><div class=\"figure\"><strong data-live=\"" + std::string(id) + "\">" + number +
         "</strong><span class=\"note\">" + escape_html(text) + "</span></div></li>\n";
}

std::string minute_bars(const Words& words, const Realtime& answer) {
  const auto largest = std::max<std::int64_t>(1, *std::ranges::max_element(answer.views));
  std::string out =
      "<svg class=\"minutes\" data-live=\"bars\" aria-hidden=\"true\" viewBox=\"0 0 300 100\" "
      "preserveAspectRatio=\"none\">";
  for (std::size_t place = 0; place < kRealtimeMinutes; ++place) {
    const auto height = 100 * answer.views[place] / largest;
    out += "<rect x=\"" + std::to_string(place * 10 + 1) + "\" y=\"" + std::to_string(100 - height) +
           "\" width=\"8\" height=\"" + std::to_string(height) + "\"><title>" +
           words.number(answer.views[place]) + "</title></rect>";
  }
  return out + "</svg>\n";
}

}  // namespace

std::string realtime_screen(const Frame& frame, const Realtime& answer) {
  const auto& words = frame.words;
  const auto views = std::accumulate(answer.views.begin(), answer.views.end(), std::int64_t{0});
  std::string out = "<h1 class=\"hidden\">" + escape_html(words(Text::realtime)) + "</h1>\n";
  std::string carries;
  if (const auto share = answer.coverage.share())
    carries =
        "<p class=\"quiet\">" + escape_html(words.fill(Text::rests_on, {words.percent(share)})) + "</p>\n";
  out += "<div class=\"live-top\" data-feed=\"" + path_link("/api/v1/realtime/stream", frame.state) +
         "\">\n<section class=\"card wide lead\" aria-label=\"" + escape_html(words(Text::realtime)) +
         "\">\n<ul class=\"figures live\">\n" +
         count("visitors", words.number(answer.visitors), words(Text::visitors_30)) +
         count("active", words.number(answer.active), words(Text::visitors_5)) +
         count("views", words.number(views), words(Text::views_30)) + "</ul>\n" + carries +
         minute_bars(words, answer) + "</section>\n<div class=\"cards\">\n";
  for (const auto& sheet : realtime_sheets(words, answer))
    out += "<div data-sheet=\"" + sheet.id + "\">" + sheet_card(frame, sheet) + "</div>\n";
  return out + "</div></div>\n";
}

}  // namespace portvakt::insights
