#include "insights/ingest.h"

#include "proxy/base/log.h"

namespace portvakt::insights {
namespace {

constexpr std::chrono::milliseconds kPause{1000};
constexpr std::chrono::milliseconds kPauseAfterFault{5000};
constexpr std::chrono::milliseconds kLastRound{2000};

}  // namespace

Ingest::Ingest(std::unique_ptr<RecordSource> source, std::unique_ptr<Store> store,
               std::chrono::seconds visitor_retention, const Clock& clock, logs::StopSignal& stop)
    : source_(std::move(source)),
      store_(std::move(store)),
      visitor_retention_(visitor_retention),
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

Result<std::size_t> Ingest::work() {
  const Day first_kept = day_of(clock_.wall() - visitor_retention_);
  if (first_kept > forgotten_before_) {
    if (const auto forgot = store_->forget_visitors_before(first_kept); !forgot)
      return tl::unexpected(forgot.error());
    forgotten_before_ = first_kept;
  }
  return source_->poll(*store_);
}

}  // namespace portvakt::insights
