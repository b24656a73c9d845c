// Counts alike requests of one day together and writes them as columns. Values; no I/O.
#pragma once

#include <array>
#include <unordered_map>
#include <vector>

#include "insights/day_columns.h"
#include "insights/record_facts.h"
#include "insights/word_table.h"

namespace portvakt::insights {

struct RequestGroup {
  std::uint8_t quarter = 0;
  RequestKind kind = RequestKind::Other;
  std::uint8_t flags = 0;
  std::uint16_t status = 0;
  std::array<std::uint32_t, 9> words{};  // path to device, as in the store's rows
  friend bool operator==(const RequestGroup&, const RequestGroup&) = default;
};

class RequestGroups {
 public:
  explicit RequestGroups(const WordTable& words) : words_(words) {}
  void add(const RequestGroup& group, std::uint32_t amount);
  void write(RequestColumns& out) const;

 private:
  struct Hash {
    std::size_t operator()(const RequestGroup& group) const;
  };
  const WordTable& words_;
  std::unordered_map<RequestGroup, std::size_t, Hash> places_;
  std::vector<std::pair<RequestGroup, std::uint32_t>> groups_;
};

}  // namespace portvakt::insights
