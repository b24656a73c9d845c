#include "proxy/logs/redis/redis_files.h"

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_ask.h"
#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

/// The value of `name:value` in what INFO answers.
std::string_view value_of(std::string_view report, std::string_view name) {
  for (std::size_t at = 0; at < report.size();) {
    const std::size_t end = std::min(report.find('\n', at), report.size());
    std::string_view line = report.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':')) {
      return line.substr(name.size() + 1);
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

void RedisFiles::begin() {
  run_.clear();
  dump_ = {};
  append_only_ = {};
}

tl::expected<RedisFiles::Report, RedisFault> RedisFiles::look() {
  std::string commands;
  append_command(commands, {"INFO", "server"});
  append_command(commands, {"INFO", "persistence"});
  const auto replies = ask_all(client_, commands, 2);
  if (!replies) return tl::unexpected(replies.error());
  const std::string_view text = (*replies)[1].text;
  const auto number = [&](std::string_view name) {
    return ascii::parse_uint(value_of(text, name)).value_or(0);
  };
  Report report;
  report.run = value_of((*replies)[0].text, "run_id");
  report.append_only = number("aof_enabled") != 0;
  report.saving = number("rdb_bgsave_in_progress") != 0;
  report.save_failed = value_of(text, "rdb_last_bgsave_status") == "err";
  report.rewriting = number("aof_rewrite_in_progress") != 0 || number("aof_rewrite_scheduled") != 0;
  report.rewrite_failed = value_of(text, "aof_last_bgrewrite_status") == "err";
  report.saves = number("rdb_saves");
  report.rewrites = number("aof_rewrites");
  return report;
}

/// One that was being written at first holds an older state: counting begins behind it.
tl::expected<void, RedisFault> RedisFiles::watch(Watch& file, bool writing, bool failed,
                                                 std::uint64_t begun) {
  if (file.done || writing) return {};
  if (!file.from) file.from = begun;
  if (begun == *file.from) return {};
  file.from = begun;
  if (failed) return tl::unexpected(RedisFault::NotWritable);
  file.done = true;
  return {};
}

/// Errors but a missing permission say that one is being written already, or cannot be now: it is tried
/// again.
tl::expected<void, RedisFault> RedisFiles::ask_for(std::string_view command) {
  std::string words;
  append_command(words, {command});
  const auto replies = client_.exchange(words, 1);
  if (!replies) return tl::unexpected(replies.error());
  if (replies->front().is_error() && replies->front().fault() == RedisFault::NoPermission)
    return tl::unexpected(RedisFault::NoPermission);
  return {};
}

tl::expected<bool, RedisFault> RedisFiles::step(bool order) {
  const auto report = look();
  if (!report) return tl::unexpected(report.error());
  if (run_.empty()) run_ = report->run;
  if (run_ != report->run) return tl::unexpected(RedisFault::LostData);
  if (!report->append_only) append_only_.done = true;
  const auto dump = watch(dump_, report->saving, report->save_failed, report->saves);
  if (!dump) return tl::unexpected(dump.error());
  const auto log = watch(append_only_, report->rewriting, report->rewrite_failed, report->rewrites);
  if (!log) return tl::unexpected(log.error());
  if (dump_.done && append_only_.done) return true;
  if (order && !report->saving && !report->rewriting) {
    const auto asked = ask_for(dump_.done ? "BGREWRITEAOF" : "BGSAVE");
    if (!asked) return tl::unexpected(asked.error());
  }
  return false;
}

}  // namespace portvakt::logs
