// The reports' answers from prepared days. Looks through columns where filters are set and takes the days'
// own sums where none are. One thread; the file may be written by another process meanwhile, each answer is
// of one moment. The clock outlives it.
#pragma once

#include <filesystem>
#include <memory>

#include "insights/column_filters.h"
#include "insights/day_cache.h"
#include "insights/definition_store.h"
#include "insights/reports.h"
#include "insights/store_settings.h"

namespace portvakt::insights {

class ColumnReports : public Reports {
 public:
  static Result<std::unique_ptr<ColumnReports>> open(const std::filesystem::path& file,
                                                     StoreSettings settings, const Clock& clock);

  Result<std::vector<std::string>> sites() override;
  Result<std::optional<Period>> span(std::string_view site) override;
  Day today(std::string_view site) override;
  int small_group() const override { return settings_.small_group; }

  Result<TotalsAnswer> totals(const Query& query) override;
  Result<Series> series(const Query& query, Granularity granularity) override;
  Result<Table> table(const Query& query, Dimension by, const TableOptions& options) override;
  Result<std::vector<GoalRow>> goals(const Query& query) override;
  Result<FunnelAnswer> funnel(const Query& query, const Funnel& funnel) override;
  Result<Realtime> realtime(std::string_view site) override;
  Result<ConsentAnswer> consent(const Query& query, Granularity granularity) override;
  Result<HeldAnswer> held(const Query& query) override;
  Definitions& definitions() override { return definitions_; }

  /// Held in memory for prepared days.
  std::size_t cached_bytes() const { return cache_.bytes(); }

 private:
  /// What one question works with.
  struct Asked {
    Transaction reading;
    std::int64_t site = -1;  // -1: it has no records
    ColumnFilters filters;
  };
  ColumnReports(std::unique_ptr<Database> database, StoreSettings settings, const Clock& clock);
  Result<Asked> ask(const Query& query);
  Result<void> each_day(const Asked& asked, const Query& query, Period period, const DayCache::OnDay& on_day);

  Result<Totals> totals_of(Asked& asked, const Query& query, Period period);
  Result<std::vector<Point>> points_of(Asked& asked, const Query& query, Period period,
                                       Granularity granularity);
  Result<std::vector<FunnelStepRow>> funnel_of(Asked& asked, const Query& query, Period period,
                                               const Funnel& funnel, std::int64_t& all);
  Result<std::vector<GoalRow>> goals_of(Asked& asked, const Query& query, Period period,
                                        const std::vector<Goal>& goals, std::int64_t& visits);
  Result<Table> request_table(Asked& asked, const Query& query, Dimension by, const TableOptions& options);
  Result<void> read_inventory(std::int64_t site, HeldAnswer& answer);
  /// Takes away what is told of fewer visitors than a group has.
  void withhold(Figures& figures, bool filtered) const;

  std::unique_ptr<Database> database_;
  const StoreSettings settings_;
  const Clock& clock_;
  WordTable words_;
  DayCache cache_;
  DefinitionStore definitions_;
  Mask visit_mask_, request_mask_;
};

}  // namespace portvakt::insights
