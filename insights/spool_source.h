// Reads the spool of this machine where no Redis is configured: each producer is a stream, its sequence
// numbers are the positions. Only reads, also while a running Portvakt appends.
#pragma once

#include <filesystem>

#include "insights/source.h"

namespace portvakt::insights {

class SpoolSource : public RecordSource {
 public:
  explicit SpoolSource(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<std::size_t> poll(Store& store) override;

 private:
  std::filesystem::path folder_;
};

}  // namespace portvakt::insights
