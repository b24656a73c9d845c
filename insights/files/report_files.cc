#include "insights/files/report_files.h"

#include "insights/files/archive.h"
#include "insights/pages/layout.h"
#include "insights/pages/screens.h"

namespace portvakt::insights {

Result<ReportFiles> make_report_files(Reports& reports, const ScreenState& state) {
  const auto answer = ask_overview(reports, state);
  if (!answer) return tl::unexpected(answer.error());
  auto archive = overview_archive(reports, Words(state.language.value_or(Language::En)), state);
  if (!archive) return tl::unexpected(archive.error());
  Frame frame;
  frame.words = Words(state.language.value_or(Language::En));
  frame.state = state;
  frame.sites = {state.site};
  frame.today = reports.today(state.site);
  frame.small_group = reports.small_group();
  frame.as_file = true;
  const auto period = answer->query.period;
  ReportFiles files;
  files.title = state.site + ": " + frame.words.period(period);
  files.html = page(frame, files.title, overview_screen(frame, *answer));
  files.html_name = file_name(state.site, period, "report", "html");
  files.archive = std::move(*archive);
  files.archive_name = file_name(state.site, period, "report", "zip");
  return files;
}

}  // namespace portvakt::insights
