#include "proxy/logs/subjects/rights_desk.h"

#include "proxy/base/log.h"
#include "proxy/logs/records/subject.h"
#include "proxy/logs/redis/ship_keys.h"
#include "proxy/logs/subjects/device_codes.h"
#include "proxy/logs/subjects/subject_store.h"

namespace portvakt::logs {
namespace {

using filters::Answer;
using filters::Asked;
using filters::Question;
using AnswerOutcome = filters::Answer::Outcome;

/// After a failed attempt, so long nobody tries again: a queue of questions must not wait one by one.
constexpr std::chrono::milliseconds kRest{500};

/// More of one visitor's records are not answered in one go: the visitor is told that there are more.
constexpr std::size_t kMaxRows = 10'000;

std::string_view stream_name(RecordKind kind) {
  switch (kind) {
    case RecordKind::Consent:
      return "consents";
    case RecordKind::Event:
      return "events";
    default:
      return "requests";
  }
}

std::string fact_of(const Question& question, std::string_view name) {
  for (const auto& [key, value] : question.facts) {
    if (key == name) return value;
  }
  return {};
}

Answer describe(const RightsRequest& request) {
  // `due` is the first moment that is too late; people are told the last day.
  return {AnswerOutcome::Done,
          {{"number", request.number},
           {"kind", request.kind},
           {"state", request.state},
           {"received", day_text(day_of(request.received))},
           {"due", day_text(day_of(request.due) - 1)},
           {"answer", request.answer}},
          {},
          false};
}

}  // namespace

/// What the thread owns: a connection by the settings of its time.
class RightsDesk::Run {
 public:
  Run(const RightsDeskSettings& settings, const StopSignal& stop) : settings_(settings) {
    if (!settings_.redis) return;
    client_.emplace(*settings_.redis,
                    RedisClient::Timeouts{settings_.connect_timeout, settings_.reply_timeout}, stop);
    requests_.emplace(*client_, settings_.prefix);
    codes_.emplace(*client_, settings_.prefix);
    subjects_.emplace(*client_, settings_.prefix);
  }

  const RightsDeskSettings& settings() const { return settings_; }

  Answer answer(const Question& question) {
    if (!client_ || std::chrono::steady_clock::now() < rest_until_) return {};
    auto answer = ask_redis(question);
    if (answer) return std::move(*answer);
    rest();
    return {};
  }

  std::optional<OpenRequests> count(const std::string& site, WallTime now) {
    if (!client_ || std::chrono::steady_clock::now() < rest_until_) return std::nullopt;
    const auto counted = requests_->count(site, now);
    if (counted) return *counted;
    rest();
    return std::nullopt;
  }

 private:
  using Answered = tl::expected<Answer, RedisFault>;

  void rest() {
    client_->disconnect();
    rest_until_ = std::chrono::steady_clock::now() + kRest;
  }

  Answered ask_redis(const Question& question) {
    switch (question.asked) {
      case Asked::FileRequest:
        return file(question);
      case Asked::FindRequest:
        return find(question);
      case Asked::KeepCode:
        return keep(question);
      case Asked::TakeCode:
        return take(question);
      case Asked::Export:
        return rows(question);
      case Asked::Restrict:
      case Asked::Release:
        return freeze(question);
    }
    return Answer{};
  }

  Answered rows(const Question& question) {
    Answer answer{AnswerOutcome::Done, {}, {}, false};
    const auto subject = subject_of(question.site, question.visitor);
    const auto read = subjects_->read(question.site, subject, [&](SubjectRow&& row) {
      answer.cut = answer.rows.size() == kMaxRows;
      if (!answer.cut) answer.rows.push_back({std::string(stream_name(row.kind)), std::move(row.fields)});
      return !answer.cut;
    });
    if (!read) return tl::unexpected(read.error());
    return answer;
  }

  Answered freeze(const Question& question) {
    const auto subject = subject_of(question.site, question.visitor);
    Answer answer{AnswerOutcome::Done, {}, {}, false};
    if (question.asked == Asked::Restrict) {
      const auto done = subjects_->restrict(question.site, subject, question.now, Actor::Visitor);
      if (!done) return tl::unexpected(done.error());
    } else {
      const auto done = subjects_->release(question.site, subject, question.now, Actor::Visitor);
      if (!done) return tl::unexpected(done.error());
    }
    return answer;
  }

