#include "insights/definition_store.h"

namespace portvakt::insights {
namespace {

tl::unexpected<Error> refused(std::string said) {
  return failure(ErrorKind::Invalid, std::move(said));
}

template <typename OnRow>
Result<void> each_row(Statement& query, OnRow on_row) {
  while (true) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    on_row();
  }
}

/// The id of the row that an INSERT or UPDATE with RETURNING made.
Result<std::int64_t> returned_id(Statement& query) {
  const auto row = query.step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return refused("it is no longer there");
  const auto id = query.number(0);
  // To its end, so that the statement is done.
  if (const auto end = query.step(); !end) return tl::unexpected(end.error());
  return id;
}

}  // namespace

Result<void> DefinitionStore::check_room(std::string_view table, std::string_view site, std::string_view name,
                                         std::int64_t id) {
  const std::string from = " FROM " + std::string(table) + " WHERE site = ?";
  auto count = database_.prepare("SELECT count(*)" + from);
  if (!count) return tl::unexpected(count.error());
  if (const auto row = count->with(site).step(); !row) return tl::unexpected(row.error());
  if (id == 0 && count->number(0) >= static_cast<std::int64_t>(kMaxDefinitions))
    return refused("there are too many of them already");
  if (name.empty()) return {};
  auto same = database_.prepare("SELECT 1" + from + " AND name = ? AND id <> ?");
  if (!same) return tl::unexpected(same.error());
  const auto taken = same->with(site, name, id).step();
  if (!taken) return tl::unexpected(taken.error());
  if (*taken) return refused("there is another one of that name");
  return {};
}

Result<bool> DefinitionStore::remove(std::string_view table, std::string_view site, std::int64_t id) {
  auto query = database_.prepare("DELETE FROM " + std::string(table) + " WHERE site = ? AND id = ?");
  if (!query) return tl::unexpected(query.error());
  if (auto done = query->with(site, id).run(); !done) return tl::unexpected(done.error());
  return database_.changes() > 0;
}

Result<std::vector<Goal>> DefinitionStore::goals(std::string_view site) {
  auto query = database_.prepare("SELECT id, name, kind, pattern FROM goals WHERE site = ? ORDER BY name");
  if (!query) return tl::unexpected(query.error());
  query->with(site);
  std::vector<Goal> goals;
  auto read = each_row(*query, [&] {
    goals.push_back(
        {query->number(0), query->text(1), {static_cast<GoalKind>(query->number(2)), query->text(3)}});
  });
  if (!read) return tl::unexpected(read.error());
  return goals;
}

Result<std::int64_t> DefinitionStore::store(std::string_view site, const Goal& goal) {
  if (auto said = complaint(goal); !said.empty()) return refused(std::move(said));
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto room = check_room("goals", site, goal.name, goal.id); !room) return tl::unexpected(room.error());
  auto query = database_.prepare(
      goal.id == 0
          ? "INSERT INTO goals (name, kind, pattern, site) VALUES (?, ?, ?, ?) RETURNING id"
          : "UPDATE goals SET name = ?, kind = ?, pattern = ? WHERE site = ? AND id = ? RETURNING id");
  if (!query) return tl::unexpected(query.error());
  const auto kind = static_cast<std::int64_t>(goal.condition.kind);
  goal.id == 0 ? query->with(goal.name, kind, goal.condition.pattern, site)
               : query->with(goal.name, kind, goal.condition.pattern, site, goal.id);
  const auto id = returned_id(*query);
  if (!id) return id;
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return id;
}

Result<std::vector<Funnel>> DefinitionStore::funnels(std::string_view site) {
  auto query = database_.prepare(
      "SELECT funnels.id, funnels.name, funnel_steps.name, kind, pattern FROM funnels JOIN funnel_steps ON "
      "funnel = "
      "funnels.id WHERE site = ? ORDER BY funnels.name, place");
  if (!query) return tl::unexpected(query.error());
  query->with(site);
  std::vector<Funnel> funnels;
  auto read = each_row(*query, [&] {
    if (funnels.empty() || funnels.back().id != query->number(0))
      funnels.push_back({query->number(0), query->text(1), {}});
    funnels.back().steps.push_back(
        {query->text(2), {static_cast<GoalKind>(query->number(3)), query->text(4)}});
  });
  if (!read) return tl::unexpected(read.error());
  return funnels;
}

