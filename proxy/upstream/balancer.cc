#include "proxy/upstream/balancer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace portvakt::upstream {
namespace {

using Standing = ServerStatus::Standing;

/// Spreads every bit of the input over the whole output (the finaliser of SplitMix64).
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

bool has_room(const UpstreamServer& server) {
  return server.max_connections == 0 || server.status->active() < server.max_connections;
}

std::vector<std::int64_t> warm_weights(Servers servers, const Balancing& balancing, SteadyTime now) {
  std::vector<std::int64_t> weights;
  weights.reserve(servers.size());
  for (const auto& server : servers) {
    weights.push_back(std::int64_t{server->weight} * server->status->warmth(now, balancing.slow_start));
  }
  return weights;
}

}  // namespace

std::uint64_t Balancer::hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return mix(value);
}

/// After a reload the servers may be others: turns begin anew for those that were not there.
void Balancer::adopt(Servers servers) {
  const bool same = std::ranges::equal(servers, turns_, [](const auto& server, const Turn& turn) {
    return server->status.get() == turn.server;
  });
  if (same) return;
  std::vector<Turn> turns;
  for (const auto& server : servers) {
    const auto known = std::ranges::find(turns_, server->status.get(), &Turn::server);
    turns.push_back({server->status.get(), known == turns_.end() ? 0 : known->current});
  }
  turns_ = std::move(turns);
}

std::optional<Chosen> Balancer::choose(Servers servers, const Balancing& balancing, const Request& request) {
  adopt(servers);
  full_ = false;
  for (const auto tier : {Tier::Primary, Tier::Backup, Tier::TriedBefore}) {
    if (!gather(servers, request, tier)) continue;
    if (auto chosen = take(servers, balancing, request)) return chosen;
  }
  if (full_) return std::nullopt;
  gather(servers, request, Tier::Anyone);
  auto chosen = take(servers, balancing, request);
  if (chosen) chosen->none_up = true;
  return chosen;
}

/// Collects the servers of a tier that are up. One that may be tried again, and is won for it, stands alone.
bool Balancer::gather(Servers servers, const Request& request, Tier tier) {
  candidates_.clear();
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const auto& server = *servers[i];
    const bool tried = std::ranges::find(request.tried, &server) != request.tried.end();
    const bool wanted = tier == Tier::Anyone || (tier == Tier::TriedBefore) == tried;
    if (!wanted || (tier != Tier::Anyone && !tried && (tier == Tier::Backup) != server.backup)) continue;
    const auto standing = tier == Tier::Anyone ? Standing::Up : server.status->standing(request.now);
    if (standing == Standing::Down) continue;
    if (!has_room(server)) {
      full_ = true;
    } else if (standing == Standing::Up) {
      candidates_.push_back(i);
    } else if (server.status->begin_trial(request.now)) {
      candidates_ = {i};
      return true;
    }
  }
  return !candidates_.empty();
}

std::optional<Chosen> Balancer::take(Servers servers, const Balancing& balancing, const Request& request) {
  while (!candidates_.empty()) {
    const auto index = candidates_.size() == 1 ? candidates_[0] : pick(servers, balancing, request);
    const auto& server = *servers[index];
    if (server.status->enter(server.max_connections)) return Chosen{index, Place(server.status), false};
    full_ = true;  // another worker was faster
    std::erase(candidates_, index);
  }
  return std::nullopt;
}

std::size_t Balancer::pick(Servers servers, const Balancing& balancing, const Request& request) {
  if (balancing.rule == Balancing::Rule::ConsistentHash && request.key) return by_key(servers, *request.key);
  const auto weights = warm_weights(servers, balancing, request.now);
  switch (balancing.rule) {
    case Balancing::Rule::LeastConnections:
      return least_busy(servers, weights);
    case Balancing::Rule::RandomTwo:
      return of_two(servers, weights);
    case Balancing::Rule::RoundRobin:
    case Balancing::Rule::ConsistentHash:
      break;
  }
  return by_turn(candidates_, weights);
}

/// Smooth weighted round robin: each gains its weight, the highest is taken and pays what all gained, so that
/// a heavy server's turns are spread between those of the others.
std::size_t Balancer::by_turn(const std::vector<std::size_t>& among,
                              const std::vector<std::int64_t>& weights) {
  std::int64_t total = 0;
  std::size_t best = among.front();
  for (const auto i : among) {
    turns_[i].current += weights[i];
    total += weights[i];
    if (turns_[i].current > turns_[best].current) best = i;
  }
  turns_[best].current -= total;
  return best;
}

/// The fewest exchanges under way for its weight; among equals, by turn.
std::size_t Balancer::least_busy(Servers servers, const std::vector<std::int64_t>& weights) {
  const auto busier = [&](std::size_t a, std::size_t b) {
    return (servers[a]->status->active() + 1) * weights[b] - (servers[b]->status->active() + 1) * weights[a];
  };
  std::vector<std::size_t> least;
  for (const auto i : candidates_) {
    const auto more = least.empty() ? -1 : busier(i, least.front());
    if (more < 0) least.clear();
    if (more <= 0) least.push_back(i);
  }
  return by_turn(least, weights);
}

/// Two by chance, and of them the less busy: nearly as even as looking at all, and workers that cannot see
/// each other's choices do not all run to the same server.
std::size_t Balancer::of_two(Servers servers, const std::vector<std::int64_t>& weights) {
  std::int64_t total = 0;
  for (const auto i : candidates_) total += weights[i];
  const auto draw = [&](std::int64_t below, std::size_t but) {
    auto left = std::uniform_int_distribution<std::int64_t>(0, below - 1)(random_);
    for (const auto i : candidates_) {
      if (i == but) continue;
      if (left < weights[i]) return i;
      left -= weights[i];
    }
    return candidates_.back();
  };
  const auto first = draw(total, servers.size());
  const auto second = draw(total - weights[first], first);
  const auto load = [&](std::size_t i, std::size_t other) {
    return (servers[i]->status->active() + 1) * weights[other];
  };
  return load(second, first) < load(first, second) ? second : first;
}

/// Highest random weight: each server draws a number from the key, and the best draw wins. When one leaves or
/// comes, only its own keys move. The weight is the fixed one: warming up must not move keys.
std::size_t Balancer::by_key(Servers servers, std::uint64_t key) const {
  std::size_t best = candidates_.front();
  double best_draw = -1;
  for (const auto i : candidates_) {
    const auto bits = mix(hash(servers[i]->name) ^ key) >> 11;
    const double chance = (static_cast<double>(bits) + 0.5) * 0x1p-53;  // between 0 and 1
    const double draw = servers[i]->weight / -std::log(chance);
    if (draw <= best_draw) continue;
    best = i;
    best_draw = draw;
  }
  return best;
}

}  // namespace portvakt::upstream
