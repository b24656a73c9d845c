#include "insights/column_filters.h"

#include <algorithm>
#include <array>

#include "insights/campaign.h"
#include "insights/record_facts.h"
#include "proxy/base/ascii.h"

namespace portvakt::insights {
namespace {

bool matches(const Filter& filter, std::string_view text) {
  const auto one = [&](const std::string& value) {
    switch (filter.match) {
      case Match::Is:
      case Match::IsNot:
        return text == value;
      case Match::Contains:
        return text.find(value) != std::string_view::npos;
      case Match::Begins:
        return text.starts_with(value);
    }
    return false;
  };
  return std::ranges::any_of(filter.values, one);
}

/// `404`, or `4xx` for all of its class.
bool status_matches(const Filter& filter, int status) {
  const auto text = std::to_string(status);
  const auto of_class = text.substr(0, 1) + "xx";
  return matches(filter, text) || matches(filter, of_class);
}

std::optional<HitKind> event_of(Dimension by) {
  if (by == Dimension::Outbound) return HitKind::Outbound;
  if (by == Dimension::Download) return HitKind::Download;
  if (by == Dimension::Form) return HitKind::Form;
  return std::nullopt;
}

}  // namespace

const Column* visit_column(const VisitColumns& v, Dimension by) {
  switch (by) {
    case Dimension::Referrer:
      return &v.referrer;
    case Dimension::Channel:
      return &v.channel;
    case Dimension::Source:
    case Dimension::Medium:
    case Dimension::Campaign:
      return &v.campaign;
    case Dimension::Country:
      return &v.country;
    case Dimension::Organisation:
      return &v.organisation;
    case Dimension::Browser:
      return &v.browser;
    case Dimension::BrowserVersion:
      return &v.version;
    case Dimension::System:
      return &v.system;
    case Dimension::Device:
      return &v.device;
    case Dimension::Entry:
      return &v.entry;
    case Dimension::Exit:
      return &v.exit;
    case Dimension::Screen:
      return &v.screen;
    default:
      return nullptr;
  }
}

std::optional<std::size_t> request_column_of(Dimension by) {
  switch (by) {
    case Dimension::Page:
    case Dimension::Section:
    case Dimension::NotFound:
    case Dimension::Redirect:
    case Dimension::BotPage:
      return 0;
    case Dimension::Referrer:
      return 1;
    case Dimension::Source:
    case Dimension::Medium:
    case Dimension::Campaign:
      return 2;
    case Dimension::Channel:
      return 3;
    case Dimension::Country:
      return 4;
    case Dimension::Organisation:
      return 5;
    case Dimension::Browser:
    case Dimension::Bot:
      return 6;
    case Dimension::BrowserVersion:
      return 7;
    case Dimension::System:
      return 8;
    case Dimension::Device:
      return 9;
    default:
      return std::nullopt;
  }
}

std::uint32_t project(const WordTable& words, Dimension by, std::uint32_t word) {
  switch (by) {
    case Dimension::Section:
      return words.section(word);
    case Dimension::Source:
      return words.source(word);
    case Dimension::Medium:
      return words.medium(word);
    case Dimension::Campaign:
      return words.campaign_name(word);
    case Dimension::Referrer:
      return words.text(word) == "/" ? kNoWord : word;
    case Dimension::Channel:
      return word == channel_word(Channel::Internal) ? kNoWord : word;
    default:
      return word;
  }
}

std::optional<std::uint8_t> event_kind_of(GoalKind kind) {
  switch (kind) {
    case GoalKind::Page:
      return std::nullopt;
    case GoalKind::Outbound:
      return static_cast<std::uint8_t>(HitKind::Outbound);
    case GoalKind::Download:
      return static_cast<std::uint8_t>(HitKind::Download);
    case GoalKind::Form:
      return static_cast<std::uint8_t>(HitKind::Form);
  }
  return std::nullopt;
}

void WordTest::codes(const Column& column, std::vector<std::uint8_t>& fit) {
  fit.resize(column.words.size());
  for (std::size_t code = 0; code < fit.size(); ++code) {
    const auto word = column.words[code];
    if (word >= known_.size()) known_.resize(std::size_t{word} + 1);
    auto& known = known_[word];
    if (known == 0) known = test(word) ? 2 : 1;
    fit[code] = known == 2 ? 1 : 0;
  }
}

/// A filter; IsNot is turned around where rows are marked, since a visit has many pages.
class ColumnFilters::FilterTest : public WordTest {
 public:
  FilterTest(const Filter& of, const WordTable& words, const std::vector<Goal>& goals)
      : filter(of), words_(words) {
    for (const auto& goal : goals) {
      if (filter.by == Dimension::GoalReached && matches(filter, goal.name))
        conditions.emplace_back(words, goal.condition);
    }
  }
  bool negative() const { return filter.match == Match::IsNot; }

  const Filter filter;
  std::vector<ConditionTest> conditions;

 protected:
  bool test(std::uint32_t word) const override {
    const auto projected = project(words_, filter.by, word);
    return projected != kNoWord && matches(filter, words_.text(projected));
  }

