#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "config/load.h"
#include "insights/column_reports.h"
#include "insights/files/mail.h"
#include "insights/files/report_files.h"
#include "proxy/base/file.h"
#include "proxy/commands/commands.h"
#include "proxy/commands/insights_files.h"

namespace portvakt::commands {
namespace {

constexpr int kExitUnreachable = 69;

int complain(const std::string& text, int code) {
  std::fprintf(stderr, "portvakt insights report: %s\n", text.c_str());
  return code;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Runs `sendmail -i -f FROM -- TO…` with the message on its standard input; true: it took it.
bool hand_to_sendmail(const InsightsOptions& options, const std::string& message) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  std::vector<std::string> words = {options.sendmail.string(), "-i", "-f", options.from, "--"};
  words.insert(words.end(), options.mail.begin(), options.mail.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a program that reads nothing is told by its exit code
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execv(arguments[0], arguments.data());
    ::_exit(kExitUnreachable);
  }
  ::close(ends[0]);
  const bool written = child > 0 && write_all(ends[1], message);
  ::close(ends[1]);
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return written && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Result<insights::ScreenState> state_of(const InsightsOptions& options, const config::Model& model) {
  auto state = insights::parse_state("period=" + insights::encode_parameter(options.period) +
                                     "&compare=" + insights::encode_parameter(options.compare));
  if (insights::span_name(state.span) != options.period)
    return failure(ErrorKind::Invalid, options.period + " is not a period such as last-month");
  state.language = insights::find_language(options.language);
  if (!state.language)
    return failure(ErrorKind::Invalid, options.language + " is not a language of the reports");
  state.site = options.site;
  if (state.site.empty() && model.sites.size() == 1) state.site = model.sites.front().name;
  for (const auto& site : model.sites) {
    if (site.name == state.site) return state;
  }
  return failure(ErrorKind::Invalid, "name one of the configuration's sites with --site");
}

Result<insights::ReportFiles> make(const config::Model& model, const insights::ScreenState& state) {
  const SystemClock clock;
  auto counting = insights_counting(model);
  if (!counting) return tl::unexpected(counting.error());
  const auto reports = insights::ColumnReports::open(insights_store(model), std::move(*counting), clock);
  if (!reports) return tl::unexpected(reports.error());
  return insights::make_report_files(**reports, state);
}

int deliver(const InsightsOptions& options, insights::ReportFiles files) {
  if (!options.folder.empty()) {
    for (const auto& [name, text] :
         {std::pair(files.html_name, files.html), std::pair(files.archive_name, files.archive)}) {
      if (auto written = write_private_file(options.folder / name, text); !written)
        return complain(written.error().detail, kExitFaults);
      std::printf("%s\n", (options.folder / name).c_str());
    }
  }
  if (options.mail.empty()) return kExitOk;
  const insights::Mail mail{
      options.from,      options.mail, files.title, std::move(files.html), std::move(files.archive),
      files.archive_name};
  if (!hand_to_sendmail(options, insights::mail_text(mail)))
    return complain(options.sendmail.string() + " did not take the mail", kExitUnreachable);
  return kExitOk;
}

}  // namespace

int insights_report(const InsightsOptions& options) {
  if (options.config.empty() || (options.folder.empty() && options.mail.empty()))
    return complain("needs --config FILE, and --to FOLDER or --mail ADDRESS", kExitUsage);
  for (const auto& address : options.mail) {
    if (!insights::is_mail_address(address)) return complain(address + " is not a mail address", kExitUsage);
  }
  if (!insights::is_mail_address(options.from))
    return complain(options.from + " is not a mail address", kExitUsage);
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return complain("the configuration has errors", kExitFaults);
  }
  const auto state = state_of(options, *model);
  if (!state) return complain(state.error().detail, kExitUsage);
  auto files = make(*model, *state);
  return files ? deliver(options, std::move(*files)) : complain(files.error().detail, kExitFaults);
}

}  // namespace portvakt::commands
