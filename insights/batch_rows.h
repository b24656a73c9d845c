// The rows of one batch on their way into the store: collected from the facts of records, alike requests
// counted together, then written in one go. Private to the room's store files. References outlive it.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "insights/record_facts.h"
#include "insights/store_numbering.h"
#include "insights/store_settings.h"

namespace portvakt::insights {

/// What a request row says beside its dimensions.
inline constexpr std::int64_t kConsented = 1;
inline constexpr std::int64_t kBanner = 2;
inline constexpr std::int64_t kGpcKnown = 4;
inline constexpr std::int64_t kGpc = 8;

/// The statements that write them; prepared once for a store.
struct RowStatements {
  Statement hit, request, held, consent, version;
  Result<void> prepare(Database& database);
};

class BatchRows {
 public:
  BatchRows(Numbering& numbering, RowStatements& statements, const StoreSettings& settings)
      : numbering_(numbering), statements_(statements), settings_(settings) {}

  /// False: nothing of it is kept (its day is frozen, or its visitor was erased).
  Result<bool> add(const RequestFacts& facts);
  Result<bool> add(const EventFacts& facts);
  Result<bool> add(const ConsentFacts& facts);

  Result<void> write();

 private:
  static constexpr std::size_t kWords = 9;  // path to device
  struct Request {
    std::int64_t site = 0, minute = 0, kind = 0, status = 0, flags = 0;
    std::array<std::int64_t, kWords> words{};
    friend auto operator<=>(const Request&, const Request&) = default;
  };
  struct Held {
    std::int64_t site = 0, minute = 0, vendor = 0;
    friend auto operator<=>(const Held&, const Held&) = default;
  };
  struct Hash {
    std::size_t operator()(const Request& request) const;
  };
  /// Site number and whether the day still takes records.
  struct Place {
    std::int64_t site = 0;
    bool open = false;
  };
  Result<Place> place(std::string_view site, std::int64_t time);
  Result<void> number(const std::array<std::string_view, kWords>& texts,
                      std::array<std::int64_t, kWords>& words);
  Result<bool> add_hit(std::int64_t site, std::string_view site_name, std::string_view visitor,
                       std::int64_t time, HitKind kind, const std::array<std::int64_t, kWords>& words,
                       std::int64_t screen, std::int64_t target, std::int64_t milliseconds);
  Result<void> add_derived(std::string_view path, std::string_view campaign);
  Result<void> write_requests();
  Result<void> write_held();

  Numbering& numbering_;
  RowStatements& statements_;
  const StoreSettings& settings_;
  std::unordered_map<Request, std::int64_t, Hash> requests_;
  std::map<Held, std::int64_t> held_;
  std::set<std::pair<std::int64_t, Day>> changed_;
};

}  // namespace portvakt::insights
