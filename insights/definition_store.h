// Goals, funnels and annotations in the reports' store. One thread; the database outlives it.
#pragma once

#include "insights/database.h"
#include "insights/definitions.h"

namespace portvakt::insights {

class DefinitionStore : public Definitions {
 public:
  explicit DefinitionStore(Database& database) : database_(database) {}

  Result<std::vector<Goal>> goals(std::string_view site) override;
  Result<std::int64_t> store(std::string_view site, const Goal& goal) override;
  Result<std::vector<Funnel>> funnels(std::string_view site) override;
  Result<std::int64_t> store(std::string_view site, const Funnel& funnel) override;
  Result<std::vector<Annotation>> annotations(std::string_view site, Period period) override;
  Result<std::int64_t> store(std::string_view site, const Annotation& annotation) override;
  Result<bool> remove_goal(std::string_view site, std::int64_t id) override;
  Result<bool> remove_funnel(std::string_view site, std::int64_t id) override;
  Result<bool> remove_annotation(std::string_view site, std::int64_t id) override;

 private:
  Result<void> check_room(std::string_view table, std::string_view site, std::string_view name,
                          std::int64_t id);
  Result<bool> remove(std::string_view table, std::string_view site, std::int64_t id);
  Result<void> store_steps(std::int64_t funnel, const std::vector<FunnelStep>& steps);

  Database& database_;
};

}  // namespace portvakt::insights
