// Chooses the upstream server of the next exchange by the site's rule, among those that answer and have room.
// One per site and worker; no threads. Health and load are shared through the servers' status.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "proxy/upstream/upstream_server.h"

namespace portvakt::upstream {

using Servers = std::span<const std::unique_ptr<const UpstreamServer>>;

/// What one choice goes by.
struct Request {
  SteadyTime now;
  /// For ConsistentHash; empty: nothing to hash is known, and the choice is by turns.
  std::optional<std::uint64_t> key;
  /// Servers that have just failed this exchange: only if there is no other.
  std::span<const UpstreamServer* const> tried;
};

struct Chosen {
  std::size_t index = 0;
  Place place;
  /// No server counted as up: refusing everybody helps nobody, so one is tried all the same.
  bool none_up = false;
};

class Balancer {
 public:
  explicit Balancer(std::uint64_t seed = std::random_device()()) : random_(seed) {}

  /// Empty: every server that could be asked is at its limit. `servers` has at least one.
  std::optional<Chosen> choose(Servers servers, const Balancing& balancing, const Request& request);

  /// The same for the same text in every worker and process.
  static std::uint64_t hash(std::string_view text);

 private:
  /// Which servers come into question, in the order in which they are asked.
  enum class Tier : std::uint8_t { Primary, Backup, TriedBefore, Anyone };
  void adopt(Servers servers);
  bool gather(Servers servers, const Request& request, Tier tier);
  std::optional<Chosen> take(Servers servers, const Balancing& balancing, const Request& request);
  std::size_t pick(Servers servers, const Balancing& balancing, const Request& request);
  std::size_t by_turn(const std::vector<std::size_t>& among, const std::vector<std::int64_t>& weights);
  std::size_t least_busy(Servers servers, const std::vector<std::int64_t>& weights);
  std::size_t of_two(Servers servers, const std::vector<std::int64_t>& weights);
  std::size_t by_key(Servers servers, std::uint64_t key) const;

  struct Turn {
    const ServerStatus* server = nullptr;  // compared, never followed
    std::int64_t current = 0;
  };
  std::vector<Turn> turns_;              // one a server
  std::vector<std::size_t> candidates_;  // of the choice under way
  bool full_ = false;                    // a server was passed over for want of room
  std::minstd_rand random_;
};

}  // namespace portvakt::upstream
