// Comments, and what is read as one: 13.2.5.41 to 13.2.5.52. Their data is told in parts as it comes; only
// the dashes that may belong to the end are held back.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

constexpr std::string_view kDashes = "--";
constexpr std::string_view kDoctype = "doctype";
constexpr std::string_view kCdata = "[CDATA[";

}  // namespace

// 13.2.5.42 Markup declaration open state
void Tokenizer::markup_declaration_open() {
  const std::string_view seen = in_.substr(token_ + 2);
  const auto could_be = [seen](std::string_view word) {
    return ascii::istarts_with(word, seen.substr(0, word.size()));
  };
  const auto is = [seen](std::string_view word) { return ascii::istarts_with(seen, word); };
  const bool cdata = cdata_allowed_ && seen.substr(0, kCdata.size()) == kCdata.substr(0, seen.size());
  if (is(kDashes)) {
    pos_ = token_ + 2 + kDashes.size();
    start_comment(State::CommentStart, 4);
  } else if (is(kDoctype)) {
    pos_ = token_ + 2 + kDoctype.size();
    doctype_ = {};
    state_ = State::Doctype;
  } else if (cdata && seen.size() >= kCdata.size()) {
    if (text_wanted_) tell_before_token();
    pos_ = token_ + 2 + kCdata.size();
    if (text_wanted_ && !error_) tell_until_raw();
    state_ = State::CdataSection;
  } else if (could_be(kDashes) || could_be(kDoctype) || cdata) {
    pos_ = in_.size();
  } else {
    start_comment(State::BogusComment, 2);
  }
}

void Tokenizer::start_comment(State state, std::size_t text_from) {
  if (comments_wanted_ || text_wanted_) tell_before_token();
  comment_text_ = token_ + text_from;
  pos_ = comment_text_;
  state_ = state;
}

void Tokenizer::run_comment() {
  const char c = *at();
  switch (state_) {
    case State::BogusComment:
      return bogus_comment();
    case State::Comment:
      return comment();
    case State::CommentStart:      // 13.2.5.43
    case State::CommentStartDash:  // 13.2.5.44
      if (c == '>') return ++pos_, end_comment(pos_ - 1 - comment_dashes());
      return comment_dash(c, state_ == State::CommentStart ? State::CommentStartDash : State::CommentEnd);
    case State::CommentLessThanSign:  // 13.2.5.46
      return comment_less_than_sign(c);
    case State::CommentLessThanSignBang:  // 13.2.5.47
      return comment_dash(c, State::CommentLessThanSignBangDash);
    case State::CommentLessThanSignBangDash:  // 13.2.5.48; its successor, 13.2.5.49, acts as the end state
                                              // does
      state_ = State::CommentEndDash;
      return;
    case State::CommentEndDash:  // 13.2.5.50
      return comment_dash(c, State::CommentEnd);
    case State::CommentEnd:
      return comment_end(c);
    default:
      return comment_end_bang(c);
  }
}

// 13.2.5.41 Bogus comment state
void Tokenizer::bogus_comment() {
  go(scan::find_byte(at(), stop(), '>'));
  if (pos_ == in_.size()) return;
  ++pos_;
  end_comment(pos_ - 1);
}

// 13.2.5.45 Comment state
void Tokenizer::comment() {
  const char* p = at();
  while (p != stop() && *p != '-' && *p != '<') ++p;
  go(p);
  if (p == stop()) return;
  ++pos_;
  state_ = *p == '-' ? State::CommentEndDash : State::CommentLessThanSign;
}

void Tokenizer::comment_dash(char c, State if_dash) {
  if (c == '-') ++pos_;
  state_ = c == '-' ? if_dash : State::Comment;
}

void Tokenizer::comment_less_than_sign(char c) {
  if (c == '!' || c == '<') ++pos_;
  if (c == '!') {
    state_ = State::CommentLessThanSignBang;
  } else if (c != '<') {
    state_ = State::Comment;
  }
}

// 13.2.5.51 Comment end state
void Tokenizer::comment_end(char c) {
  if (c == '>') return ++pos_, end_comment(pos_ - 3);
  if (c == '!' || c == '-') ++pos_;
  if (c == '!') {
    state_ = State::CommentEndBang;
  } else if (c != '-') {
    state_ = State::Comment;
  }
}

// 13.2.5.52 Comment end bang state
void Tokenizer::comment_end_bang(char c) {
  if (c == '>') return ++pos_, end_comment(pos_ - 4);
  comment_dash(c, State::CommentEndDash);
}

/// How many bytes before the place now may belong to the end of the comment.
std::size_t Tokenizer::comment_dashes() const {
  switch (state_) {
    case State::CommentStartDash:
    case State::CommentLessThanSignBangDash:
    case State::CommentEndDash:
      return 1;
    case State::CommentEnd:
      return 2;
    case State::CommentEndBang:
      return 3;
    default:
      return 0;
  }
}

void Tokenizer::tell_comment_part() {
  const std::size_t end = pos_ - comment_dashes();
  if (end <= mark_) return;
  const std::size_t text = std::min(std::max(comment_text_, mark_), end);
  sink_.on_comment({in_.substr(mark_, end - mark_), in_.substr(text, end - text), false});
  mark_ = end;
}

void Tokenizer::end_comment(std::size_t text_end) {
  const std::string_view raw = in_.substr(mark_, pos_ - mark_);
  if (comments_wanted_) {
    const std::size_t text = std::max(comment_text_, mark_);
    sink_.on_comment({raw, in_.substr(text, text_end > text ? text_end - text : 0), true});
    mark_ = pos_;
  } else if (text_wanted_) {
    tell_until_raw();
  }
  state_ = State::Data;
}

}  // namespace portvakt::html
