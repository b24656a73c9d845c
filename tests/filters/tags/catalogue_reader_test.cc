#include "filters/tags/catalogue_reader.h"

#include <gtest/gtest.h>

namespace portvakt::tags {
namespace {

constexpr std::string_view kGood = R"(vendors:
  - id: acme
    name: Acme
    purpose: marketing
    kind: advertising
    country: NO
    confidence: high
    hosts: [acme.example, "*.acme.example"]
    cookies:
      - {name: "ac_*", reason: counts, max_age: 60}
      - {name: id, reason: counts, max_age: -1, party: third}
    first_party:
      queries:
        - ["acme=1", "t="]
)";

std::string faults_of(std::string text, std::string_view from, std::string_view to) {
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  Diagnostics diagnostics;
  const auto catalogue = parse_catalogue(text, "vendors.yaml", diagnostics);
  EXPECT_EQ(catalogue == nullptr, diagnostics.has_errors());
  std::string lines;
  for (const auto& d : diagnostics.all())
    lines += std::to_string(d.line) + " " + d.path + ": " + d.text + "\n";
  return lines;
}

TEST(CatalogueReader, ReadsAVendor) {
  Diagnostics diagnostics;
  const auto catalogue = parse_catalogue(kGood, "vendors.yaml", diagnostics);
  ASSERT_NE(catalogue, nullptr) << diagnostics.format();
  const Vendor* vendor = catalogue->vendor("acme");
  ASSERT_NE(vendor, nullptr);
  EXPECT_EQ(vendor->country, "NO") << "a country, not a boolean";
  EXPECT_EQ(vendor->line, 2);
  EXPECT_EQ(vendor->hosts[1].line, 8);
  EXPECT_EQ(vendor->cookies[1].max_age.count(), -1);
  EXPECT_TRUE(vendor->cookies[1].third_party);
  EXPECT_EQ(vendor->first_party_parameters[0].parameters.size(), 2U);
}

TEST(CatalogueReader, ReportsEveryFaultWithItsLine) {
  const std::string good(kGood);
  EXPECT_EQ(faults_of(good, "purpose: marketing", "purpose: fun"),
            "4 vendors[0].purpose: 'purpose' is not one of: necessary, functional, analytics, marketing\n");
  EXPECT_EQ(faults_of(good, "kind:", "kinds:"),
            "5 vendors[0]: unknown name 'kinds'\n2 vendors[0]: 'kind' is missing\n");
  EXPECT_EQ(faults_of(good, "country: NO", "name: Acme"),
            "6 vendors[0]: 'name' is given twice\n2 vendors[0]: 'country' is missing\n");
  EXPECT_EQ(faults_of(good, "[acme.example,", "[https://acme.example,"),
            "8 vendors[0].hosts: 'https://acme.example' is not a host in lower case\n");
  EXPECT_EQ(faults_of(good, "max_age: 60", "max_age: soon"),
            "10 vendors[0].cookies[0].max_age: expected seconds, or -1 for until cleared\n");
  EXPECT_EQ(faults_of(good, "country: NO", "payment: true\n    country: NO"),
            "6 vendors[0]: a payment vendor must have the purpose necessary\n");
  EXPECT_EQ(faults_of(good + "  - id: acme\n    name: B\n    purpose: analytics\n    kind: k\n    country: "
                             "SE\n    confidence: low\n",
                      "", ""),
            "15 vendors[1]: the id 'acme' is given twice\n");
}

TEST(CatalogueReader, ReportsWhatIsNoYamlAndNoList) {
  EXPECT_EQ(faults_of("vendors: [", "", "").substr(0, 1), "1");
  EXPECT_NE(faults_of("", "", ""), "");
  EXPECT_NE(faults_of("vendors: 3", "", ""), "");
  EXPECT_NE(faults_of("vendors: [1]", "", ""), "");
}

TEST(CatalogueReader, ReportsAMissingFile) {
  Diagnostics diagnostics;
  EXPECT_EQ(read_catalogue("/nonexistent/vendors.yaml", diagnostics), nullptr);
  EXPECT_EQ(diagnostics.errors(), 1U);
}

}  // namespace
}  // namespace portvakt::tags