 private:
  const WordTable& words_;
};

ColumnFilters::ColumnFilters() = default;
ColumnFilters::~ColumnFilters() = default;
ColumnFilters::ColumnFilters(ColumnFilters&&) noexcept = default;
ColumnFilters& ColumnFilters::operator=(ColumnFilters&&) noexcept = default;

Result<ColumnFilters> ColumnFilters::compile(const std::vector<Filter>& filters, const WordTable& words,
                                             const std::vector<Goal>& goals) {
  if (filters.size() > kMaxFilters) return failure(ErrorKind::Invalid, "too many filters");
  ColumnFilters compiled;
  for (const auto& filter : filters) {
    if (filter.values.empty() || filter.values.size() > kMaxFilterValues)
      return failure(ErrorKind::Invalid, "a filter has no value, or too many");
    compiled.exact_ = compiled.exact_ && !only_of_visits(filter.by);
    compiled.tests_.push_back(std::make_unique<FilterTest>(filter, words, goals));
  }
  return compiled;
}

void ColumnFilters::requests(const RequestColumns& requests, std::optional<Dimension> except, Mask& mask) {
  mask.assign(requests.size(), 1);
  for (const auto& test : tests_) {
    const auto by = test->filter.by;
    const std::uint8_t turn = test->negative() ? 1 : 0;
    if (by == Dimension::Status) {
      std::array<std::uint8_t, 1000> known{};  // 0 not asked, 1 no, 2 yes
      for (std::size_t i = 0; i < mask.size(); ++i) {
        auto& fit = known[std::min<std::size_t>(requests.status[i], known.size() - 1)];
        if (fit == 0) fit = status_matches(test->filter, requests.status[i]) ? 2 : 1;
        mask[i] &= static_cast<std::uint8_t>((fit - 1) ^ turn);
      }
      continue;
    }
    const auto index = request_column_of(by);
    if (!index || by == except) continue;
    const auto& column = request_column(requests, *index);
    test->codes(column, fit_);
    for (std::size_t i = 0; i < mask.size(); ++i)
      mask[i] &= static_cast<std::uint8_t>(fit_[column.codes[i]] ^ turn);
  }
}

void ColumnFilters::visit_views(const VisitColumns& visits, FilterTest& test, Mask& mask) {
  test.codes(visits.path, fit_);
  const std::uint8_t turn = test.negative() ? 1 : 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    std::uint8_t any = 0;
    for (auto view = visits.views[i]; view < visits.views[i + 1]; ++view)
      any |= fit_[visits.path.codes[view]];
    mask[i] &= static_cast<std::uint8_t>(any ^ turn);
  }
}

void ColumnFilters::visit_events(const VisitColumns& visits, FilterTest& test, Mask& mask) {
  test.codes(visits.target, fit_);
  const auto kind = static_cast<std::uint8_t>(*event_of(test.filter.by));
  const std::uint8_t turn = test.negative() ? 1 : 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    std::uint8_t any = 0;
    for (auto event = visits.events[i]; event < visits.events[i + 1]; ++event) {
      if (visits.event_kind[event] == kind) any |= fit_[visits.target.codes[event]];
    }
    mask[i] &= static_cast<std::uint8_t>(any ^ turn);
  }
}

void ColumnFilters::visit_goals(const VisitColumns& visits, FilterTest& test, Mask& mask) {
  Mask any(visits.size(), 0);
  for (auto& condition : test.conditions) {
    find_met(visits, condition, fit_, found_);
    for (std::size_t i = 0; i < any.size(); ++i) any[i] |= found_[i];
  }
  const std::uint8_t turn = test.negative() ? 1 : 0;
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] &= static_cast<std::uint8_t>(any[i] ^ turn);
}

void ColumnFilters::visits(const VisitColumns& visits, Mask& mask) {
  mask.assign(visits.size(), 1);
  for (const auto& test : tests_) {
    const auto by = test->filter.by;
    if (by == Dimension::Page || by == Dimension::Section) {
      visit_views(visits, *test, mask);
    } else if (event_of(by)) {
      visit_events(visits, *test, mask);
    } else if (by == Dimension::GoalReached) {
      visit_goals(visits, *test, mask);
    } else if (const auto* column = visit_column(visits, by); column != nullptr) {
      test->codes(*column, fit_);
      const std::uint8_t turn = test->negative() ? 1 : 0;
      for (std::size_t i = 0; i < mask.size(); ++i)
        mask[i] &= static_cast<std::uint8_t>(fit_[column->codes[i]] ^ turn);
    } else {
      mask.assign(visits.size(), 0);  // only requests know it
    }
  }
}

void find_met(const VisitColumns& visits, ConditionTest& test, std::vector<std::uint8_t>& fit, Mask& found) {
  found.assign(visits.size(), 0);
  const auto kind = event_kind_of(test.condition().kind);
  test.codes(kind ? visits.target : visits.path, fit);
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::uint8_t any = 0;
    if (!kind) {
      for (auto view = visits.views[i]; view < visits.views[i + 1]; ++view)
        any |= fit[visits.path.codes[view]];
    } else {
      for (auto event = visits.events[i]; event < visits.events[i + 1]; ++event) {
        if (visits.event_kind[event] == *kind) any |= fit[visits.target.codes[event]];
      }
    }
    found[i] = any;
  }
}

}  // namespace portvakt::insights
