#include <algorithm>
#include <cstdio>

#include "config/load.h"
#include "proxy/commands/commands.h"
#include "proxy/logs/redis/redis_config.h"
#include "proxy/logs/redis/ship_keys.h"
#include "proxy/logs/subjects/request_log.h"

namespace portvakt::commands {
namespace {

constexpr logs::RedisClient::Timeouts kTimeouts{std::chrono::seconds{5}, std::chrono::seconds{30}};

int complain(int code, const std::string& text) {
  std::fprintf(stderr, "portvakt requests: %s\n", text.c_str());
  return code;
}

/// A visitor's words on a terminal: lines behind a margin, nothing that a terminal obeys.
void print_words(const std::string& text) {
  std::string line;
  for (const char c : text + "\n") {
    if (c == '\n') {
      std::printf("    %s\n", line.c_str());
      line.clear();
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      line.push_back(c);
    }
  }
}

void print(const std::string& site, const logs::RightsRequest& request, WallTime now) {
  const auto due = logs::day_text(logs::day_of(request.due) - 1);
  std::printf("%s %s: %s, %s, received %s", site.c_str(), request.number.c_str(), request.kind.c_str(),
              request.state.c_str(), logs::day_text(logs::day_of(request.received)).c_str());
  if (request.state != "answered")
    std::printf(", due %s%s", due.c_str(), request.overdue(now) ? ", OVERDUE" : "");
  std::printf("\n");
  if (!request.text.empty()) print_words(request.text);
  if (!request.contact.empty()) print_words("contact: " + request.contact);
  if (!request.subject.empty()) std::printf("    subject: %s\n", request.subject.c_str());
}

/// One connection, and what the commands ask over it.
class Requests {
 public:
  Requests(const logs::RedisUrl& url, const std::string& prefix)
      : place_(url.place()), client_(url, kTimeouts, stop_), log_(client_, prefix) {}

  int list(const config::Model& model, const RequestsOptions& options) {
    const auto now = SystemClock().wall();
    bool late = false;
    for (const auto& site : model.sites) {
      if (!options.site.empty() && options.site != site.name) continue;
      const auto found = log_.list(site.name, options.all, now);
      if (!found) return unreachable(found.error());
      for (const auto& request : *found) {
        print(site.name, request, now);
        late = late || request.overdue(now);
      }
    }
    return late ? kExitFaults : kExitOk;
  }

  int answer(const RequestsOptions& options) {
    return tell(log_.answer(options.site, options.number, options.text, SystemClock().wall()), "answered",
                "no open request has this number");
  }

  int extend(const RequestsOptions& options) {
    return tell(log_.extend(options.site, options.number), "extended by two months",
                "no open request has this number, or it was extended already");
  }

 private:
  int unreachable(logs::RedisFault fault) {
    return complain(kExitUnreachable, "Redis at " + place_ + " " + std::string(logs::fault_text(fault)));
  }
  int tell(const tl::expected<logs::RequestLog::Outcome, logs::RedisFault>& outcome, const char* done,
           const char* missing) {
    if (!outcome) return unreachable(outcome.error());
    if (*outcome != logs::RequestLog::Outcome::Done) return complain(kExitFaults, missing);
    std::printf("%s\n", done);
    return kExitOk;
  }

  std::string place_;
  logs::StopSignal stop_;
  logs::RedisClient client_;
  logs::RequestLog log_;
};

}  // namespace

int requests(const RequestsOptions& options) {
  Diagnostics diagnostics;
  const auto model = config::load(options.config, diagnostics);
  if (!model) {
    std::fputs(diagnostics.format().c_str(), stderr);
    return kExitFaults;
  }
  if (!model->log.redis) return complain(kExitUsage, "the configuration names no `log.redis`");
  const auto url = logs::redis_from(*model->log.redis);
  if (!url) return complain(kExitFaults, url.error().detail);
  const bool known = options.site.empty() || std::ranges::any_of(model->sites, [&](const auto& site) {
                       return site.name == options.site;
                     });
  if (!known) return complain(kExitUsage, "the configuration has no site of that name");
  if (options.what != RequestsOptions::What::List && !logs::is_request_number(options.number))
    return complain(kExitUsage, "a request's number is 16 characters of a-z and 2-7");
  Requests requests(*url, model->log.redis->prefix);
  if (options.what == RequestsOptions::What::Answer) return requests.answer(options);
  if (options.what == RequestsOptions::What::Extend) return requests.extend(options);
  return requests.list(*model, options);
}

}  // namespace portvakt::commands
