// Runs one rule's code over a text: leftmost match, alternatives in their order, as the data's authors have
// it. Backtracking with a fixed stack and a budget of steps that all rules of one text share, so that no text
// can cost more than that; past it nothing matches. Used by one thread at a time; allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "filters/agents/rules.h"

namespace portvakt::agents {

class Matcher {
 public:
  /// No text of uap-core's own suite needs more than three quarters of it; it takes about 150 µs.
  static constexpr std::uint32_t kMaxSteps = 24'000;
  static constexpr std::size_t kMaxText = 1024;

  /// `text` and `lower` (the same in lower case) have at most kMaxText bytes and outlive the matcher.
  Matcher(const RuleSet& rules, std::string_view text, std::string_view lower)
      : rules_(rules), text_(text), lower_(lower) {}

  bool matches(const Rule& rule);
  /// What the first or second group of the last match took; empty if it took nothing.
  std::string_view group(std::size_t number) const;
  std::uint32_t steps() const { return steps_; }

 private:
  struct Frame {
    std::uint16_t kind;
    std::uint16_t at;     // code, or which place was saved
    std::uint16_t place;  // in the text
    std::uint16_t bound;  // of a repetition
  };
  enum FrameKind : std::uint16_t { kResume, kChoices, kShrink, kGrow, kRestore };
  static constexpr std::size_t kMaxFrames = 512;
  static constexpr std::uint16_t kNowhere = 0xffff;

  bool runs_from(std::uint16_t start);
  bool push(FrameKind kind, std::size_t at, std::size_t place, std::size_t bound = 0);
  bool back();
  bool step();
  bool step_text();
  bool step_repeat();
  bool step_dispatch();
  bool choose(std::size_t choice);
  bool at_word_boundary() const;
  bool is_word(std::size_t place) const;

  const RuleSet& rules_;
  std::string_view text_;
  std::string_view lower_;
  std::string_view subject_;
  const std::uint16_t* code_ = nullptr;
  std::uint16_t at_ = 0;
  std::uint16_t place_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t steps_ = 0;
  bool matched_ = false;
  std::array<std::uint16_t, 4> saved_{};
  std::array<Frame, kMaxFrames> frames_;
};

}  // namespace portvakt::agents
