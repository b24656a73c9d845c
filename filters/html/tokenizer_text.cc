// Text and where it ends: 13.2.5.1 to 13.2.5.5, 13.2.5.9 to 13.2.5.14 and 13.2.5.69 to 13.2.5.71.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

void Tokenizer::run_text() {
  switch (state_) {
    case State::Data:
      return data();
    case State::Rcdata:
    case State::Rawtext:
      return raw_text();
    case State::ScriptData:
      return script_data();
    case State::Plaintext:
      return plaintext();
    case State::RawLessThanSign:
      return raw_less_than_sign();
    case State::RawEndTagOpen:
      return raw_end_tag_open();
    default:
      return raw_end_tag_name();
  }
}

// 13.2.5.1 Data state. Tags that lie whole in the input are read in one go; the states are for all others.
void Tokenizer::data() {
  while (state_ == State::Data && !error_) {
    go(scan::find_byte(at(), stop(), '<'));
    if (pos_ == in_.size()) return;
    token_ = pos_;
    if (whole_tag()) continue;
    pos_ = token_ + 1;
    state_ = State::TagOpen;
  }
}

// 13.2.5.2 RCDATA state, 13.2.5.3 RAWTEXT state
void Tokenizer::raw_text() {
  const char* less_than = scan::find_byte(at(), stop(), '<');
  go(less_than);
  if (less_than == stop()) return;
  token_ = pos_++;
  state_ = State::RawLessThanSign;
}

// 13.2.5.5 PLAINTEXT state
void Tokenizer::plaintext() {
  pos_ = in_.size();
}

// 13.2.5.9, 13.2.5.12 and 13.2.5.15: less-than sign states. "<!" in a script opens its escaped text; that is
// still text.
void Tokenizer::raw_less_than_sign() {
  if (*at() == '/') {
    ++pos_;
    state_ = State::RawEndTagOpen;
  } else if (*at() == '!' && text_state_ == State::ScriptData) {
    ++pos_;
    state_ = State::ScriptDataEscapeStart;
  } else {
    back_to_text();
  }
}

// 13.2.5.10, 13.2.5.13 and 13.2.5.16: end tag open states
void Tokenizer::raw_end_tag_open() {
  if (!ascii::is_alpha(*at())) return back_to_text();
  start_tag_token();
  end_tag_ = true;
  state_ = State::RawEndTagName;
}

// 13.2.5.11, 13.2.5.14 and 13.2.5.17: end tag name states. Only an end tag of the element that opened the
// text counts; a name that cannot become it is given up at once, so that text is never held for long.
void Tokenizer::raw_end_tag_name() {
  const std::size_t name_at = token_ + name_.begin;
  while (pos_ < in_.size() && ascii::is_alpha(*at()) && pos_ - name_at <= raw_element_.size()) ++pos_;
  if (pos_ == in_.size() && pos_ - name_at <= raw_element_.size()) return;
  if (!ascii::iequals(in_.substr(name_at, pos_ - name_at), raw_element_)) return back_to_text();
  if (!scan::is(*at(), scan::kEndsName)) return back_to_text();
  name_.end = offset();
  state_ = State::TagName;
}

// 13.2.5.69 CDATA section state to 13.2.5.71 CDATA section end state. Only "]]>" ends it; of more brackets
// the last two.
void Tokenizer::cdata() {
  if (state_ == State::CdataSection) {
    const char* bracket = scan::find_byte(at(), stop(), ']');
    go(bracket);
    if (bracket == stop()) return;
    token_ = pos_++;
    state_ = State::CdataSectionBracket;
    return;
  }
  const char c = *at();
  if (state_ == State::CdataSectionBracket) {
    if (c == ']') ++pos_;
    state_ = c == ']' ? State::CdataSectionEnd : State::CdataSection;
  } else if (c == ']') {
    ++pos_;
    ++token_;
  } else if (c == '>') {
    ++pos_;
    if (text_wanted_) tell_before_token();
    if (text_wanted_ && !error_) tell_until_raw();
    state_ = State::Data;
  } else {
    state_ = State::CdataSection;
  }
}

}  // namespace portvakt::html
