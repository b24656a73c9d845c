// Turns expressions into the matcher's code and gathers all tables. Used by the build alone.
#pragma once

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "filters/agents/compiler/expression.h"
#include "filters/agents/rules.h"

namespace portvakt::agents {

class Assembler {
 public:
  /// Groups up to this one are kept.
  struct Entry {
    std::string expression;
    bool ignore_case = false;
    int groups = 0;
    std::string name, version;
    bool has_name = false, has_version = false;
  };
  void add(const Entry& entry);
  std::size_t size() const { return rules_.size(); }

  struct Bounds {
    std::size_t systems, devices, spiders, late_spider;
  };
  void write(std::ostream& out, const Bounds& bounds) const;

 private:
  struct Named {
    Rule rule;
    Entry entry;
  };

  void emit(const Node& node);
  void emit_sequence(const Node& node);
  void emit_choice(const Node& node);
  void emit_repeat(const Node& node);
  void emit_group(const Node& node);
  void emit_split(bool greedy, std::size_t place, std::size_t other);
  void word(std::size_t value);
  std::size_t here() const { return code_.size() - begin_; }
  std::uint16_t set_number(const Bytes& bytes);
  void write_code(std::ostream& out) const;
  void write_tables(std::ostream& out) const;
  void write_rules(std::ostream& out) const;
  void write_literals(std::ostream& out) const;

  std::vector<std::uint16_t> code_;
  std::size_t begin_ = 0;
  int groups_ = 0;
  std::vector<Bytes> sets_;
  std::map<std::string, std::uint16_t> set_numbers_;
  std::vector<DispatchTable> tables_;
  std::vector<std::uint16_t> choices_{0};
  std::vector<Named> rules_;
  std::map<std::string, std::set<std::uint16_t>> literals_;
  std::vector<std::uint64_t> always_ = std::vector<std::uint64_t>(kMaxRules / 64);
};

}  // namespace portvakt::agents
