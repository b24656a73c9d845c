// A scheduled report: the overview as a page that needs nothing else, and all its tables as an archive. The
// same renderer as the screens, so that a mail cannot say something else than they do.
#pragma once

#include <string>

#include "insights/pages/state.h"
#include "insights/reports.h"

namespace portvakt::insights {

struct ReportFiles {
  std::string title;
  std::string html;
  std::string html_name;
  std::string archive;
  std::string archive_name;
};

Result<ReportFiles> make_report_files(Reports& reports, const ScreenState& state);

}  // namespace portvakt::insights
