#include "insights/files/archive.h"

#include "insights/files/csv.h"
#include "insights/files/zip.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

constexpr std::size_t kRows = 1000;

}  // namespace

std::string file_name(std::string_view site, Period period, std::string_view part, std::string_view ending) {
  std::string out;
  for (const char c : site) out += ascii::is_alnum(c) || c == '.' || c == '-' ? c : '_';
  return out + "-" + iso_date(period.first) + "-" + iso_date(period.last) + "-" + std::string(part) + "." +
         std::string(ending);
}

Result<std::string> overview_archive(Reports& reports, const Words& words, const ScreenState& state) {
  const auto answer = ask_overview(reports, state);
  if (!answer) return tl::unexpected(answer.error());
  const auto sheets = overview_sheets(words, *answer);
  const auto period = answer->query.period;
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t place = 0; place < 2; ++place)  // totals and series; the tables follow in full
    files.emplace_back(file_name(state.site, period, sheets[place].id, "csv"), csv_text(sheets[place]));
  for (std::size_t place = 0; place < kDimensions; ++place) {
    const auto by = static_cast<Dimension>(place);
    const auto table = reports.table(answer->query, by, first_rows(kRows));
    if (!table) return tl::unexpected(table.error());
    const auto sheet = ranked_sheet(words, *table, answer->totals.before.has_value());
    files.emplace_back(file_name(state.site, period, sheet.id, "csv"), csv_text(sheet));
  }
  return zip_archive(files);
}

}  // namespace portvakt::insights
