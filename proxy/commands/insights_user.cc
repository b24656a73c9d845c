#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "config/load.h"
#include "insights/accounts/account_database.h"
#include "insights/accounts/accounts.h"
#include "insights/accounts/api_keys.h"
#include "proxy/commands/commands.h"
#include "proxy/commands/insights_files.h"

namespace portvakt::commands {
namespace {

int complain(const std::string& text) {
  std::fprintf(stderr, "portvakt insights user: %s\n", text.c_str());
  return kExitFaults;
}

/// A terminal does not show what is typed meanwhile.
class QuietTerminal {
 public:
  QuietTerminal() : usable_(::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!usable_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~QuietTerminal() {
    if (usable_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  std::string read(const char* prompt) const {
    if (usable_) std::fputs(prompt, stderr);
    std::string line;
    std::getline(std::cin, line);
    if (usable_) std::fputs("\n", stderr);
    return line;
  }
  bool usable() const { return usable_; }

 private:
  termios before_{};
  bool usable_;
};

Result<std::string> read_password() {
  const QuietTerminal terminal;
  auto password = terminal.read("Password (at least 12 characters): ");
  if (terminal.usable() && terminal.read("Once more: ") != password)
    return failure(ErrorKind::Invalid, "the two are not the same");
  if (auto judged = insights::judge_password(password); !judged) return tl::unexpected(judged.error());
  return password;
}

Result<std::vector<insights::Grant>> read_roles(const std::vector<std::string>& texts) {
  std::vector<insights::Grant> grants;
  for (const auto& text : texts) {
    const auto grant = insights::parse_grant(text);
    if (!grant)
      return failure(ErrorKind::Invalid, text + " is not a role such as viewer, editor:SITE or admin");
    grants.push_back(*grant);
  }
  if (grants.empty()) grants.push_back({std::string(insights::kEverySite), insights::Role::Viewer});
  return grants;
}

Result<void> print_link(insights::Accounts& accounts, const InsightsOptions& options) {
  const auto token = accounts.make_welcome(options.account, SystemClock().wall());
  if (!token) return tl::unexpected(token.error());
  std::printf("%s/welcome?token=%s\n", options.url.c_str(), token->c_str());
  return {};
}

Result<void> add(insights::Accounts& accounts, const InsightsOptions& options) {
  const auto grants = read_roles(options.roles);
  if (!grants) return tl::unexpected(grants.error());
  if (options.link) {
    auto added = accounts.add(options.account, *grants);
    return added ? print_link(accounts, options) : added;
  }
  const auto password = read_password();
  if (!password) return tl::unexpected(password.error());
  auto added = accounts.add(options.account, *grants);
  return added ? accounts.set_password(options.account, *password) : added;
}

Result<void> list(insights::Accounts& accounts) {
  const auto all = accounts.list();
  if (!all) return tl::unexpected(all.error());
  for (const auto& account : *all) {
    std::printf("%s", account.name.c_str());
    for (const auto& grant : account.grants)
      std::printf("  %s:%s", std::string(insights::role_name(grant.role)).c_str(), grant.site.c_str());
    std::printf("%s\n", account.has_password ? "" : "  (no password yet)");
  }
  return {};
}

Result<void> print_key(insights::Database& database, insights::Accounts& accounts, const std::string& name) {
  const auto found = accounts.find(name);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return failure(ErrorKind::Invalid, "there is no such account");
  const auto key = insights::ApiKeys(database).make(name);
  if (!key) return tl::unexpected(key.error());
  std::printf("%s\n", key->c_str());
  return {};
}

Result<void> run(insights::Database& database, const InsightsOptions& options, UserCommand command) {
  insights::Accounts accounts(database);
  switch (command) {
    case UserCommand::Add:
      return add(accounts, options);
    case UserCommand::Passwd: {
      const auto password = read_password();
      return password ? accounts.set_password(options.account, *password) : tl::unexpected(password.error());
    }
    case UserCommand::Roles: {
      const auto grants = read_roles(options.roles);
      return grants ? accounts.grant(options.account, *grants) : tl::unexpected(grants.error());
    }
    case UserCommand::Link:
      return print_link(accounts, options);
    case UserCommand::Key:
      return print_key(database, accounts, options.account);
    case UserCommand::Remove:
      return accounts.remove(options.account);
    case UserCommand::List:
      return list(accounts);
  }
  return {};
}

}  // namespace

int insights_user(const InsightsOptions& options, UserCommand command) {
  if (options.config.empty()) {
    complain("name the configuration with --config FILE: accounts are kept beside its reports");
    return kExitUsage;
  }
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return complain("the configuration has errors");
  }
  const auto database = insights::open_account_database(insights_accounts(*model));
  if (!database) return complain(database.error().detail);
  const auto done = run(**database, options, command);
  return done ? kExitOk : complain(done.error().detail);
}

}  // namespace portvakt::commands
