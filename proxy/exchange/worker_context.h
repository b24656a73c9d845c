// What connections and exchanges use of the worker that they live on. Outlives all of them.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "filters/agents/agent_cache.h"
#include "filters/desk.h"
#include "filters/events/event_budget.h"
#include "filters/inventory_tally.h"
#include "filters/visitor/organisation_crowds.h"
#include "proxy/base/clock.h"
#include "proxy/exchange/connection_gate.h"
#include "proxy/exchange/limit_counters.h"
#include "proxy/exchange/memory_budget.h"
#include "proxy/exchange/snapshot.h"
#include "proxy/logs/spool/spool_writer.h"
#include "proxy/net/event_loop.h"
#include "proxy/upstream/server_group.h"
#include "proxy/upstream/upstream_pool.h"

namespace portvakt::exchange {

struct WorkerContext {
  net::EventLoop& loop;
  const Clock& clock;
  upstream::UpstreamPool& pool;
  logs::SpoolWriter& spool;
  std::shared_ptr<const Snapshot> snapshot;
  std::map<std::string, upstream::ServerGroup, std::less<>> groups;  // by site name
  bool draining = false;
  agents::AgentCache agents{};
  events::EventBudget events{};
  visitor::OrganisationCrowds crowds{};
  std::unique_ptr<LimitCounters> limit_hits = std::make_unique<LimitCounters>();
  std::unique_ptr<MemoryBudget> memory = std::make_unique<MemoryBudget>(loop, *limit_hits);
  std::unique_ptr<ConnectionGate> gate{};  // null: nobody is turned away
  std::unique_ptr<http::Http2Counters> http2_counters = std::make_unique<http::Http2Counters>();
  filters::InventoryTally seen{};
  filters::Desk* desk = nullptr;  // null: every question is answered by Unavailable
};

}  // namespace portvakt::exchange
