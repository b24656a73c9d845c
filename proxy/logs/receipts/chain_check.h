// Follows the receipt chains of one site and day and says what is wrong, and where. Fed with the day's rows
// in the order of their entries, then with the ends that the batch script kept. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/logs/records/receipt_chain.h"

namespace portvakt::logs {

class ChainCheck {
 public:
  /// The chain outlives the check.
  ChainCheck(const ReceiptChain& chain, std::string_view site, std::string_view day);

  /// `entry` is its id in the stream.
  void add_row(std::string_view entry, const std::vector<FieldValue>& fields);
  /// A field of `sent` whose name ends in `:chain`, without that ending.
  void add_end(std::string_view producer, std::string_view text);

  /// What is wrong, a sentence each; empty: nothing. Names rows by entry and record id, never a visitor.
  std::vector<std::string> finish();

  std::size_t rows() const { return rows_; }
  std::size_t chains() const { return producers_.size(); }

 private:
  struct Row {
    std::string entry;
    ChainMark mark;
    std::vector<std::pair<std::string, std::string>> fields;
  };
  struct Producer {
    std::vector<Row> rows;
    std::string end;  // as kept; empty: none
  };
  void check_producer(const std::string& name, const Producer& producer);
  void check_order(const std::string& name, const std::vector<Row>& rows);
  void check_marks(const ChainScope& scope, const std::map<std::uint64_t, const Row*>& places);
  void check_end(const ChainScope& scope, const std::string& text, std::uint64_t last);
  void say(std::string text) { findings_.push_back(std::move(text)); }

  const ReceiptChain& chain_;
  const std::string site_;
  const std::string day_;
  std::size_t rows_ = 0;
  std::map<std::string, Producer, std::less<>> producers_;
  std::vector<std::string> findings_;
};

}  // namespace portvakt::logs
