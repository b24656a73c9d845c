#include "insights/pages/charts.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"
#include "insights/pages/sentences.h"
#include "insights/pages/tables.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

bool of_visits(Metric metric) {
  return metric != Metric::Views && metric != Metric::Consent;
}

/// How far the number carries.
std::string carries(const Words& words, Metric metric, const Figures& figures) {
  if (metric == Metric::Consent) return escape_html(words(Text::of_page_views));
  if (metric == Metric::Views) return escape_html(words(Text::of_everybody));
  if (figures.few) return escape_html(words(Text::too_few));
  std::string out = escape_html(words.fill(Text::rests_on, {words.percent(figures.coverage.share())}));
  if (metric != Metric::Visits && metric != Metric::Visitors) return out;
  const auto seen = metric == Metric::Visits ? figures.visits : figures.visitors;
  const auto range = estimate(seen, figures.coverage);
  if (!range) return out;
  return escape_html(words.fill(Text::likely_range, {words.number(range->low), words.number(range->high)})) +
         "</span><span class=\"note\">" + out;
}

std::string comparison(const Words& words, Metric metric, const TotalsAnswer& totals) {
  if (!totals.before) return {};
  const auto& before = totals.before->figures;
  if (of_visits(metric) && (before.few || totals.now.figures.few)) return {};
  const auto change = metric_change(words, metric, totals.now.figures, before);
  std::string out;
  if (!change.empty()) out += "<span class=\"change\">" + change + "</span>";
  return out + "<span class=\"note\">" +
         escape_html(words.fill(Text::before, {metric_reading(words, metric, before)})) + "</span>";
}

std::string figure(const Frame& frame, Metric metric, const TotalsAnswer& totals) {
  const auto& words = frame.words;
  auto state = frame.state;
  state.metric = metric;
  const bool chosen = metric == frame.state.metric;
  std::string inside = "<span class=\"label\">" + escape_html(words(metric_text(metric))) + "</span>";
  inside += "<strong>" + metric_reading(words, metric, totals.now.figures) + "</strong>";
  inside += comparison(words, metric, totals) + "<span class=\"note\">" +
            carries(words, metric, totals.now.figures) + "</span>";
  if (!frame.may_follow()) return "<li><div class=\"figure\">" + inside + "</div></li>\n";
  return "<li><a class=\"figure\" href=\"" + screen_link(Screen::Overview, state) + "\"" +
         (chosen ? " aria-current=\"true\">" : ">") + inside + "</a></li>\n";
}

std::string figures(const Frame& frame, const TotalsAnswer& totals) {
  std::string out = "<ul class=\"figures\">\n";
  for (const auto metric :
       {Metric::Visits, Metric::Visitors, Metric::Views, Metric::Consent, Metric::Bounce, Metric::Time})
    out += figure(frame, metric, totals);
  return out + "</ul>\n";
}

}  // namespace

std::string overview_screen(const Frame& frame, const OverviewAnswer& answer) {
  std::string out = "<h1 class=\"hidden\">" + escape_html(frame.state.site) + ": " +
                    escape_html(frame.words(Text::overview)) + "</h1>\n<p class=\"said\">";
  for (const auto& sentence : overview_sentences(frame.words, answer)) out += escape_html(sentence) + " ";
  out += "</p>\n<section class=\"card wide lead\" aria-label=\"" + escape_html(frame.words(Text::overview)) +
         "\">\n" + figures(frame, answer.totals);
  out += chart_html(frame.words,
                    metric_chart(frame.words, frame.state.metric, answer.series, answer.annotations));
  out += "</section>\n<div class=\"cards\">\n";
  for (std::size_t place = 0; place < answer.tables.size(); ++place)
    out += card(frame, place, answer.tables[place]);
  return out + "</div>\n";
}

std::string sites_screen(const Frame& frame, const std::vector<SiteAnswer>& sites) {
  const auto& words = frame.words;
  std::string out = "<h1>" + escape_html(words(Text::all_sites)) + "</h1>\n<ul class=\"sites-list\">\n";
  for (const auto& site : sites) {
    ScreenState state;
    state.site = site.site;
    state.language = frame.state.language;
    const auto& now = site.totals.now.figures;
    out += "<li class=\"card\"><h2><a href=\"" + screen_link(Screen::Overview, state) + "\">" +
           escape_html(site.site) + "</a></h2><p class=\"quiet\">" + escape_html(words(Text::last_30)) +
           "</p>" + spark_line(site.series) + "<dl>";
    for (const auto metric : {Metric::Views, Metric::Visits, Metric::Consent}) {
      out += "<div><dt>" + escape_html(words(metric_text(metric))) + "</dt><dd>" +
             metric_reading(words, metric, now);
      if (site.totals.before && !now.few) {
        const auto change = metric_change(words, metric, now, site.totals.before->figures);
        out += " <small class=\"change\">" + change + "</small>";
      }
      out += "</dd></div>";
    }
    out += "</dl></li>\n";
  }
  return out + "</ul>\n";
}

}  // namespace portvakt::insights
