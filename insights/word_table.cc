#include "insights/word_table.h"

#include "insights/campaign.h"
#include "insights/record_facts.h"

namespace portvakt::insights {
namespace {

constexpr std::size_t kMaxKnownChannels = 100000;

}  // namespace

Result<void> WordTable::refresh() {
  auto query = database_.prepare("SELECT id, text FROM words WHERE id >= ? ORDER BY id");
  if (!query) return tl::unexpected(query.error());
  query->with(static_cast<std::int64_t>(texts_.size()));
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const auto id = static_cast<std::size_t>(query->number(0));
    if (texts_.size() <= id) texts_.resize(id + 1);
    texts_[id] = owned_.emplace_back(query->text(1));
    numbers_.emplace(texts_[id], static_cast<std::uint32_t>(id));
  }
}

std::uint32_t WordTable::find(std::string_view text) const {
  const auto found = numbers_.find(text);
  return found != numbers_.end() ? found->second : kNoWord;
}

std::uint32_t WordTable::section(std::uint32_t path) const {
  return find(section_of(text(path)));
}
std::uint32_t WordTable::source(std::uint32_t campaign) const {
  return find(read_campaign(text(campaign)).source);
}
std::uint32_t WordTable::medium(std::uint32_t campaign) const {
  return find(read_campaign(text(campaign)).medium);
}
std::uint32_t WordTable::campaign_name(std::uint32_t campaign) const {
  return find(read_campaign(text(campaign)).name);
}

std::uint32_t WordTable::channel(std::uint32_t referrer, std::uint32_t campaign) const {
  const auto key = std::uint64_t{referrer} << 32 | campaign;
  if (const auto known = channels_.find(key); known != channels_.end()) return known->second;
  const auto word = channel_word(channel_of(text(referrer), text(campaign)));
  if (channels_.size() >= kMaxKnownChannels) channels_.clear();
  channels_.emplace(key, word);
  return word;
}

}  // namespace portvakt::insights
