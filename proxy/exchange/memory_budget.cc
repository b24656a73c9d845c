#include "proxy/exchange/memory_budget.h"

#include <algorithm>
#include <vector>

namespace portvakt::exchange {
namespace {

// While there is nobody to cut, not every byte makes us look through all connections.
constexpr std::chrono::milliseconds kReliefPause{50};

}  // namespace

MemoryAccount::MemoryAccount(MemoryBudget& budget, MemoryUser& user) : budget_(&budget), user_(user) {
  budget.add(*this);
}

void MemoryAccount::close() {
  if (budget_ == nullptr) return;
  budget_->change(held_, 0);
  budget_->remove(*this);
  budget_ = nullptr;
}

void MemoryAccount::change(std::size_t before, std::size_t now) {
  if (budget_ == nullptr) return;
  held_ = held_ - before + now;
  budget_->change(before, now);
}

MemoryBudget::MemoryBudget(net::EventLoop& loop, LimitCounters& hits)
    : loop_(loop), hits_(hits), relieve_(loop, [this] { relieve(); }) {}

void MemoryBudget::add(MemoryAccount& account) {
  account.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &account;
  first_ = &account;
}

void MemoryBudget::remove(MemoryAccount& account) {
  (account.previous_ == nullptr ? first_ : account.previous_->next_) = account.next_;
  if (account.next_ != nullptr) account.next_->previous_ = account.previous_;
}

void MemoryBudget::change(std::size_t before, std::size_t now) {
  held_ = held_ - before + now;
  gauge_.set(held_);
  // From a fresh stack: the part that has grown may be inside any callback.
  if (now > before && held_ > most_) relieve_.schedule();
}

/// The largest first, down to the soft mark, so that the next byte does not call for the next victim.
void MemoryBudget::relieve() {
  if (held_ <= most_ || loop_.now() < next_relief_) return;
  next_relief_ = loop_.now() + kReliefPause;
  std::vector<MemoryAccount*> largest;
  for (auto* account = first_; account != nullptr; account = account->next_) {
    if (account->held_ > 0 && account->user_.holds_for_a_slow_peer()) largest.push_back(account);
  }
  std::ranges::sort(largest, std::ranges::greater(), &MemoryAccount::held_);
  for (auto* account : largest) {
    if (!pressed()) break;
    hits_.hit(Limit::Buffered);
    account->user_.cut_for_memory();
  }
}

}  // namespace portvakt::exchange
