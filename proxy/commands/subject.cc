#include <algorithm>
#include <cstdio>
#include <iostream>

#include "config/load.h"
#include "proxy/base/ascii.h"
#include "proxy/base/crypto.h"
#include "proxy/base/log.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/records/erasure_record.h"
#include "proxy/logs/records/subject.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/logs/subjects/erasure_job.h"
#include "proxy/logs/subjects/subject_export.h"
#include "proxy/server/log_settings.h"

namespace portvakt::commands {
namespace {

using logs::Actor;
using logs::RedisFault;

constexpr logs::RedisClient::Timeouts kTimeouts{std::chrono::seconds{5}, std::chrono::seconds{60}};
constexpr std::chrono::milliseconds kBetweenRounds{100};
constexpr std::size_t kWriteAt = 64 * 1024;

int complain(int code, const std::string& text) {
  std::fprintf(stderr, "portvakt subject: %s\n", text.c_str());
  return code;
}

/// One command at one visitor's data.
class SubjectCommand {
 public:
  SubjectCommand(const SubjectOptions& options, const config::Model& model, const logs::RedisUrl& url)
      : options_(options),
        model_(model),
        place_(url.place()),
        client_(url, kTimeouts, stop_),
        store_(client_, model.log.redis->prefix) {}

  int run() {
    if (const auto connected = client_.connect(); !connected) return fail(connected.error());
    if (const auto found = find_subject(); !found) return fail(found.error());
    if (!logs::is_subject(subject_)) return nobody();
    switch (options_.deed) {
      case SubjectOptions::Deed::Export:
        return write_all();
      case SubjectOptions::Deed::Erase:
        return erase();
      case SubjectOptions::Deed::Restrict:
        return restrict();
      case SubjectOptions::Deed::Release:
        return release();
    }
    return kExitUsage;
  }

 private:
  int fail(RedisFault fault) const {
    const bool refused = fault == RedisFault::NoPermission;
    return complain(refused ? kExitNoPermission : kExitUnreachable,
                    "Redis at " + place_ + " " + std::string(logs::fault_text(fault)));
  }
  int nobody() const {
    return complain(kExitFaults, "nothing is known of that visitor on site " + options_.site);
  }

  /// The visitor id is not on the command line, where other users of the machine would see it.
  tl::expected<void, RedisFault> find_subject() {
    subject_ = options_.subject;
    if (options_.visitor) {
      std::string visitor;
      std::getline(std::cin, visitor);
      if (visitor.ends_with('\r')) visitor.pop_back();
      if (!visitor.empty()) subject_ = logs::subject_of(options_.site, visitor);
    }
    if (options_.receipt.empty()) return {};
    auto found = store_.find_receipt(options_.site, options_.receipt);
    if (!found) return tl::unexpected(found.error());
    subject_ = std::move(*found);
    return {};
  }

  logs::SubjectStore::Answer<std::size_t> count_rows() {
    return store_.read(options_.site, subject_, [](logs::SubjectRow&&) { return true; });
  }

  int write_all() {
    const auto since = store_.restricted_since(options_.site, subject_);
    if (!since) return fail(since.error());
    std::string out;
    logs::JsonExport json(out);
    const bool csv = options_.format == "csv";
    if (csv) {
      logs::append_csv_head(out);
    } else {
      json.begin({options_.site, subject_, clock_.wall(), *since});
    }
    const auto flush = [&] {
      std::fwrite(out.data(), 1, out.size(), stdout);
      out.clear();
    };
    const auto count = store_.read(options_.site, subject_, [&](logs::SubjectRow&& row) {
      csv ? logs::append_csv_row(out, row) : json.add(row);
      if (out.size() >= kWriteAt) flush();
      return true;
    });
    if (!count) return fail(count.error());
    if (*count == 0) return nobody();
    if (!csv) json.end();
    flush();
    const auto noted = store_.note(options_.site, "export", Actor::Operator, clock_.wall(), *count);
    return noted ? kExitOk : fail(noted.error());
  }

  int restrict() {
    const auto count = count_rows();
    if (!count) return fail(count.error());
    if (*count == 0) return nobody();
    const auto done = store_.restrict(options_.site, subject_, clock_.wall(), Actor::Operator);
    if (!done) return fail(done.error());
    std::printf("%zu rows are restricted: they stay and no report shows them\n", *count);
    return kExitOk;
  }

  int release() {
    const auto done = store_.release(options_.site, subject_, clock_.wall(), Actor::Operator);
    if (!done) return fail(done.error());
    if (!*done) return complain(kExitFaults, "that visitor's rows are not restricted");
    std::puts("released");
    return kExitOk;
  }

  int erase() {
    const auto count = count_rows();
    if (!count) return fail(count.error());
    const WallTime now = clock_.wall();
    const std::string id = "operator-" + ascii::base64url(crypto::random_bytes(12));
    const auto entered =
        store_.order_erasure(options_.site, subject_, id, now, logs::erase_before(now), Actor::Operator);
    if (!entered) return fail(entered.error());
    if (const int code = finish_erasure(); code != kExitOk) return code;
    std::printf("%zu rows erased: stream, index, dump and append-only file hold none of them (%.1f s)\n",
                *count, std::chrono::duration<double>(clock_.wall() - now).count());
    std::puts("what edges have not delivered yet is dropped when it comes");
    return *count == 0 ? nobody() : kExitOk;
  }

  int finish_erasure() {
    auto settings = server::erasure_settings(model_);
    settings.sites = {options_.site};
    settings.gather = std::chrono::milliseconds{0};
    settings.alone = false;
    logs::ErasureCounters counters;
    logs::ErasureJob job(client_, settings, clock_, counters);
    const auto limit = clock_.steady() + std::chrono::seconds{options_.wait};
    while (true) {
      const auto done = job.round();
      if (!done && done.error() == RedisFault::NoPermission) {
        return complain(kExitNoPermission,
                        "the rows are hidden and written anew, but Redis refuses a new dump and append-only "
                        "file (BGSAVE, BGREWRITEAOF, INFO): their bytes stay until it writes them by itself");
      }
      if (!done && done.error() != RedisFault::NotWritable) return fail(done.error());
      if (counters.waiting.value() == 0 && done) return kExitOk;
      if (clock_.steady() >= limit) {
        return complain(kExitFaults,
                        "the rows are hidden; Redis is not done with its files, which a running "
                        "Portvakt goes on with");
      }
      stop_.wait(kBetweenRounds);
    }
  }

  const SubjectOptions& options_;
  const config::Model& model_;
  const std::string place_;
  const SystemClock clock_;
  logs::StopSignal stop_;
  logs::RedisClient client_;
  logs::SubjectStore store_;
  std::string subject_;
};

}  // namespace

int subject(const SubjectOptions& options) {
  const int ways =
      (options.visitor ? 1 : 0) + (options.receipt.empty() ? 0 : 1) + (options.subject.empty() ? 0 : 1);
  if (ways != 1) return complain(kExitUsage, "name the visitor with one of --visitor, --receipt, --subject");
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return kExitFaults;
  }
  if (std::ranges::find(model->sites, options.site, &config::Site::name) == model->sites.end()) {
    return complain(kExitUsage, "the configuration has no site of that name");
  }
  if (!model->log.redis) return complain(kExitUsage, "the configuration names no `log.redis`");
  const auto url = logs::redis_from(*model->log.redis);
  if (!url) return complain(kExitFaults, url.error().detail);
  return SubjectCommand(options, *model, *url).run();
}

}  // namespace portvakt::commands
