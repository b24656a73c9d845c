#include "proxy/net/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace portvakt::net {
namespace {

/// What one wait tells at most; the rest is told by the next.
constexpr int kEventsPerTurn = 256;

}  // namespace

EventLoop::EventLoop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (!epoll_.open() || !wake_.open() || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    std::abort();
  }
}

EventLoop::~EventLoop() {
  run_posted();
  while (!turn_end_.empty() || !doomed_.empty()) end_turn();
}

void EventLoop::run() {
  stopped_ = false;
  running_ = true;
  while (!stopped_) run_turn();
  running_ = false;
}

void EventLoop::stop() {
  post([this] { stopped_ = true; });
}

void EventLoop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(task));
    if (posted_.size() > 1) return;  // the loop is awake for those before
  }
  const std::uint64_t one = 1;
  // Full is as good as written: the loop will wake.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void EventLoop::run_turn() {
  const bool woken = wait();
  for (std::size_t i = 0; i < found_.size(); ++i) {
    if (Readiness* const readiness = found_[i].readiness) readiness->tell(found_[i].events);
  }
  found_.clear();
  if (woken) run_posted();
  fire_timers();
  end_turn();
}

/// Milliseconds that the loop may wait: to the next timer, not at all if there is work, -1 for ever.
int EventLoop::wait_limit() const {
  if (!turn_end_.empty() || !doomed_.empty()) return 0;
  if (timers_.empty()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.next() - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left, 0, 60'000));
}

/// Fills found_; true if something was posted.
bool EventLoop::wait() {
  std::array<epoll_event, kEventsPerTurn> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), kEventsPerTurn, wait_limit());
  now_ = std::chrono::steady_clock::now();
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    auto* const readiness = static_cast<Readiness*>(event.data.ptr);
    woken = woken || readiness == nullptr;
    if (readiness != nullptr) found_.push_back({readiness, event.events});
  }
  if (woken) {
    std::uint64_t posts = 0;
    [[maybe_unused]] const auto taken = ::read(wake_.get(), &posts, sizeof posts);
  }
  return woken;
}

void EventLoop::run_posted() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(posted_mutex_);
    tasks.swap(posted_);
  }
  for (const auto& task : tasks) task();
}

/// Those whose moment had come when the turn began: one that starts itself anew waits for the next turn.
void EventLoop::fire_timers() {
  while (QueuedTimer* const timer = timers_.take_due(now_)) due_.push_back(static_cast<Timer*>(timer));
  for (std::size_t i = 0; i < due_.size(); ++i) {
    Timer* const timer = due_[i];
    if (timer == nullptr) continue;
    due_[i] = nullptr;
    timer->fired();
  }
  due_.clear();
}

void EventLoop::end_turn() {
  // A task may schedule others, or destroy one that is still to run: its place is then empty.
  for (std::size_t i = 0; i < turn_end_.size(); ++i) {
    TurnEndTask* const task = turn_end_[i];
    if (task == nullptr) continue;
    turn_end_[i] = nullptr;
    task->scheduled_ = false;
    task->task_();
  }
  turn_end_.clear();
  std::vector<Doomed> doomed;
  doomed.swap(doomed_);
}

TurnEndTask::~TurnEndTask() {
  if (scheduled_) std::ranges::replace(loop_.turn_end_, this, nullptr);
}

void TurnEndTask::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  loop_.turn_end_.push_back(this);
}

Timer::Timer(EventLoop& loop, std::function<void()> on_time) : loop_(loop), on_time_(std::move(on_time)) {}

Timer::~Timer() {
  loop_.timers_.remove(*this);
  if (!loop_.due_.empty()) std::ranges::replace(loop_.due_, this, nullptr);
}

void Timer::start(std::chrono::milliseconds wait) {
  armed_ = true;
  due_ = loop_.now() + wait;
  if (!queued() || due_ < queued_for()) loop_.timers_.put(*this, due_);
}

void Timer::cancel() {
  armed_ = false;
}

void Timer::fired() {
  if (!armed_) return;
  if (loop_.now() < due_) {
    loop_.timers_.put(*this, due_);
    return;
  }
  armed_ = false;
  on_time_();
}

Readiness::Readiness(EventLoop& loop, int fd, Mode mode, Callback callback)
    : loop_(loop), fd_(fd), callback_(std::move(callback)) {
  epoll_event event{};
  event.events = mode == Mode::Edge ? EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET : EPOLLIN;
  event.data.ptr = this;
  ::epoll_ctl(loop_.epoll_.get(), EPOLL_CTL_ADD, fd_, &event);
}

Readiness::~Readiness() {
  ::epoll_ctl(loop_.epoll_.get(), EPOLL_CTL_DEL, fd_, nullptr);
  for (auto& found : loop_.found_) {
    if (found.readiness == this) found.readiness = nullptr;
  }
}

void Readiness::tell(std::uint32_t events) {
  constexpr std::uint32_t kBroken = EPOLLERR | EPOLLHUP;
  hung_up_ = hung_up_ || (events & (kBroken | EPOLLRDHUP)) != 0;
  callback_((events & (EPOLLIN | EPOLLRDHUP | kBroken)) != 0, (events & (EPOLLOUT | kBroken)) != 0);
}

}  // namespace portvakt::net
