// Made-up traffic of two sites over ninety days, the same every time but for the dates: to look at the
// reports without waiting for visitors. It comes through the same door as real records. No address, name or
// number in it is anybody's.
#pragma once

#include "insights/source.h"
#include "insights/store.h"

namespace portvakt::insights {

class DemoSource : public RecordSource {
 public:
  explicit DemoSource(Day today) : today_(today) {}
  Result<std::size_t> poll(Store& store) override;

 private:
  Day today_;
};

}  // namespace portvakt::insights
