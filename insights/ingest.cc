#include "insights/ingest.h"

#include "proxy/base/log.h"

namespace portvakt::insights {
namespace {

constexpr std::chrono::milliseconds kPause{1000};
constexpr std::chrono::milliseconds kPauseAfterFault{5000};
constexpr std::chrono::milliseconds kLastRound{2000};

}  // namespace

Ingest::Ingest(std::unique_ptr<RecordSource> source, std::unique_ptr<Store> store, StoreSettings settings,
               IngestSettings ingest, const Clock& clock, logs::StopSignal& stop)
    : source_(std::move(source)),
      store_(std::move(store)),
      settings_(std::move(settings)),
      ingest_(ingest),
      clock_(clock),
      stop_(stop),
      thread_([this] { run(); }) {}

Ingest::~Ingest() {
  stop_.raise(clock_.steady() + kLastRound);
  thread_.join();
}

void Ingest::run() {
  bool well = true;
  while (!stop_.raised()) {
    const auto worked = work();
    if (stop_.raised()) return;
    if (!worked && well) log_warning("the reports stand still: " + worked.error().detail);
    if (worked && !well) log_info("the reports go on");
    well = worked.has_value();
    stop_.wait(well ? kPause : kPauseAfterFault);
  }
}

Result<void> Ingest::retain() {
  const auto sites = store_->sites();
  if (!sites) return tl::unexpected(sites.error());
  for (const auto& site : *sites) {
    const auto& zone = settings_.zone(site);
    const auto now = clock_.wall();
    auto& done_for = retained_[site];
    if (done_for == zone.day(now)) continue;
    auto done = store_->retain(site, {zone.day(now - ingest_.visits), zone.day(now - ingest_.counts)});
    if (!done) return done;
    done_for = zone.day(now);
  }
  return {};
}

Result<std::size_t> Ingest::work() {
  if (auto done = retain(); !done) return tl::unexpected(done.error());
  const auto taken = source_->poll(*store_);
  if (!taken) return taken;
  if (auto done = store_->scrub(); !done) return tl::unexpected(done.error());
  while (!stop_.raised()) {
    const auto settled = store_->settle();
    if (!settled) return tl::unexpected(settled.error());
    if (!*settled) break;
  }
  return taken;
}

}  // namespace portvakt::insights
