// The command line: reads arguments, calls the command, returns its exit code.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "config/json_schema.h"
#include "config/load.h"
#include "config/reference.h"
#include "proxy/base/log.h"
#include "proxy/commands/commands.h"
#include "proxy/server/server.h"

namespace {

using namespace portvakt;

struct RunOptions {
  std::string config;
  std::string upstream;
  std::string listen = "127.0.0.1:8080";
};

std::optional<config::Model> read_model(const RunOptions& options, Diagnostics& diagnostics) {
  if (!options.config.empty()) return config::load(options.config, diagnostics);
  auto model = config::quick_model(options.upstream, options.listen);
  if (model) return std::move(*model);
  diagnostics.add(
      {.file = "portvakt run", .path = {}, .text = model.error().detail, .suggestion = {}, .source = {}});
  return std::nullopt;
}

void add_run(CLI::App& app, RunOptions& options, int& exit_code) {
  auto* run = app.add_subcommand(
      "run", "serve in the foreground until SIGTERM (finishes what is under way); SIGHUP reloads");
  auto* file = run->add_option("--config", options.config, "configuration file (YAML)");
  auto* upstream = run->add_option("--upstream", options.upstream, "serve this one site, without a file");
  run->add_option("--listen", options.listen, "where to listen, with --upstream")
      ->capture_default_str()
      ->needs(upstream);
  file->excludes(upstream);
  run->callback([&options, &exit_code] {
    if (options.config.empty() && options.upstream.empty()) {
      std::fputs("portvakt run: name a configuration with --config FILE, or a site with --upstream URL\n",
                 stderr);
      exit_code = commands::kExitUsage;
      return;
    }
    start_log(LogLevel::Info);
    server::Server server([options](Diagnostics& diagnostics) { return read_model(options, diagnostics); },
                          PORTVAKT_VERSION);
    exit_code = server.run();
  });
}

void add_insights_users(CLI::App& insights, commands::InsightsOptions& options, int& exit_code) {
  auto* user = insights.add_subcommand("user", "who may read the reports");
  user->require_subcommand(1);
  user->fallthrough();
  const auto add = [&](const char* name, const char* help, commands::UserCommand command) {
    auto* one = user->add_subcommand(name, help);
    one->fallthrough();
    if (command != commands::UserCommand::List)
      one->add_option("name", options.account, "the account")->required();
    one->callback([&options, &exit_code, command] { exit_code = commands::insights_user(options, command); });
    return one;
  };
  using enum commands::UserCommand;
  auto* made = add("add", "a new account; its password is read from the terminal or standard input", Add);
  add("passwd", "another password, which ends the account's sessions", Passwd);
  auto* roles = add("roles", "other roles", Roles);
  for (auto* one : {made, roles})
    one->add_option("--role", options.roles,
                    "viewer, editor or admin, for one site as editor:SITE; may be repeated");
  auto* link = add("link", "a one-time link that sets a password; valid for an hour", Link);
  made->add_flag("--link", options.link, "print such a link in place of reading a password");
  for (auto* one : {made, link})
    one->add_option("--url", options.url, "what links begin with")->capture_default_str();
  add("key", "a key for programs (API, Prometheus), in place of the account's earlier one", Key);
  add("remove", "the account, its sessions and its key", Remove);
  add("list", "accounts and their roles", List);
}

void add_insights_report(CLI::App& insights, commands::InsightsOptions& options, int& exit_code) {
  auto* report = insights.add_subcommand("report", "the overview as HTML and CSV, for a timer");
  report->fallthrough();
  report->add_option("--site", options.site, "the site's name, if there are several");
  report->add_option("--period", options.period, "yesterday, 7d, 30d, 90d, 12m, month or last-month")
      ->capture_default_str();
  report->add_option("--compare", options.compare, "none, previous or year")->capture_default_str();
  report->add_option("--language", options.language, "nb, nn, en, sv, da, fi or de")->capture_default_str();
  report->add_option("--to", options.folder, "write into this folder");
  report->add_option("--mail", options.mail, "hand to sendmail for this address; may be repeated");
  report->add_option("--from", options.from, "the sender")->capture_default_str();
  report->add_option("--sendmail", options.sendmail, "the program that takes the mail")
      ->capture_default_str();
  report->callback([&options, &exit_code] { exit_code = commands::insights_report(options); });
}

void add_insights(CLI::App& app, commands::InsightsOptions& options, int& exit_code) {
  auto* insights = app.add_subcommand("insights", "the reports, until SIGTERM or SIGINT");
  insights->add_option("--config", options.config, "configuration file (YAML)");
  insights
      ->add_option("--listen", options.listen, "address and port; on loopback unless `insights.hosts` is set")
      ->capture_default_str();
  insights->add_flag("--demo", options.demo,
                     "made-up figures of two sites, in a store that is gone afterwards");
  insights->add_flag("--sign-in", options.sign_in,
                     "with --demo: ask for the accounts of --config all the same");
  add_insights_users(*insights, options, exit_code);
  add_insights_report(*insights, options, exit_code);
  insights->callback([&options, &exit_code, insights] {
    if (!insights->get_subcommands().empty()) return;
    start_log(LogLevel::Info);
    exit_code = commands::insights(options);
  });
}

void add_page_options(CLI::App& command, commands::PageOptions& page) {
  command.add_option("--config", page.config, "configuration file; without one, a site with the defaults");
  command.add_option("--site", page.site, "the site's name, if the configuration has several");
  command.add_option("--purposes", page.purposes, "granted purposes, comma-separated");
  command.add_option("--url", page.url, "the page's own address")->capture_default_str();
}

void add_tools(CLI::App& app, std::string& path, bool& reference, commands::ExplainOptions& explain,
               int& exit_code) {
  auto* check = app.add_subcommand("check", "every error and warning of a configuration");
  check->add_option("--config", path, "configuration file (YAML)")->required();
  check->callback([&] { exit_code = commands::check(path); });

  auto* rewrite = app.add_subcommand("rewrite", "a page on standard input as the proxy would deliver it");
  add_page_options(*rewrite, explain.page);
  rewrite->callback([&] { exit_code = commands::rewrite(explain.page); });

  auto* why = app.add_subcommand("explain", "verdict and rule for addresses, cookies and the tags of a page");
  add_page_options(*why, explain.page);
  why->add_option("--html", explain.html, "a page whose tags are to be judged");
  why->add_flag("--json", explain.json, "one JSON object a line");
  why->add_option("subject", explain.subjects, "addresses or cookie names");
  why->callback([&] { exit_code = commands::explain(explain); });

  auto* record = app.add_subcommand("record", "the records of the spool");
  record->require_subcommand(1);
  auto* dump = record->add_subcommand("dump", "the spool as JSON lines");
  dump->add_option("spool", path, "the spool's folder")->required();
  dump->callback([&] { exit_code = commands::dump_records(path); });
  auto* stats =
      record->add_subcommand("stats", "how much is kept, by site and day, and what the spool holds");
  stats->add_option("--config", path, "configuration file (YAML)")->required();
  stats->add_flag("--json", explain.json, "as JSON");
  stats->callback([&] { exit_code = commands::record_stats(path, explain.json); });

  auto* redis = app.add_subcommand("redis", "what a Redis server needs to be told");
  redis->require_subcommand(1);
  auto* acl =
      redis->add_subcommand("acl", "its users, with the least that each needs, as lines of an ACL file");
  acl->add_option("--config", path, "configuration file, for log.redis.prefix");
  acl->callback([&] { exit_code = commands::redis_acl(path); });

  auto* schema = app.add_subcommand("schema", "the configuration's JSON Schema, for editors");
  schema->add_flag("--reference", reference, "every option as a page for people instead");
  schema->callback([&reference] {
    std::fputs((reference ? config::reference_markdown() : config::json_schema()).c_str(), stdout);
  });
  auto* version = app.add_subcommand("version", "the version");
  version->callback([] { std::printf("portvakt %s\n", PORTVAKT_VERSION); });
}

void add_receipts(CLI::App& app, commands::ReceiptsOptions& options, int& exit_code) {
  auto* receipts = app.add_subcommand("receipts", "the consent receipts in Redis");
  receipts->require_subcommand(1);
  auto* verify = receipts->add_subcommand("verify", "was a receipt changed, dropped or moved?");
  verify->add_option("--config", options.config, "configuration file (YAML)")->required();
  verify->add_option("--site", options.site, "one site instead of all");
  verify->add_option("--day", options.day, "one day, as in 2026-11-22, instead of all");
  verify->callback([&] { exit_code = commands::verify_receipts(options); });
}

void add_requests(CLI::App& app, commands::RequestsOptions& options, int& exit_code) {
  using What = commands::RequestsOptions::What;
  auto* requests = app.add_subcommand("requests", "what visitors asked that somebody has to answer");
  requests->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, What what) {
    auto* command = requests->add_subcommand(name, help);
    command->add_option("--config", options.config, "configuration file (YAML)")->required();
    auto* site = command->add_option("--site", options.site, "name of the site");
    if (what != What::List) {
      site->required();
      command->add_option("number", options.number, "number of the request")->required();
    }
    command->callback([&, what] {
      options.what = what;
      exit_code = commands::requests(options);
    });
    return command;
  };
  add("list", "open ones by due date; exits with 1 if one is overdue", What::List)
      ->add_flag("--all", options.all, "answered ones, too");
  add("answer", "close one: the visitor reads the answer under the number", What::Answer)
      ->add_option("--text", options.text, "the answer")
      ->required();
  add("extend", "two more months, once", What::Extend);
}

