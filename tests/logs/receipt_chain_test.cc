#include "proxy/logs/records/receipt_chain.h"

#include <gtest/gtest.h>

#include <functional>

#include "proxy/logs/receipts/chain_check.h"

namespace portvakt::logs {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

struct Row {
  std::string entry;
  Texts fields;
};

std::vector<FieldValue> views(const Texts& texts) {
  std::vector<FieldValue> fields;
  for (const auto& [name, value] : texts) fields.push_back({name, value});
  return fields;
}

const consent::SigningKey kOld = consent::SigningKey::from_secret(std::string(32, 'o'));
const consent::SigningKey kNew = consent::SigningKey::from_secret(std::string(32, 'n'));

class ReceiptChains : public testing::Test {
 protected:
  ReceiptChains() {
    for (int i = 1; i <= 6; ++i) write("edge-0", i), write("edge-1", i);
  }

  void write(const std::string& producer, int number) {
    const auto text = std::to_string(number);
    Row row{std::to_string(++entry_) + "-0",
            {{"id", producer + "-" + text}, {"receipt", "r" + text}, {"purposes", "necessary, analytics"}}};
    if (number % 2 == 0) row.fields.emplace_back("visitor", "v" + text);
    auto& end = ends_[producer];
    row.fields.emplace_back("chain", writer_.add({"a", "2026-11-22", producer}, views(row.fields), end));
    rows_.push_back(std::move(row));
  }

  std::vector<std::string> findings(const std::vector<consent::SigningKey>& keys = {kOld}) {
    const ReceiptChain reader(keys);
    ChainCheck check(reader, "a", "2026-11-22");
    for (const auto& row : rows_) check.add_row(row.entry, views(row.fields));
    for (const auto& [producer, end] : ends_) {
      const auto text = end_texts_.contains(producer) ? end_texts_[producer]
                                                      : writer_.close({"a", "2026-11-22", producer}, end);
      if (text != "none") check.add_end(producer, text);
    }
    return check.finish();
  }

  std::string& field(std::size_t row, std::string_view name) {
    for (auto& [key, value] : rows_[row].fields) {
      if (key == name) return value;
    }
    throw std::out_of_range("no such field");
  }

  ReceiptChain writer_{std::vector{kOld}};
  int entry_ = 0;
  std::vector<Row> rows_;
  std::map<std::string, ChainEnd> ends_;
  std::map<std::string, std::string> end_texts_;
};

using Findings = std::vector<std::string>;

TEST_F(ReceiptChains, OfSeveralProducersAreWhole) {
  EXPECT_EQ(findings(), Findings{});
}

TEST_F(ReceiptChains, TellAChangedField) {
  field(4, "purposes") = "necessary";
  EXPECT_EQ(findings(), Findings{"entry 5-0: receipt 3 of edge-0 was changed"});
}

TEST_F(ReceiptChains, TellEveryChangedFieldAndNothingElse) {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    for (std::size_t at = 0; at + 1 < rows_[row].fields.size(); ++at) {
      auto& value = rows_[row].fields[at].second;
      const auto before = value;
      value.back() = value.back() == '1' ? '2' : '1';
      EXPECT_EQ(findings().size() > 0, value != before) << row << " " << at;
      value = before;
    }
  }
  EXPECT_EQ(findings(), Findings{});
}

TEST_F(ReceiptChains, TellADroppedRow) {
  rows_.erase(rows_.begin() + 4);
  EXPECT_EQ(findings(), Findings{"receipt 3 is missing of edge-0, before entry 7-0"});
}

TEST_F(ReceiptChains, TellADroppedEnd) {
  rows_.erase(rows_.end() - 4, rows_.end());
  EXPECT_EQ(findings(), (Findings{"receipts 5 to 6 are missing of edge-0, at the end of the day",
                                  "receipts 5 to 6 are missing of edge-1, at the end of the day"}));
}

TEST_F(ReceiptChains, TellAMissingOrMadeUpEnd) {
  end_texts_["edge-0"] = "none";
  rows_.erase(rows_.end() - 2);
  // The mark of an earlier row is known to whoever reads the stream, the mark of an end is not.
  const auto mark = parse_chain_mark(field(9, "chain"));
  end_texts_["edge-1"] = mark->key + ".5." + mark->mark + "." + mark->mark;
  EXPECT_EQ(findings(), (Findings{"the end of the chain of edge-0 is missing: its last receipts may be too",
                                  "the end of the chain of edge-1 was changed"}));
}

