#include "insights/pages/pages.h"

#include "insights/pages/charts.h"
#include "insights/pages/labels.h"
#include "insights/pages/page_style.h"
#include "insights/pages/summary.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

using ascii::escape_html;

/// A query that names the report, ready for an attribute.
std::string query_of(std::string_view site, Day days) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "?site=";
  for (const char c : site) {
    if (ascii::is_alnum(c) || c == '-' || c == '.' || c == '_') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return out + "&amp;days=" + std::to_string(days);
}

std::string head(std::string_view title) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
  out.append(escape_html(title)).append("</title>\n");
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<link rel=\"icon\" href=\"data:,\">\n<style>";
  return out.append(page_style()).append("</style>\n</head>\n<body>\n");
}

std::string link_item(const std::string& href, std::string_view text, bool current) {
  std::string out = "<li><a href=\"/";
  out.append(href).append(current ? "\" aria-current=\"page\">" : "\">");
  return out.append(escape_html(text)).append("</a></li>");
}

std::string page_header(const Report& report, const PageFrame& frame) {
  std::string out = "<a class=\"skip\" href=\"#report\">Skip to the report</a>\n<header>\n<h1>";
  out += escape_html(report.site) + "<small>" + date_text(report.period.first) + " \u2013 " +
         date_text(report.period.last) + (frame.demo ? ", made-up data" : "") + "</small></h1>\n";
  if (frame.sites.size() > 1) {
    out += "<nav aria-label=\"Sites\"><ul>";
    for (const auto& site : frame.sites) {
      out += link_item(query_of(site, report.period.days()), site, site == report.site);
    }
    out += "</ul></nav>\n";
  }
  out += "<nav aria-label=\"Period\"><ul>";
  for (const auto days : kPeriods) {
    out +=
        link_item(query_of(report.site, days), std::to_string(days) + " days", days == report.period.days());
  }
  return out + "</ul></nav>\n</header>\n";
}

std::string figure(std::string_view name, const std::string& value, const std::string& note) {
  std::string out = "<div><dt>";
  out.append(name).append("</dt><dd class=\"big\">").append(value).append("</dd><dd class=\"note\">");
  return out.append(note).append("</dd></div>\n");
}

std::string figures(const Report& report) {
  const auto& now = report.now;
  std::string out = "<dl class=\"figures\">\n";
  out +=
      figure("Page views", number_text(now.views.all), change_text(now.views.all, report.before.views.all));
  out += figure("With consent", share_text(now.views),
                "of page views allow analytics; before: " + share_text(report.before.views));
  const auto visits = extrapolate(now.visits, now.views);
  out += figure("Visits", number_text(now.visits),
                visits ? "with consent; about " + number_text(*visits) + " if the others behaved alike"
                       : "nobody has consented");
  out += figure("Visitors", number_text(now.visitors),
                "with consent; " + change_text(now.visitors, report.before.visitors));
  out +=
      figure("Requests", number_text(now.requests.all), "and " + number_text(now.bots) + " of declared bots");
  out += figure("Not found", number_text(now.not_found), change_text(now.not_found, report.before.not_found));
  return out + "</dl>\n";
}

std::string day_rows(const Report& report) {
  std::string out =
      "<details><summary>Figures by day</summary>\n<table><thead><tr><th scope=\"col\">Day</th>"
      "<th scope=\"col\">Page views</th><th scope=\"col\">With consent</th></tr></thead>\n<tbody>\n";
  for (const auto& row : report.days) {
    out += "<tr><th scope=\"row\">" + date_text(row.day) + "</th><td>" + number_text(row.views.all) +
           "</td><td>" + number_text(row.views.consented) + "</td></tr>\n";
  }
  return out + "</tbody></table></details>\n";
}

std::string day_section(const Report& report, Day today) {
  std::string out =
      "<section aria-labelledby=\"days\"><h2 id=\"days\">Page views by day</h2>\n<p class=\"key\">"
      "<span class=\"with\">with analytics consent</span><span>all others</span><b>most on one day: " +
      number_text(largest_day(report.days)) + "</b></p>\n";
  out += day_chart(report.days, today) + "<div class=\"ends\"><span>" + date_text(report.period.first) +
         "</span><span>" + date_text(report.period.last) +
         (report.period.last == today ? ", until now" : "") + "</span></div>\n";
  return out + day_rows(report) + "</section>\n";
}

std::string table_rows(const RankedTable& table) {
  const auto& labels = table_labels(table.by);
  std::string out = "<table><thead><tr><th scope=\"col\">";
  out.append(labels.column).append("</th><th scope=\"col\">").append(labels.counted);
  out += "</th><th scope=\"col\">With consent</th></tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    const auto label = row_label(table.by, row.name);
    out += "<tr><th scope=\"row\">" + escape_html(label) + row_bar(row.count, table.rows.front().count.all) +
           "</th><td>" + number_text(row.count.all) + "</td><td>" + share_text(row.count) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string table_section(const Report& report, const RankedTable& table) {
  const auto& labels = table_labels(table.by);
  const std::string id(labels.id), title(labels.title);
  std::string out =
      "<section aria-labelledby=\"" + id + "\"><header><h2 id=\"" + id + "\">" + title + "</h2>";
  if (table.rows.empty())
    return out + "</header>\n<p class=\"none\">" + std::string(labels.empty) + "</p></section>\n";
  out += "<a href=\"/report.csv" + query_of(report.site, report.period.days()) + "&amp;table=" + id +
         "\" aria-label=\"" + title + " as CSV\">CSV</a></header>\n";
  return out + table_rows(table) + "</section>\n";
}

std::string page_footer(const Report& report) {
  const auto query = query_of(report.site, report.period.days());
  return "<footer><p>All of it: <a href=\"/report.csv" + query + "\">CSV</a>, <a href=\"/report.json" +
         query +
         "\">JSON</a>. Days are UTC days.</p>\n<p>Page views and requests are counted without recognising "
         "anybody. "
         "Visits and visitors are known only of those who allowed analytics; a visit is a day on which such "
         "a visitor "
         "came. Declared bots are in none of the figures but their own.</p></footer>\n";
}

}  // namespace

std::string report_page(const Report& report, const PageFrame& frame) {
  std::string out = head(report.site + ": " + std::to_string(report.period.days()) + " days \u2013 Portvakt");
  out += page_header(report, frame);
  out += "<main id=\"report\">\n<p class=\"said\">" + escape_html(summary(report)) + "</p>\n";
  out += figures(report) + day_section(report, frame.today) + "<div class=\"tables\">\n";
  for (const auto& table : report.tables) out += table_section(report, table);
  return out + "</div>\n</main>\n" + page_footer(report) + "</body>\n</html>\n";
}

std::string notice_page(std::string_view title, std::string_view text) {
  std::string out = head(std::string(title) + " \u2013 Portvakt");
  out += "<header><h1>" + escape_html(title) + "</h1></header>\n<main><p class=\"said\">" +
         escape_html(text) + "</p><p><a href=\"/\">The reports</a></p></main>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace portvakt::insights
