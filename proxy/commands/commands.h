// The commands of `portvakt` beside `run`: each prints to standard output or standard error and returns the
// exit code of the process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace portvakt::commands {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFaults = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreachable = 69;
inline constexpr int kExitNoPermission = 77;

/// `portvakt check`: every error and warning of a configuration, and of the files it names.
int check(const std::filesystem::path& config);

/// What `rewrite` and `explain` need to stand in for a site.
struct PageOptions {
  std::filesystem::path config;  // empty: the defaults
  std::string site;              // empty: the only one
  std::string purposes;          // granted, comma-separated
  std::string url = "https://www.example.test/";
};

/// `portvakt rewrite`: the page on standard input as the proxy would deliver it to that visitor, on standard
/// output.
int rewrite(const PageOptions& options);

struct ExplainOptions {
  PageOptions page;
  std::filesystem::path html;         // judge the tags of this page too
  std::vector<std::string> subjects;  // URLs or cookie names
  bool json = false;
};

/// `portvakt explain`: verdict, rule, file and line for each subject and tag.
int explain(const ExplainOptions& options);

struct InsightsOptions {
  std::filesystem::path config;  // empty: demo
  std::string listen = "127.0.0.1:9902";
  bool demo = false;
  bool sign_in = false;  // with the accounts of `config`, in spite of `demo`

  // of `user` and its commands
  std::string account;
  std::vector<std::string> roles;             // `viewer`, `editor:SITE`
  bool link = false;                          // a one-time link in place of a password
  std::string url = "http://127.0.0.1:9902";  // what links begin with

  // of `report`
  std::string site;  // empty: the only one
  std::string period = "last-month";
  std::string compare = "previous";
  std::string language = "en";
  std::filesystem::path folder;   // written to
  std::vector<std::string> mail;  // sent to
  std::string from = "portvakt@localhost";
  std::filesystem::path sendmail = "/usr/sbin/sendmail";
};

/// `portvakt insights`: the reports, until SIGTERM or SIGINT.
int insights(const InsightsOptions& options);

/// `portvakt insights user add | passwd | roles | link | key | remove | list`: the accounts of the reports.
enum class UserCommand : std::uint8_t { Add, Passwd, Roles, Link, Key, Remove, List };
int insights_user(const InsightsOptions& options, UserCommand command);

/// `portvakt insights report`: the overview as HTML and CSV, into a folder or to people, for a timer.
int insights_report(const InsightsOptions& options);

struct ReceiptsOptions {
  std::filesystem::path config;
  std::string site;  // empty: all
  std::string day;   // 2026-11-22; empty: all that Redis holds
};

/// `portvakt receipts verify`: whether a consent receipt was changed, dropped or moved.
int verify_receipts(const ReceiptsOptions& options);

struct RequestsOptions {
  enum class What : std::uint8_t { List, Answer, Extend } what = What::List;
  std::filesystem::path config;
  std::string site;    // empty: all, for a list
  bool all = false;    // answered ones, too
  std::string number;  // of the request
  std::string text;    // the answer that the visitor reads
};

/// `portvakt requests list|answer|extend`: what visitors asked that an operator has to answer. A list with
/// overdue ones among them exits with 1.
int requests(const RequestsOptions& options);

struct SubjectOptions {
  enum class Deed { Export, Erase, Restrict, Release };
  Deed deed = Deed::Export;
  std::filesystem::path config;
  std::string site;
  bool visitor = false;  // the visitor id is the first line of standard input
  std::string receipt;   // or: whose receipt this is
  std::string subject;   // or: the subject
  std::string format = "json";
  int wait = 300;  // seconds for an erasure to be complete
};

/// `portvakt subject export|erase|restrict|release`: 1 when nothing is known of that visitor, 69 when Redis
/// cannot be reached, 77 when it refuses what is needed.
int subject(const SubjectOptions& options);

/// `portvakt record dump`: the spool as JSON lines.
int dump_records(const std::filesystem::path& spool);

/// `portvakt redis acl`: the users that a Redis server needs, as lines of its ACL file. `config` may be
/// empty.
int redis_acl(const std::filesystem::path& config);

/// `portvakt record stats`: how much is kept of each site and day, and what the spool holds.
int record_stats(const std::filesystem::path& config, bool json);

}  // namespace portvakt::commands
