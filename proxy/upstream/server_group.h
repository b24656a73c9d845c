// A site's servers as one worker uses them: who is next, how many retries are left, who waits for a place.
// Made when the worker first forwards for the site; outlives every exchange of it.
#pragma once

#include "proxy/upstream/balancer.h"
#include "proxy/upstream/retry_budget.h"
#include "proxy/upstream/waiting_room.h"

namespace portvakt::upstream {

struct ServerGroup {
  explicit ServerGroup(net::EventLoop& loop) : waiting(loop) {}

  Balancer balancer;
  RetryBudget retries;
  WaitingRoom waiting;
};

}  // namespace portvakt::upstream