Result<void> DefinitionStore::store_steps(std::int64_t funnel, const std::vector<FunnelStep>& steps) {
  auto clear = database_.prepare("DELETE FROM funnel_steps WHERE funnel = ?");
  auto add = database_.prepare("INSERT INTO funnel_steps VALUES (?, ?, ?, ?, ?)");
  if (!clear) return tl::unexpected(clear.error());
  if (!add) return tl::unexpected(add.error());
  if (auto done = clear->with(funnel).run(); !done) return done;
  std::int64_t place = 0;
  for (const auto& step : steps) {
    const auto kind = static_cast<std::int64_t>(step.condition.kind);
    auto done = add->with(funnel, ++place, step.name, kind, step.condition.pattern).run();
    if (!done) return done;
  }
  return {};
}

Result<std::int64_t> DefinitionStore::store(std::string_view site, const Funnel& funnel) {
  if (auto said = complaint(funnel); !said.empty()) return refused(std::move(said));
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto room = check_room("funnels", site, funnel.name, funnel.id); !room)
    return tl::unexpected(room.error());
  auto query = database_.prepare(funnel.id == 0
                                     ? "INSERT INTO funnels (name, site) VALUES (?, ?) RETURNING id"
                                     : "UPDATE funnels SET name = ? WHERE site = ? AND id = ? RETURNING id");
  if (!query) return tl::unexpected(query.error());
  funnel.id == 0 ? query->with(funnel.name, site) : query->with(funnel.name, site, funnel.id);
  const auto id = returned_id(*query);
  if (!id) return id;
  if (auto done = store_steps(*id, funnel.steps); !done) return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return id;
}

Result<std::vector<Annotation>> DefinitionStore::annotations(std::string_view site, Period period) {
  auto query = database_.prepare(
      "SELECT id, kind, first, last, text FROM annotations WHERE site = ? AND first <= ? AND last >= ? "
      "ORDER BY first, id");
  if (!query) return tl::unexpected(query.error());
  query->with(site, period.last, period.first);
  std::vector<Annotation> annotations;
  auto read = each_row(*query, [&] {
    annotations.push_back({query->number(0),
                           static_cast<AnnotationKind>(query->number(1)),
                           {query->number(2), query->number(3)},
                           query->text(4)});
  });
  if (!read) return tl::unexpected(read.error());
  return annotations;
}

Result<std::int64_t> DefinitionStore::store(std::string_view site, const Annotation& annotation) {
  if (auto said = complaint(annotation); !said.empty()) return refused(std::move(said));
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto room = check_room("annotations", site, {}, annotation.id); !room)
    return tl::unexpected(room.error());
  auto query = database_.prepare(
      annotation.id == 0
          ? "INSERT INTO annotations (kind, first, last, text, site) VALUES (?, ?, ?, ?, ?) RETURNING id"
          : "UPDATE annotations SET kind = ?, first = ?, last = ?, text = ? WHERE site = ? AND id = ? "
            "RETURNING id");
  if (!query) return tl::unexpected(query.error());
  const auto& a = annotation;
  const auto kind = static_cast<std::int64_t>(a.kind);
  a.id == 0 ? query->with(kind, a.days.first, a.days.last, a.text, site)
            : query->with(kind, a.days.first, a.days.last, a.text, site, a.id);
  const auto id = returned_id(*query);
  if (!id) return id;
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return id;
}

Result<bool> DefinitionStore::remove_goal(std::string_view site, std::int64_t id) {
  return remove("goals", site, id);
}
Result<bool> DefinitionStore::remove_funnel(std::string_view site, std::int64_t id) {
  return remove("funnels", site, id);
}
Result<bool> DefinitionStore::remove_annotation(std::string_view site, std::int64_t id) {
  return remove("annotations", site, id);
}

}  // namespace portvakt::insights
