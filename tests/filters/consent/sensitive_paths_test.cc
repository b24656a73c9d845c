#include "filters/consent/sensitive_paths.h"

#include "filters/filter.h"
#include "tests/filters/consent/filter_exchange.h"

namespace portvakt::consent {
namespace {

TEST(SensitivePaths, AreReadAsAnyServerMightReadThem) {
  const SensitivePaths paths({"/health/*", "/om-oss/varsling", "/*/Diagnose"});
  for (const auto* path : {"/health/", "/health/a/b", "/HEALTH/a", "/%68ealth/a", "/x/../health/a",
                           "/./health/a", "/om-oss/varsling", "/no/diagnose", "/health/a+b"}) {
    EXPECT_TRUE(paths.contains(path)) << path;
  }
  for (const auto* path : {"/", "/health", "/healthy/", "/om-oss/varsling/mer", "/diagnose"}) {
    EXPECT_FALSE(paths.contains(path)) << path;
  }
  EXPECT_FALSE(SensitivePaths().contains("/health/"));
}

class SensitivePage : public FilterExchange {
 protected:
  SensitivePage() {
    settings_.sensitive = SensitivePaths({"/health/*"});
    filter_.emplace(settings_);
  }
  Headers document() const { return {{"Sec-Fetch-Dest", "document"}}; }
};

TEST_F(SensitivePage, LetsNobodyInAfterAcceptAll) {
  choose("choice=accept-all");
  request("GET", "/health/1", document());
  EXPECT_TRUE(notes_.sensitive);
  EXPECT_TRUE(notes_.consent.chosen) << "nobody is asked again";
  EXPECT_EQ(sent_purposes(), "necessary");
  EXPECT_EQ(notes_.consent.visitor_id, "") << "and nobody is recognised there";
  request("GET", "/shop", document());
  EXPECT_FALSE(notes_.sensitive);
  EXPECT_EQ(sent_purposes(), "necessary, functional, analytics, marketing");
}

TEST_F(SensitivePage, IsNotNamedToTheNextPage) {
  http::ResponseHead head;
  head.headers.add("Referrer-Policy", "unsafe-url");
  request("GET", "/health/1", document());
  filters::ResponseContext response{head_, head, {}, notes_, clock_, true, {}};
  ASSERT_TRUE(filter_->on_response(response));
  EXPECT_EQ(head.headers.find("Referrer-Policy"), "strict-origin");
  head.headers.set("Referrer-Policy", "no-referrer");
  ASSERT_TRUE(filter_->on_response(response));
  EXPECT_EQ(head.headers.find("Referrer-Policy"), "no-referrer");
}

TEST_F(SensitivePage, DoesNotReachOverToThePrivacyPages) {
  settings_.sensitive = SensitivePaths({"/*"});
  filter_.emplace(settings_);
  choose("choice=accept-all");
  request("GET", "/.privacy/state.json");
  EXPECT_NE(reply_.body.find("\"analytics\""), std::string::npos);
}

}  // namespace
}  // namespace portvakt::consent
