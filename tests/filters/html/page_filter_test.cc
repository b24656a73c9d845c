// Which answers are pages, and what becomes of those that cannot be read.
#include <gtest/gtest.h>

#include "filters/html/html_filter.h"
#include "tests/filters/html/page_handler.h"
#include "tests/support/fake_clock.h"

namespace portvakt::html {
namespace {

/// What became of an answer with this Content-Type (none if empty): "rewritten", "held" by a policy, or
/// "passed".
std::string became(const char* type, const char* destination = "document", http::BodyLength length = {}) {
  HtmlFilterSettings settings;
  settings.make_handler = [](const http::RequestHead&, filters::Notes&) {
    return std::make_unique<PageHandler>();
  };
  const HtmlFilter filter(std::move(settings));
  http::RequestHead request;
  request.method = "GET";
  request.headers.add("Sec-Fetch-Dest", destination);
  http::ResponseHead head;
  if (*type != 0) head.headers.add("Content-Type", type);
  filters::Notes notes;
  const FakeClock clock;
  filters::ResponseContext context{request, head, length, notes, clock, false, {}};
  if (!filter.on_response(context)) return "refused";
  if (!context.transforms.empty()) return "rewritten";
  return head.headers.has("Content-Security-Policy") ? "held" : "passed";
}

TEST(HtmlFilter, RewritesPagesAndPassesOtherTypes) {
  EXPECT_EQ(became("text/html"), "rewritten");
  EXPECT_EQ(became("TEXT/HTML; charset=utf-8"), "rewritten");
  for (const auto* type : {"image/png", "text/plain", "application/json"})
    EXPECT_EQ(became(type), "passed") << type;
}

TEST(HtmlFilter, HoldsThirdPartiesBackFromDocumentsThatItDoesNotRead) {
  for (const auto* type : {"application/xhtml+xml", "image/svg+xml", "text/html; charset=utf-16"})
    EXPECT_EQ(became(type), "held") << type;
}

TEST(HtmlFilter, HoldsThirdPartiesBackFromWhatABrowserMayTakeForAPage) {
  for (const auto* type : {"", "unknown/unknown", "*/*", "html"}) EXPECT_EQ(became(type), "held") << type;
  EXPECT_EQ(became("", "image"), "passed");
  EXPECT_EQ(became("", "document", {.none = true, .bytes = {}}), "passed");
}

TEST(HtmlFilter, RewritesAPageThatHidesBehindAnotherType) {
  EXPECT_EQ(became("image/png, text/html"), "rewritten");
}

}  // namespace
}  // namespace portvakt::html
