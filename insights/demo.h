// Made-up traffic of two sites over ninety days, the same every time but for the dates: to look at the
// reports without waiting for visitors. It comes through the same door as real records. No address, name or
// number in it is anybody's.
#pragma once

#include "insights/definitions.h"
#include "insights/source.h"
#include "insights/store.h"

namespace portvakt::insights {

/// Goals, a funnel and annotations that fit it.
Result<void> define_demo(Definitions& definitions, Day today);

class DemoSource : public RecordSource {
 public:
  explicit DemoSource(Day today) : today_(today) {}
  Result<std::size_t> poll(Store& store) override;

 private:
  Day today_;
};

}  // namespace portvakt::insights
