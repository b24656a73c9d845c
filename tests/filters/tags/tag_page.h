// A page, a site and a visitor for the tests of the tag rules, with the catalogue that ships.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "filters/consent/locales.h"
#include "filters/html/rewriter.h"
#include "filters/tags/catalogue_reader.h"
#include "filters/tags/tag_handler.h"
#include "filters/tags/tag_policy.h"
#include "tests/support/source_file.h"

namespace portvakt::tags {

inline const VendorCatalogue& shipped_catalogue() {
  static const std::unique_ptr<VendorCatalogue> catalogue = [] {
    Diagnostics diagnostics;
    auto read = read_catalogue(test::source_file("config/vendors.yaml"), diagnostics);
    EXPECT_EQ(diagnostics.format(), "");
    return read;
  }();
  return *catalogue;
}

inline consent::ConsentState granting(std::initializer_list<filters::Purpose> purposes) {
  consent::ConsentState state;
  for (const auto purpose : purposes) state.granted.add(purpose);
  return state;
}

inline consent::ConsentState granting_all() {
  return granting({filters::kFunctional, filters::kAnalytics, filters::kMarketing});
}

/// One run of a page through the handler.
struct TagPage {
  SiteRules rules;
  consent::ConsentState consent;
  PageFacts page{"https", "www.example.test", "/shop/page.html"};
  const consent::Locale* locale = nullptr;
  std::function<std::string(std::string_view)> extend_policy;
  std::string body_insertion;
  filters::Notes notes;

  std::string rewrite(std::string_view in) { return rewrite(std::vector{in}); }

  std::string rewrite(std::string_view in, std::size_t cut) {
    return rewrite(std::vector{in.substr(0, cut), in.substr(cut)});
  }

  std::string rewrite_bytewise(std::string_view in) {
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < in.size(); ++i) bytes.push_back(in.substr(i, 1));
    return rewrite(bytes);
  }

  std::string rewrite(const std::vector<std::string_view>& parts) {
    const TagPolicy policy(shipped_catalogue(), rules);
    notes = {};
    notes.locale = locale;
    notes.extend_policy = extend_policy;
    notes.body_insertion = body_insertion;
    const auto handler = make_handler(policy, consent, page, notes);
    std::string out;
    html::StringOutput output(out);
    html::Rewriter rewriter(*handler, {}, output);
    bool taken = true;
    for (const auto part : parts) taken = taken && rewriter.write(part).has_value();
    EXPECT_TRUE(taken && rewriter.end().has_value());
    return out;
  }
};

}  // namespace portvakt::tags
