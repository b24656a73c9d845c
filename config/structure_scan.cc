#include "config/structure_scan.h"

#include <utility>

namespace portvakt::config {
namespace {

/// Counts brackets outside quotes and comments, and the marks that open block levels within one line (`- - -
/// a`).
class StructureScan {
 public:
  std::optional<StructureFault> run(std::string_view text) {
    for (const char c : text) {
      step(c);
      if (depth_ + marks_ > kMaxNesting) {
        return StructureFault{
            here_, "lists and maps are nested deeper than " + std::to_string(kMaxNesting) + " levels"};
      }
    }
    if (quote_ != 0) return StructureFault{quote_place_, "this quote is never closed"};
    return std::nullopt;
  }

 private:
  void step(char c) {
    ++here_.column;
    if (quote_ != 0) {
      step_in_quote(c);
    } else if (!comment_ && c != '\n') {
      step_outside(c);
    }
    if (c == '\n') start_line();
  }

  void start_line() {
    here_ = {here_.line + 1, 0};
    marks_ = 0;
    comment_ = false;
    after_space_ = true;
    if (quote_ == 0 && depth_ == 0) last_mark_ = '\n';
  }

  void step_in_quote(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (quote_ == '"' && c == '\\') {
      escaped_ = true;
    } else if (c == quote_) {
      quote_ = 0;
      doubled_ = c == '\'';
      last_mark_ = c;
      after_space_ = false;
    }
  }

  void step_outside(char c) {
    const bool doubled = std::exchange(doubled_, false);
    if (c == ' ' || c == '\t' || c == '\r') {
      after_space_ = true;
      return;
    }
    if (c == '#' && after_space_) {
      comment_ = true;
      return;
    }
    if (c == '\'' && doubled) {
      quote_ = c;  // '' within single quotes is a quote as a character
    } else if ((c == '"' || c == '\'') && begins_value()) {
      quote_ = c;
      quote_place_ = here_;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else if ((c == ']' || c == '}') && depth_ > 0) {
      --depth_;
    } else if ((c == '-' || c == '?' || c == ':') && after_space_) {
      ++marks_;
    }
    last_mark_ = c;
    after_space_ = false;
  }

  /// A quote within a plain text (`it's`, `5" wide`) opens nothing.
  bool begins_value() const {
    constexpr std::string_view kBefore = "[{,";
    constexpr std::string_view kBeforeSpace = ":-?\n";
    return kBefore.find(last_mark_) != std::string_view::npos ||
           (after_space_ && kBeforeSpace.find(last_mark_) != std::string_view::npos);
  }

  std::size_t depth_ = 0;
  std::size_t marks_ = 0;
  Place here_{1, 0};
  Place quote_place_;
  char last_mark_ = '\n';  // the last character that was no space
  char quote_ = 0;
  bool after_space_ = true;
  bool escaped_ = false;
  bool doubled_ = false;  // the character before closed a single quote
  bool comment_ = false;
};

}  // namespace

std::optional<StructureFault> scan_structure(std::string_view text) {
  return StructureScan().run(text);
}

}  // namespace portvakt::config