  Answered file(const Question& question) {
    RightsRequest request;
    request.number = question.key;
    request.kind = fact_of(question, "kind");
    request.text = fact_of(question, "text");
    request.contact = fact_of(question, "contact");
    if (!question.visitor.empty()) request.subject = subject_of(question.site, question.visitor);
    const auto filed = requests_->file(question.site, std::move(request), question.guesser, question.now);
    if (!filed) return tl::unexpected(filed.error());
    if (*filed == RequestLog::Outcome::TooMany) return Answer{AnswerOutcome::TooMany, {}, {}, false};
    return find(question);
  }

  Answered find(const Question& question) {
    const auto found = requests_->find(question.site, question.key);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return Answer{AnswerOutcome::Missing, {}, {}, false};
    return describe(**found);
  }

  Answered keep(const Question& question) {
    const auto kept = codes_->keep(question.site, question.key, fact_of(question, "text"));
    if (!kept) return tl::unexpected(kept.error());
    return Answer{AnswerOutcome::Done, {}, {}, false};
  }

  Answered take(const Question& question) {
    auto taken = codes_->take(question.site, question.key, question.guesser);
    if (!taken) return tl::unexpected(taken.error());
    if (taken->outcome == DeviceCodes::Outcome::Done)
      return Answer{AnswerOutcome::Done, {{"text", std::move(taken->sealed)}}, {}, false};
    const bool many = taken->outcome == DeviceCodes::Outcome::TooMany;
    return Answer{many ? AnswerOutcome::TooMany : AnswerOutcome::Missing, {}, {}, false};
  }

  RightsDeskSettings settings_;
  std::optional<RedisClient> client_;
  std::optional<RequestLog> requests_;
  std::optional<DeviceCodes> codes_;
  std::optional<SubjectStore> subjects_;
  SteadyTime rest_until_{};
};

RightsDesk::RightsDesk(RightsDeskSettings settings, const Clock& clock)
    : clock_(clock), settings_(std::move(settings)), thread_([this] { serve(); }) {}

RightsDesk::~RightsDesk() {
  stop();
}

bool RightsDesk::ask(Question question, std::weak_ptr<const void> asker, Tell tell) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= kMaxWaiting) {
      counters_.refused.add();
      return false;
    }
    queue_.push_back({std::move(question), std::move(asker), std::move(tell)});
    counters_.waiting.set(queue_.size());
  }
  changed_.notify_one();
  return true;
}

void RightsDesk::take(RightsDeskSettings settings) {
  {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    ++edition_;
  }
  changed_.notify_one();
}

void RightsDesk::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.raise(std::chrono::steady_clock::now());
  changed_.notify_one();
  thread_.join();
}

std::map<std::string, OpenRequests> RightsDesk::open_requests() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

void RightsDesk::serve() {
  std::unique_lock lock(mutex_);
  auto edition = edition_;
  auto run = std::make_unique<Run>(settings_, stop_);
  auto next_look = std::chrono::steady_clock::now();
  while (!stopping_ || !queue_.empty()) {
    if (edition != edition_) {
      edition = edition_;
      run = std::make_unique<Run>(settings_, stop_);
      next_look = std::chrono::steady_clock::now();
    }
    if (!queue_.empty()) {
      Waiting waiting = std::move(queue_.front());
      queue_.pop_front();
      counters_.waiting.set(queue_.size());
      lock.unlock();
      answer(*run, waiting);
      lock.lock();
    } else if (std::chrono::steady_clock::now() >= next_look) {
      lock.unlock();
      look(*run);
      lock.lock();
      next_look = std::chrono::steady_clock::now() + run->settings().look_every;
    } else {
      changed_.wait_until(lock, next_look);
    }
  }
}

void RightsDesk::answer(Run& run, Waiting& waiting) {
  if (filters::only_reads(waiting.question.asked) && waiting.asker.expired()) {
    counters_.abandoned.add();
    return;
  }
  auto answer = run.answer(waiting.question);
  const bool reached = answer.outcome != AnswerOutcome::Unavailable;
  (reached ? counters_.answered : counters_.unavailable).add();
  waiting.tell(std::move(answer));
}

/// Says so when requests become late; how many, never whose.
void RightsDesk::look(Run& run) {
  for (const auto& site : run.settings().sites) {
    const auto counted = run.count(site, clock_.wall());
    if (!counted) return;
    std::uint64_t known = 0;
    {
      const std::lock_guard lock(mutex_);
      known = open_[site].overdue;
      open_[site] = *counted;
    }
    if (counted->overdue > known) {
      log_warning("site " + site + ": " + std::to_string(counted->overdue) +
                  " request(s) of visitors are past their due date; see `portvakt requests list`");
    }
  }
}

}  // namespace portvakt::logs
