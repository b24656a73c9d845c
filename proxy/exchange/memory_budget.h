// How many bytes one worker holds for its clients: what waits to be written, bodies on their way, text that a
// filter holds. Each connection has an account, each part of it reports what it holds now. Past the soft mark
// new work is refused; past the hard mark the connections that hold most, and whose peer does not read, are
// cut. One per worker, on its thread; outlives the accounts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "proxy/base/counters.h"
#include "proxy/exchange/limit_counters.h"
#include "proxy/net/event_loop.h"

namespace portvakt::exchange {

class MemoryBudget;

/// Whose buffers an account counts.
class MemoryUser {
 public:
  virtual ~MemoryUser() = default;
  /// Somebody does not take what is held for him.
  virtual bool holds_for_a_slow_peer() const = 0;
  /// Ends at once, visibly cut short.
  virtual void cut_for_memory() = 0;
};

class MemoryAccount {
 public:
  MemoryAccount(MemoryBudget& budget, MemoryUser& user);
  ~MemoryAccount() { close(); }
  MemoryAccount(const MemoryAccount&) = delete;
  MemoryAccount& operator=(const MemoryAccount&) = delete;

  std::size_t held() const { return held_; }
  /// The connection is over: what its parts still report is no longer counted.
  void close();

 private:
  friend class MemoryBudget;
  friend class MemoryShare;
  void change(std::size_t before, std::size_t now);

  MemoryBudget* budget_;
  MemoryUser& user_;
  std::size_t held_ = 0;
  MemoryAccount* previous_ = nullptr;
  MemoryAccount* next_ = nullptr;
};

/// What one part of a connection holds: one exchange, or the connection's own buffers.
class MemoryShare {
 public:
  explicit MemoryShare(MemoryAccount& account) : account_(account) {}
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  void set(std::size_t bytes) {
    if (bytes == bytes_) return;
    account_.change(bytes_, bytes);
    bytes_ = bytes;
  }

 private:
  MemoryAccount& account_;
  std::size_t bytes_ = 0;
};

class MemoryBudget {
 public:
  MemoryBudget(net::EventLoop& loop, LimitCounters& hits);
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// The hard mark; the soft one is at four fifths of it.
  void set_most(std::size_t bytes) { most_ = bytes; }
  std::size_t held() const { return held_; }
  /// New work is to be refused.
  bool pressed() const { return held_ > most_ / 5 * 4; }
  /// Bytes held, for another thread.
  const Counter& gauge() const { return gauge_; }

 private:
  friend class MemoryAccount;
  void add(MemoryAccount& account);
  void remove(MemoryAccount& account);
  void change(std::size_t before, std::size_t now);
  void relieve();

  net::EventLoop& loop_;
  LimitCounters& hits_;
  net::TurnEndTask relieve_;
  SteadyTime next_relief_{};
  std::size_t most_ = SIZE_MAX;
  std::size_t held_ = 0;
  Counter gauge_;
  MemoryAccount* first_ = nullptr;
};

}  // namespace portvakt::exchange
