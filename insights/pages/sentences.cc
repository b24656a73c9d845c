#include "insights/pages/sentences.h"

#include <algorithm>
#include <cstdlib>

#include "insights/words/labels.h"

namespace portvakt::insights {
namespace {

/// Of fewer page views than this a change is chance.
constexpr std::int64_t kWorthSaying = 10;

std::string volume(const Words& words, const TotalsAnswer& totals) {
  const auto now = totals.now.figures.views;
  const auto number = words.number(now);
  if (!totals.before || totals.before->figures.views == 0) return words.fill(Text::said_alone, {number});
  const auto before = totals.before->figures.views;
  const auto share = static_cast<double>(std::abs(now - before)) / static_cast<double>(before);
  if (share < 0.005) return words.fill(Text::said_same, {number});
  return words.fill(now > before ? Text::said_more : Text::said_fewer, {number, words.percent(share)});
}

struct Change {
  std::string name;
  std::int64_t by = 0;
};

/// The row whose page views moved most, in the direction of the whole.
Change largest_change(const Words& words, const OverviewAnswer& answer) {
  Change largest;
  for (const auto* table : {&answer.tables.front(), &answer.channels}) {
    for (const auto& row : table->rows) {
      if (!row.before || row.name.empty()) continue;
      const auto by = row.figures.views - row.before->views;
      if (std::abs(by) > std::abs(largest.by)) largest = {value_label(words, table->by, row.name), by};
    }
  }
  return largest;
}

std::string origin(const Words& words, const OverviewAnswer& answer) {
  const auto& rows = answer.channels.rows;
  const auto largest_row = std::ranges::max_element(
      rows, {}, [](const Row& row) { return std::max(row.figures.views, row.figures.visits); });
  if (largest_row == rows.end()) return {};
  const auto name = value_label(words, Dimension::Channel, largest_row->name);
  const auto change = largest_change(words, answer);
  if (std::abs(change.by) < kWorthSaying) return words.fill(Text::said_came, {name});
  return words.fill(change.by > 0 ? Text::said_came_gain : Text::said_came_loss,
                    {name, change.name, words.number(std::abs(change.by))});
}

std::string coverage(const Words& words, const TotalsAnswer& totals) {
  const auto share = words.percent(totals.now.figures.coverage.share());
  const auto before = totals.before ? totals.before->figures.coverage.share() : std::nullopt;
  if (!before) return words.fill(Text::said_consent, {share});
  return words.fill(Text::said_consent_before, {share, words.percent(before)});
}

}  // namespace

std::vector<std::string> overview_sentences(const Words& words, const OverviewAnswer& answer) {
  if (answer.totals.now.figures.views == 0) return {std::string(words(Text::said_nothing))};
  std::vector<std::string> all = {volume(words, answer.totals)};
  if (auto said = origin(words, answer); !said.empty()) all.push_back(std::move(said));
  all.push_back(coverage(words, answer.totals));
  return all;
}

}  // namespace portvakt::insights
