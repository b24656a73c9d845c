#include "filters/agents/matcher.h"

#include <algorithm>
#include <cstring>

#include "proxy/base/ascii.h"

namespace portvakt::agents {

bool Matcher::matches(const Rule& rule) {
  code_ = rules_.code.data() + rule.code;
  subject_ = rule.ignore_case ? lower_ : text_;
  const ByteSet& first = rules_.sets[rule.first_set];
  const std::size_t last = rule.anchored ? 0 : subject_.size();
  for (std::size_t start = 0; start <= last && steps_ < kMaxSteps; ++start) {
    // A match that may be empty has a first set of all bytes; at the text's end it is tried too.
    if (start < subject_.size() && !first.has(static_cast<unsigned char>(subject_[start]))) continue;
    if (runs_from(static_cast<std::uint16_t>(start))) return true;
  }
  return false;
}

std::string_view Matcher::group(std::size_t number) const {
  const std::size_t begin = saved_[2 * number - 2], end = saved_[2 * number - 1];
  if (begin == kNowhere || end == kNowhere || end < begin) return {};
  return text_.substr(begin, end - begin);
}

bool Matcher::runs_from(std::uint16_t start) {
  saved_.fill(kNowhere);
  depth_ = 0;
  at_ = 0;
  place_ = start;
  matched_ = false;
  while (steps_ < kMaxSteps) {
    ++steps_;
    if (!step() && !back()) return false;
    if (matched_) return true;
  }
  return false;
}

bool Matcher::push(FrameKind kind, std::size_t at, std::size_t place, std::size_t bound) {
  if (depth_ == kMaxFrames) {
    steps_ = kMaxSteps;  // a text that needs so much is not worth reading
    return false;
  }
  frames_[depth_++] = {kind, static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(place),
                       static_cast<std::uint16_t>(bound)};
  return true;
}

/// Takes the newest choice that is left. False: there is none.
bool Matcher::back() {
  while (depth_ > 0) {
    Frame& frame = frames_[depth_ - 1];
    switch (frame.kind) {
      case kRestore:
        saved_[frame.at] = frame.place;
        --depth_;
        continue;
      case kResume:
        at_ = frame.at;
        place_ = frame.place;
        --depth_;
        return true;
      case kChoices:
        --depth_;
        place_ = frame.place;
        return choose(frame.at);
      case kShrink:  // a greedy repetition gives one character back
        if (frame.place == frame.bound) {
          --depth_;
          continue;
        }
        at_ = frame.at;
        place_ = --frame.place;
        return true;
      default: {  // kGrow: a lazy repetition takes one more; the frame's code is that of the repetition
        const ByteSet& set = rules_.sets[code_[frame.at + 1]];
        const bool more = frame.place < subject_.size() && frame.bound > 0 &&
                          set.has(static_cast<unsigned char>(subject_[frame.place]));
        if (!more) {
          --depth_;
          continue;
        }
        --frame.bound;
        at_ = static_cast<std::uint16_t>(frame.at + 5);
        place_ = ++frame.place;
        return true;
      }
    }
  }
  return false;
}

bool Matcher::step() {
  switch (code_[at_]) {
    case kMatch:
      return matched_ = true;
    case kText:
      return step_text();
    case kSet:
      if (place_ == subject_.size()) return false;
      if (!rules_.sets[code_[at_ + 1]].has(static_cast<unsigned char>(subject_[place_]))) return false;
      ++place_;
      at_ += 2;
      return true;
    case kRepeat:
      return step_repeat();
    case kSplit:
      if (!push(kResume, code_[at_ + 2], place_)) return false;
      at_ = code_[at_ + 1];
      return true;
    case kJump:
      at_ = code_[at_ + 1];
      return true;
    case kSave: {
      const std::uint16_t which = code_[at_ + 1];
      if (!push(kRestore, which, saved_[which])) return false;
      saved_[which] = place_;
      at_ += 2;
      return true;
    }
    case kBegin:
      at_ += 1;
      return place_ == 0;
    case kEnd:
      at_ += 1;
      return place_ == subject_.size();
    case kWordBoundary:
      at_ += 1;
      return at_word_boundary();
    default:
      return step_dispatch();
  }
}

bool Matcher::step_text() {
  const std::size_t length = code_[at_ + 1];
  if (subject_.size() - place_ < length) return false;
  if (std::memcmp(subject_.data() + place_, code_ + at_ + 2, length) != 0) return false;
  place_ = static_cast<std::uint16_t>(place_ + length);
  at_ = static_cast<std::uint16_t>(at_ + 2 + (length + 1) / 2);
  return true;
}

bool Matcher::step_repeat() {
  const ByteSet& set = rules_.sets[code_[at_ + 1]];
  const std::size_t least = code_[at_ + 2], most = code_[at_ + 3];
  const bool greedy = code_[at_ + 4] != 0;
  const std::size_t wanted = greedy ? most : least;
  std::size_t taken = 0;
  while (taken < wanted && place_ + taken < subject_.size() &&
         set.has(static_cast<unsigned char>(subject_[place_ + taken]))) {
    ++taken;
  }
  if (taken < least) return false;
  const std::size_t floor = place_ + least, now = place_ + taken;
  if (greedy && taken > least && !push(kShrink, at_ + 5U, now, floor)) return false;
  const std::size_t more = most == kNoBound ? kMaxText : most - least;
  if (!greedy && more > 0 && !push(kGrow, at_, now, more)) return false;
  place_ = static_cast<std::uint16_t>(now);
  at_ += 5;
  return true;
}

bool Matcher::step_dispatch() {
  const auto& table = rules_.tables[code_[at_ + 1]];
  const bool ended = place_ == subject_.size();
  return choose(table.first[ended ? 256 : static_cast<unsigned char>(subject_[place_])]);
}

/// Goes on with a choice of a list, and keeps those behind it for later.
bool Matcher::choose(std::size_t choice) {
  const std::uint16_t where = rules_.choices[choice];
  if (where == 0) return back();
  if (rules_.choices[choice + 1] != 0 && !push(kChoices, choice + 1, place_)) return false;
  at_ = where;
  return true;
}

bool Matcher::is_word(std::size_t place) const {
  return place < subject_.size() && (ascii::is_alnum(subject_[place]) || subject_[place] == '_');
}

bool Matcher::at_word_boundary() const {
  return is_word(place_) != (place_ > 0 && is_word(place_ - 1U));
}

}  // namespace portvakt::agents
