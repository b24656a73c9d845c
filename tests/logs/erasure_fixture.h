// Visitors whose records are in Redis, and what looks after them there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proxy/logs/records/erasure_record.h"
#include "proxy/logs/records/subject.h"
#include "proxy/logs/subjects/erasure_job.h"
#include "tests/logs/shipper_fixture.h"

namespace portvakt::logs {

class Visited : public ShippedSpool {
 protected:
  Visited() {
    settings_.sites = {"a"};
    settings_.gather = std::chrono::milliseconds{0};
  }

  /// Requests `/first` to `/last` of a visitor; nobody's when empty.
  void visit(std::string_view visitor, int first, int last, std::size_t worker = 0) {
    for (int i = first; i <= last; ++i) {
      const std::string path = "/" + std::to_string(i);
      AccessRecord record;
      record.time = clock_.wall();
      record.site = "a";
      record.path = path;
      record.analytics_granted = !visitor.empty();
      record.visitor = visitor;
      ASSERT_TRUE(spool_->writer(worker).append(record));
    }
  }
  void choose(std::string_view visitor) {
    const filters::PurposeNames purposes;
    consent::ConsentReceipt receipt;
    receipt.receipt_id = "receipt-" + subject_of("a", visitor);
    receipt.state.granted.add(filters::kAnalytics);
    receipt.state.given_at = clock_.wall();
    receipt.state.visitor_id = visitor;
    ASSERT_TRUE(spool_->writer(0).append(ConsentRecord{"a", receipt, purposes}));
  }
  void click(std::string_view visitor) {
    EventRecord event;
    event.time = clock_.wall();
    event.site = "a";
    event.event = "outbound";
    event.analytics_granted = true;
    event.visitor = visitor;
    ASSERT_TRUE(spool_->writer(0).append(event));
  }
  /// The visitor presses the button.
  void press_erase(std::string_view visitor) {
    const std::string subject = subject_of("a", visitor);
    ASSERT_TRUE(
        spool_->writer(0).append(ErasureRecord{clock_.wall(), "a", subject, erase_before(clock_.wall())}));
  }

  std::vector<SubjectRow> rows(std::string_view visitor) {
    std::vector<SubjectRow> found;
    const auto count = store().read("a", subject_of("a", visitor), [&](SubjectRow&& row) {
      found.push_back(std::move(row));
      return true;
    });
    EXPECT_TRUE(count);
    return found;
  }
  SubjectStore store() {
    if (!client_.connected()) (void)client_.connect();
    return {client_, "portvakt"};
  }
  ErasureJob& job() {
    if (!client_.connected()) (void)client_.connect();
    if (!job_) job_ = std::make_unique<ErasureJob>(client_, settings_, clock_, erasures_);
    return *job_;
  }
  bool finish_erasures(std::uint64_t count = 1) {
    return wait_until([&] {
      EXPECT_TRUE(job().round());
      return erasures_.finished.value() >= count;
    });
  }

  ErasureSettings settings_;
  ErasureCounters erasures_;
  StopSignal stop_;
  RedisClient client_{redis_.unix_url(), {std::chrono::seconds{5}, std::chrono::seconds{30}}, stop_};
  std::unique_ptr<ErasureJob> job_;
};

}  // namespace portvakt::logs