TEST_F(ReceiptChains, TellAllRowsOfAProducerGone) {
  std::erase_if(rows_, [](const Row& row) { return row.fields[0].second.starts_with("edge-1"); });
  EXPECT_EQ(findings(), Findings{"receipts 1 to 6 are missing of edge-1, at the end of the day"});
}

TEST_F(ReceiptChains, TellExchangedRows) {
  std::swap(rows_[2].fields, rows_[6].fields);
  EXPECT_EQ(findings(), (Findings{"entry 5-0: receipt 3 of edge-0 stands behind receipt 4",
                                  "entry 7-0: receipt 2 of edge-0 stands behind receipt 4"}));
}

TEST_F(ReceiptChains, TellARowThatIsThereTwiceAndOneThatIsNotOurs) {
  rows_.push_back({"90-0", rows_[0].fields});
  rows_.push_back({"91-0", {{"id", "edge-0-7"}, {"receipt", "r7"}}});
  EXPECT_EQ(findings(), (Findings{"entry 91-0 is no receipt of ours: it has no place in a chain",
                                  "entry 90-0: receipt 1 of edge-0 is there more than once",
                                  "entry 90-0: receipt 1 of edge-0 stands behind receipt 6"}));
}

TEST_F(ReceiptChains, TellRowsOfAnotherSiteOrDay) {
  const ReceiptChain reader({kOld});
  const auto fields = views(rows_[0].fields);
  const auto mark = *parse_chain_mark(field(0, "chain"));
  using Verdict = ReceiptChain::Verdict;
  EXPECT_EQ(reader.check({"a", "2026-11-22", "edge-0"}, fields, mark, ""), Verdict::Good);
  EXPECT_EQ(reader.check({"b", "2026-11-22", "edge-0"}, fields, mark, ""), Verdict::Wrong);
  EXPECT_EQ(reader.check({"a", "2026-11-23", "edge-0"}, fields, mark, ""), Verdict::Wrong);
  EXPECT_EQ(reader.check({"a", "2026-11-22", "edge-1"}, fields, mark, ""), Verdict::Wrong);
}

TEST_F(ReceiptChains, StayWholeWhenAVisitorIsErased) {
  auto& fields = rows_[2].fields;
  ASSERT_EQ(std::erase_if(fields, [](const auto& one) { return one.first == "visitor"; }), 1U);
  EXPECT_EQ(findings(), Findings{});
  fields.insert(fields.end() - 1, {"visitor", "v8"});
  EXPECT_EQ(findings(), Findings{"entry 3-0: receipt 2 of edge-0 was changed"})
      << "put in again, another one";
}

TEST_F(ReceiptChains, GoOnUnderANewKey) {
  writer_ = ReceiptChain({kNew, kOld});
  write("edge-0", 7);
  EXPECT_EQ(findings({kNew, kOld}), Findings{});
  EXPECT_EQ(findings({kNew}).size(), 12U) << "what the old key wrote cannot be checked without it";
}

TEST_F(ReceiptChains, CannotBeWrittenOnWithoutTheKey) {
  writer_ = ReceiptChain({kNew});
  write("edge-0", 7);
  EXPECT_EQ(findings().size(), 3U) << "the row and both ends";
}

TEST_F(ReceiptChains, EndIsReadBack) {
  const ChainScope scope{"a", "2026-11-22", "edge-0"};
  const auto text = writer_.close(scope, ends_["edge-0"]);
  const auto read = writer_.check_end(scope, text);
  EXPECT_EQ(read.verdict, ReceiptChain::Verdict::Good);
  EXPECT_EQ(read.end.count, 6U);
  EXPECT_EQ(read.end.mark, ends_["edge-0"].mark);
  EXPECT_EQ(writer_.check_end({"a", "2026-11-23", "edge-0"}, text).verdict, ReceiptChain::Verdict::Wrong);
  for (const std::string_view bad : {"", ".", "...", "a.b.c.d", "a.0.c.d", "a.1..d", "a.1.c", "a.1.c.d.e"}) {
    EXPECT_EQ(writer_.check_end(scope, bad).verdict == ReceiptChain::Verdict::Good, false) << bad;
  }
}

}  // namespace
}  // namespace portvakt::logs
