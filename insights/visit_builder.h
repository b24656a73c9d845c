// Makes visits of what consenting visitors did: page views of one visitor with less than half an hour between
// each and the next. A visit belongs to the day on which it began and goes on past midnight, at most until a
// day after its day has ended: what a screen that never rests loads later belongs to no visit. Events belong
// to the visit in whose half hour they fall. No I/O, no state between calls.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "insights/day_columns.h"
#include "insights/record_facts.h"

namespace portvakt::insights {

inline constexpr std::int64_t kVisitGap = 30 * 60 * 1000;
inline constexpr std::int64_t kVisitReach = 24 * 3600 * 1000;

/// A row of the store's `hits`. Texts are numbers, in this order.
struct Hit {
  enum Word : std::uint8_t {
    Path,
    Referrer,
    Campaign,
    Country,
    Organisation,
    Browser,
    Version,
    System,
    Device,
    Screen,
    Target,
    Words
  };
  std::uint32_t subject = 0;
  HitKind kind = HitKind::View;
  std::int64_t time = 0;
  std::int64_t key = 0;
  std::int64_t milliseconds = -1;  // of a Leave; of a View its status
  std::array<std::uint32_t, Words> words{};

  bool is_view() const { return kind == HitKind::View || kind == HitKind::ViewEvent; }
};

/// Adds rows to a column, giving words their codes.
class ColumnWriter {
 public:
  explicit ColumnWriter(Column& column) : column_(column) {}
  void add(std::uint32_t word);

 private:
  Column& column_;
  std::unordered_map<std::uint32_t, std::uint16_t> codes_;
};

/// When a day begins and ends, in milliseconds since 1970.
struct DaySpan {
  std::int64_t begins = 0;
  std::int64_t ends = 0;
};

/// How the channel of a visit is found from the numbers of its referrer and campaign.
using ChannelOf = std::uint32_t (*)(const void* context, std::uint32_t referrer, std::uint32_t campaign);

/// The numbers of texts that mean something here.
struct VisitWords {
  std::uint32_t own_site = 0;  // the referrer `/`
  ChannelOf channel = nullptr;
  const void* context = nullptr;
};

/// `hits` begin half an hour before the day and go as far as they are known; they are sorted here. The time
/// up to which they had to be known so that no visit of the day was still open, at most `span.ends +
/// kVisitReach`.
std::int64_t build_visits(std::vector<Hit>& hits, DaySpan span, const VisitWords& words,
                          VisitColumns& visits);

}  // namespace portvakt::insights
