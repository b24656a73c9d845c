#include "proxy/admin/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace portvakt::admin {
namespace {

using testing::HasSubstr;

TEST(Metrics, NameEveryCountOfASiteWithHelpAndType) {
  exchange::SiteCounters counters;
  counters.responses[200].add(3);
  counters.tags_held[filters::kMarketing].add(2);
  counters.request_cookies_held[filters::kAnalytics].add();
  counters.choices_reject_all.add();
  counters.durations[1].add(3);
  ProcessMetrics process;
  process.sites.push_back({"shop", &counters, {}});
  process.records_delivered = 3;
  process.buffered = 5000;
  process.limit_hits[static_cast<std::size_t>(exchange::Limit::HeadTime)] = 4;
  process.last_reload_successful = false;
  process.certificate_expiry["cert.pem"] = 1800000000;
  process.version = "1.2.3";
  const auto text = format_metrics(process);
  for (const auto* line :
       {"# TYPE portvakt_requests_total counter", "portvakt_requests_total{site=\"shop\",code=\"200\"} 3",
        "portvakt_tags_held_total{site=\"shop\",purpose=\"marketing\"} 2",
        "portvakt_cookies_held_total{site=\"shop\",direction=\"request\",purpose=\"analytics\"} 1",
        "portvakt_consent_choices_total{site=\"shop\",choice=\"reject-all\"} 1",
        "portvakt_request_seconds_bucket{site=\"shop\",le=\"0.002\"} 3",
        "portvakt_request_seconds_bucket{site=\"shop\",le=\"+Inf\"} 3",
        "portvakt_limit_hits_total{limit=\"header_timeout\"} 4", "portvakt_buffered_bytes 5000",
        "portvakt_records_total{result=\"delivered\"} 3", "portvakt_config_last_reload_successful 0",
        "portvakt_build_info{version=\"1.2.3\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(
      text, HasSubstr("portvakt_certificate_expiry_timestamp_seconds{certificate=\"cert.pem\"} 1800000000"));
}

TEST(Metrics, LeaveOutStatusCodesThatNeverCame) {
  exchange::SiteCounters counters;
  ProcessMetrics process;
  process.sites.push_back({"shop", &counters, {}});
  EXPECT_EQ(format_metrics(process).find("portvakt_requests_total{"), std::string::npos);
}

}  // namespace
}  // namespace portvakt::admin
