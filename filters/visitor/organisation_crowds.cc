#include "filters/visitor/organisation_crowds.h"

#include <bit>
#include <cstring>

#include "filters/visitor/ip_truncation.h"
#include "proxy/base/crypto.h"

namespace portvakt::visitor {
namespace {

constexpr std::size_t kProbes = 8;

}  // namespace

OrganisationCrowds::OrganisationCrowds() {
  const std::string random = crypto::random_bytes(sizeof key_);
  std::memcpy(&key_, random.data(), sizeof key_);
}

std::uint64_t OrganisationCrowds::hash_of(std::string_view text) const {
  std::uint64_t hash = key_;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  hash ^= hash >> 31U;
  hash *= 0x9E3779B97F4A7C15ULL;
  return hash ^ hash >> 29U;
}

OrganisationCrowds::Entry* OrganisationCrowds::find(std::uint64_t organisation, std::int64_t day) {
  if (entries_.empty()) entries_.resize(kOrganisations);
  Entry* free = nullptr;
  for (std::size_t i = 0; i < kProbes; ++i) {
    Entry& entry = entries_[(organisation + i) % kOrganisations];
    if (entry.day == day && entry.organisation == organisation) return &entry;
    if (entry.day != day && free == nullptr) free = &entry;
  }
  if (free != nullptr) *free = {organisation, 0, day};
  return free;
}

bool OrganisationCrowds::is_common(std::string_view organisation, const IpAddress& client, WallTime now) {
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  Entry* const entry = find(hash_of(organisation), day);
  if (entry == nullptr) return false;
  const auto network = IpTruncation().truncate(client).text();
  entry->networks |= std::uint64_t{1} << (hash_of(network) & 63U);
  return std::popcount(entry->networks) >= kNetworks;
}

}  // namespace portvakt::visitor