void add_subject(CLI::App& app, commands::SubjectOptions& options, int& exit_code) {
  using Deed = commands::SubjectOptions::Deed;
  auto* subject = app.add_subcommand("subject", "what is kept of one visitor: show it, erase it, freeze it");
  subject->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Deed deed) {
    auto* command = subject->add_subcommand(name, help);
    command->add_option("--config", options.config, "configuration file (YAML)")->required();
    command->add_option("--site", options.site, "the site's name")->required();
    command->add_flag("--visitor", options.visitor, "read the visitor id from standard input");
    command->add_option("--receipt", options.receipt, "the visitor whose consent receipt this is");
    command->add_option("--subject", options.subject, "the visitor by subject, as an export names it");
    command->callback([&options, &exit_code, deed] {
      options.deed = deed;
      exit_code = commands::subject(options);
    });
    return command;
  };
  add("export", "every row of all days, on standard output", Deed::Export)
      ->add_option("--format", options.format, "json or csv")
      ->check(CLI::IsMember({"json", "csv"}))
      ->capture_default_str();
  add("erase", "hide the rows at once and see to it that no byte stays", Deed::Erase)
      ->add_option("--wait", options.wait, "seconds to wait for Redis' files")
      ->capture_default_str();
  add("restrict", "keep the rows and hide them from all reports", Deed::Restrict);
  add("release", "end the restriction", Deed::Release);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Portvakt: a reverse proxy that makes a website's privacy policy true", "portvakt");
  app.require_subcommand(1);
  app.set_version_flag("--version", "portvakt " PORTVAKT_VERSION);
  int exit_code = 0;
  RunOptions run;
  std::string path;
  bool reference = false;
  commands::ExplainOptions explain;
  commands::InsightsOptions insights;
  commands::ReceiptsOptions receipts;
  commands::RequestsOptions requests;
  add_receipts(app, receipts, exit_code);
  add_requests(app, requests, exit_code);
  commands::SubjectOptions subject;
  add_run(app, run, exit_code);
  add_subject(app, subject, exit_code);
  add_insights(app, insights, exit_code);
  add_tools(app, path, reference, explain, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : commands::kExitUsage;
  }
  return exit_code;
}
