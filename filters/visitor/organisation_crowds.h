// Which network operators are common enough to be named in a record without analytics consent: those whose
// clients came from at least kNetworks different networks today. A company or a school with a network of its
// own would tell with its name who asked; it stays below the bound, as every operator does for its first few
// networks of a day. Bounded: past kOrganisations in a day, new ones count as rare. One worker's own: not for
// several threads.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "proxy/base/address.h"
#include "proxy/base/clock.h"

namespace portvakt::visitor {

/// What a record says in the place of a rare operator.
inline constexpr std::string_view kRareOrganisation = "other";

class OrganisationCrowds {
 public:
  static constexpr int kNetworks = 8;  // of the default truncation: /24 and /48
  static constexpr std::size_t kOrganisations = 4096;

  OrganisationCrowds();

  /// Counts this client in; true when its operator is common by now.
  bool is_common(std::string_view organisation, const IpAddress& client, WallTime now);

 private:
  struct Entry {
    std::uint64_t organisation = 0;
    std::uint64_t networks =
        0;  // a bit for each, by hash: two networks may share one, which counts them once
    std::int64_t day = -1;
  };
  std::uint64_t hash_of(std::string_view text) const;
  Entry* find(std::uint64_t organisation, std::int64_t day);

  std::uint64_t key_ = 0;  // drawn at the start: nobody can prepare addresses that look like a crowd
  std::vector<Entry> entries_;
};

}  // namespace portvakt::visitor
