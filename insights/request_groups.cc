#include "insights/request_groups.h"

#include "insights/visit_builder.h"

namespace portvakt::insights {

std::size_t RequestGroups::Hash::operator()(const RequestGroup& group) const {
  std::uint64_t hash = std::uint64_t{group.quarter} << 40 |
                       std::uint64_t{static_cast<std::uint8_t>(group.kind)} << 32 |
                       std::uint64_t{group.flags} << 16 | group.status;
  for (const auto word : group.words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 29;
  }
  return hash;
}

void RequestGroups::add(const RequestGroup& group, std::uint32_t amount) {
  const auto [place, made] = places_.emplace(group, groups_.size());
  if (made) groups_.emplace_back(group, 0U);
  groups_[place->second].second += amount;
}

void RequestGroups::write(RequestColumns& out) const {
  ColumnWriter path(out.path), referrer(out.referrer), campaign(out.campaign), channel(out.channel),
      country(out.country), organisation(out.organisation), browser(out.browser), version(out.version),
      system(out.system), device(out.device);
  for (const auto& [group, amount] : groups_) {
    out.quarter.push_back(group.quarter);
    out.kind.push_back(static_cast<std::uint8_t>(group.kind));
    out.flags.push_back(group.flags);
    out.status.push_back(group.status);
    out.amount.push_back(amount);
    std::size_t i = 0;
    for (auto* writer :
         {&path, &referrer, &campaign, &country, &organisation, &browser, &version, &system, &device})
      writer->add(group.words[i++]);
    channel.add(words_.channel(group.words[1], group.words[2]));
  }
}

}  // namespace portvakt::insights
