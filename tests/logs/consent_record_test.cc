#include "proxy/logs/records/consent_record.h"

#include <gtest/gtest.h>

namespace portvakt::logs {
namespace {

const std::string kId = "p-0-3";

std::string lines(const consent::ConsentReceipt& receipt) {
  const filters::PurposeNames purposes;
  std::string payload;
  encode(ConsentRecord{"example", receipt, purposes}, payload);
  std::vector<FieldValue> fields;
  EXPECT_TRUE(decode_fields({3, RecordKind::Consent, "example", payload}, kId, fields));
  std::string out;
  for (const auto& field : fields) out.append(field.name).append("=").append(field.value).append("\n");
  return out;
}

consent::ConsentReceipt receipt() {
  consent::ConsentReceipt receipt;
  receipt.state.chosen = true;
  receipt.state.source = consent::ConsentSource::Banner;
  receipt.state.given_at = WallTime{std::chrono::milliseconds{1795353605123}};
  receipt.state.policy_version = "2026-11";
  receipt.state.visitor_id = "visitor-1";
  receipt.state.vendors_granted = {"youtube", "vimeo"};
  receipt.receipt_id = "r1";
  receipt.choice = "selected";
  receipt.text_version = "3";
  receipt.language = "nb";
  receipt.region = "NO";
  return receipt;
}

TEST(ConsentRecord, NamesNobodyWithoutAnalytics) {
  EXPECT_EQ(
      lines(receipt()),
      "id=p-0-3\nt=1795353600000\nsite=example\nreceipt=r1\nchoice=selected\nhow=banner\npurposes=necessary\n"
      "vendors_granted=youtube, vimeo\npolicy=2026-11\ntext=3\nlanguage=nb\nregion=NO\n");
}

TEST(ConsentRecord, CarriesTheVisitorAndTheExactTimeWithAnalytics) {
  auto given = receipt();
  given.state.granted.add(filters::kAnalytics);
  EXPECT_EQ(
      lines(given),
      "id=p-0-3\nt=1795353605123\nsite=example\nreceipt=r1\nchoice=selected\nhow=banner\n"
      "purposes=necessary, analytics\nvendors_granted=youtube, vimeo\npolicy=2026-11\ntext=3\nlanguage=nb\n"
      "region=NO\nvisitor=visitor-1\n");
}

}  // namespace
}  // namespace portvakt::logs
