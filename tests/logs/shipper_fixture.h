// A spool, a Redis and a shipper between them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "proxy/logs/shipping/redis_shipper.h"
#include "tests/logs/redis_process.h"
#include "tests/logs/spool_support.h"

namespace portvakt::logs {

class ShippedSpool : public testing::Test {
 protected:
  ShippedSpool() { open_spool(); }
  ~ShippedSpool() override {
    shipper_.reset();
    spool_.reset();
  }

  void open_spool() {
    shipper_.reset();
    spool_.reset();
    auto opened = Spool::open(small_spool(folder_.path(), 2), clock_);
    ASSERT_TRUE(opened) << opened.error().detail;
    spool_ = std::move(*opened);
  }

  void ship() { ship(redis_.unix_url()); }
  void ship(const RedisUrl& url) {
    shipper_.reset();
    ShipperSettings settings;
    settings.redis = url;
    settings.sites = {"a"};
    settings.receipt_keys = keys_;
    settings.idle_wait = std::chrono::milliseconds{2};
    shipper_ = std::make_unique<RedisShipper>(*spool_, settings, clock_);
  }

  /// Numbered requests `/first` to `/last` of a site.
  void append(int first, int last, std::string_view site = "a", std::size_t worker = 0) {
    for (int i = first; i <= last; ++i) {
      const std::string path = "/" + std::to_string(i);
      AccessRecord record;
      record.time = clock_.wall();
      record.site = site;
      record.method = "GET";
      record.path = path;
      record.status = 200;
      record.browser = "Firefox";
      record.country = "NO";
      record.purposes = "necessary";
      ASSERT_TRUE(spool_->writer(worker).append(record));
    }
  }

  void append_receipts(int first, int last, std::string_view site = "a", std::size_t worker = 0) {
    const filters::PurposeNames purposes;
    consent::ConsentReceipt receipt;
    receipt.choice = "accept-all";
    receipt.state.granted.add(filters::kAnalytics);
    for (int i = first; i <= last; ++i) {
      receipt.receipt_id = "receipt" + std::to_string(i);
      receipt.state.visitor_id = "visitor" + std::to_string(i);
      ASSERT_TRUE(spool_->writer(worker).append(ConsentRecord{site, receipt, purposes}));
    }
  }

  bool wait_delivered(std::uint64_t count) {
    return wait_until([&] { return shipper_->counters().delivered.value() >= count; });
  }

  std::string stream(const char* site = "a", const char* day = "2026-11-22") const {
    return std::string("portvakt:{") + site + "/" + day + "}:requests";
  }

  /// Each of `/first` to `/last` is in the streams exactly once, in order where one worker wrote them.
  void expect_once(const std::vector<std::string>& streams, int first, int last) {
    std::set<std::string> ids;
    std::map<std::string, int> paths;
    std::size_t total = 0;
    for (const auto& name : streams) {
      for (const auto& entry : redis_.entries(name)) {
        ids.insert(entry.at("id"));
        ++paths[entry.at("path")];
        ++total;
      }
    }
    EXPECT_EQ(total, static_cast<std::size_t>(last - first + 1));
    EXPECT_EQ(ids.size(), total) << "an id twice";
    for (int i = first; i <= last; ++i) ASSERT_EQ(paths["/" + std::to_string(i)], 1) << i;
  }

  std::vector<consent::SigningKey> keys_ = {consent::SigningKey::from_secret(std::string(32, 'k'))};
  ScratchFolder folder_;
  SharedClock clock_;
  RedisProcess redis_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<RedisShipper> shipper_;
};

}  // namespace portvakt::logs
