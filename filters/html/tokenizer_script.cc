// The text of scripts, with its escaped and double escaped parts: 13.2.5.4 and 13.2.5.15 to 13.2.5.31. In
// "<!--" a script may hold "<script>" and then its "</script>" without ending. A reader who misses this ends
// the script too early or too late: either way markup hides in what it takes for text.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

void Tokenizer::run_script() {
  switch (state_) {
    case State::ScriptDataEscapeStart:
      return script_dash(State::ScriptDataEscapeStartDash, State::ScriptData);
    case State::ScriptDataEscapeStartDash:
      return script_dash(State::ScriptDataEscapedDashDash, State::ScriptData);
    case State::ScriptDataEscaped:
      return script_data_escaped(State::ScriptDataEscapedDash);
    case State::ScriptDataEscapedDash:
      return script_data_escaped(State::ScriptDataEscapedDashDash);
    case State::ScriptDataEscapedDashDash:
      return script_data_escaped(State::ScriptDataEscapedDashDash);
    case State::ScriptDataEscapedLessThanSign:
      return script_data_escaped_less_than_sign();
    case State::ScriptDataDoubleEscapeStart:
      return script_double_escape(State::ScriptDataDoubleEscaped, State::ScriptDataEscaped);
    case State::ScriptDataDoubleEscaped:
      return script_data_double_escaped(State::ScriptDataDoubleEscapedDash);
    case State::ScriptDataDoubleEscapedDash:
      return script_data_double_escaped(State::ScriptDataDoubleEscapedDashDash);
    case State::ScriptDataDoubleEscapedDashDash:
      return script_data_double_escaped(State::ScriptDataDoubleEscapedDashDash);
    case State::ScriptDataDoubleEscapedLessThanSign:
      return script_data_double_escaped_less_than_sign();
    default:
      return script_double_escape(State::ScriptDataEscaped, State::ScriptDataDoubleEscaped);
  }
}

// 13.2.5.4 Script data state
void Tokenizer::script_data() {
  text_state_ = State::ScriptData;
  raw_text();
}

// 13.2.5.18 Script data escape start state, 13.2.5.19 Script data escape start dash state
void Tokenizer::script_dash(State if_dash, State otherwise) {
  const bool dash = *at() == '-';
  if (dash) ++pos_;
  state_ = dash ? if_dash : otherwise;
}

// 13.2.5.20 Script data escaped state, 13.2.5.21 Script data escaped dash state, 13.2.5.22 Script data
// escaped dash dash state
void Tokenizer::script_data_escaped(State after_dash) {
  text_state_ = State::ScriptDataEscaped;
  const char c = *at();
  const bool after_two = state_ == State::ScriptDataEscapedDashDash;
  token_ = pos_++;
  if (c == '-') {
    state_ = after_dash;
  } else if (c == '<') {
    state_ = State::ScriptDataEscapedLessThanSign;
  } else if (c == '>' && after_two) {
    state_ = text_state_ = State::ScriptData;
  } else {
    state_ = State::ScriptDataEscaped;
  }
}

// 13.2.5.23 Script data escaped less-than sign state. From "</" on as in other raw text: 13.2.5.24
// and 13.2.5.25.
void Tokenizer::script_data_escaped_less_than_sign() {
  if (*at() == '/') {
    ++pos_;
    state_ = State::RawEndTagOpen;
  } else if (ascii::is_alpha(*at())) {
    name_.begin = offset();
    state_ = State::ScriptDataDoubleEscapeStart;
  } else {
    state_ = State::ScriptDataEscaped;
  }
}

// 13.2.5.26 Script data double escape start state, 13.2.5.31 Script data double escape end state. The name is
// held until it is "script" or cannot be; other names change nothing, so the state that was left goes on at
// once.
void Tokenizer::script_double_escape(State if_script, State otherwise) {
  constexpr std::string_view kScript = "script";
  const std::size_t name_at = token_ + name_.begin;
  while (pos_ < in_.size() && ascii::is_alpha(*at()) && pos_ - name_at <= kScript.size()) ++pos_;
  if (pos_ - name_at > kScript.size()) {
    state_ = otherwise;
    return;
  }
  if (pos_ == in_.size()) return;
  const bool script =
      scan::is(*at(), scan::kEndsName) && ascii::iequals(in_.substr(name_at, pos_ - name_at), kScript);
  if (scan::is(*at(), scan::kEndsName)) ++pos_;
  state_ = script ? if_script : otherwise;
}

// 13.2.5.27 Script data double escaped state, 13.2.5.28 … dash state, 13.2.5.29 … dash dash state
void Tokenizer::script_data_double_escaped(State after_dash) {
  const char c = *at();
  const bool after_two = state_ == State::ScriptDataDoubleEscapedDashDash;
  token_ = pos_++;
  if (c == '-') {
    state_ = after_dash;
  } else if (c == '<') {
    state_ = State::ScriptDataDoubleEscapedLessThanSign;
  } else if (c == '>' && after_two) {
    state_ = text_state_ = State::ScriptData;
  } else {
    state_ = State::ScriptDataDoubleEscaped;
  }
}

// 13.2.5.30 Script data double escaped less-than sign state
void Tokenizer::script_data_double_escaped_less_than_sign() {
  if (*at() != '/') {
    state_ = State::ScriptDataDoubleEscaped;
    return;
  }
  ++pos_;
  name_.begin = offset();
  state_ = State::ScriptDataDoubleEscapeEnd;
}

}  // namespace portvakt::html
