#include "proxy/http/fetch_metadata.h"

#include <gtest/gtest.h>

namespace portvakt::http {
namespace {

RequestHead request(std::initializer_list<std::pair<const char*, const char*>> fields) {
  RequestHead head;
  head.method = "GET";
  for (const auto& [name, value] : fields) head.headers.add(name, value);
  return head;
}

TEST(FetchMetadata, TellsPagesFromWhatPagesLoad) {
  for (const auto* dest : {"image", "script", "style", "font"}) {
    EXPECT_FALSE(may_be_page(request({{"Sec-Fetch-Dest", dest}}))) << dest;
    EXPECT_TRUE(asks_for_subresource(request({{"Sec-Fetch-Dest", dest}}))) << dest;
  }
  for (const auto* dest : {"document", "iframe", "empty", "object"}) {
    EXPECT_TRUE(may_be_page(request({{"Sec-Fetch-Dest", dest}}))) << dest;
  }
}

TEST(FetchMetadata, TellsWindowsFromFrames) {
  EXPECT_TRUE(asks_for_top_document(request({{"Sec-Fetch-Dest", "document"}})));
  EXPECT_FALSE(asks_for_top_document(request({{"Sec-Fetch-Dest", "iframe"}})));
  EXPECT_TRUE(asks_for_document(request({{"Sec-Fetch-Dest", "iframe"}})));
  EXPECT_FALSE(asks_for_document(request({{"Sec-Fetch-Dest", "empty"}})));
}

TEST(FetchMetadata, GuessesADocumentWhereNobodySaysOtherwise) {
  EXPECT_TRUE(asks_for_top_document(request({})));
  EXPECT_TRUE(asks_for_top_document(request({{"Accept", "*/*"}})));
  EXPECT_TRUE(asks_for_top_document(request({{"Accept", "text/html,application/xml;q=0.9"}})));
  EXPECT_FALSE(asks_for_top_document(request({{"Accept", "application/json"}})));
  EXPECT_FALSE(asks_for_top_document(request({{"X-Requested-With", "XMLHttpRequest"}})));
  EXPECT_TRUE(may_be_page(request({})));
  EXPECT_FALSE(asks_for_subresource(request({})));
}

}  // namespace
}  // namespace portvakt::http
