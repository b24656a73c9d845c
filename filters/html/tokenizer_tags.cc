// Tags and their attributes: 13.2.5.6 to 13.2.5.8 and 13.2.5.32 to 13.2.5.40. A quote counts only after "=":
// a reader who sees quotes elsewhere takes `<a "><script src=…>">` for one tag where browsers see two.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

// 13.2.5.6 Tag open state
void Tokenizer::tag_open() {
  const char c = *at();
  if (ascii::is_alpha(c)) {
    start_tag_token();
    end_tag_ = false;
    state_ = State::TagName;
  } else if (c == '/') {
    ++pos_;
    state_ = State::EndTagOpen;
  } else if (c == '!') {
    ++pos_;
    state_ = State::MarkupDeclarationOpen;
  } else if (c == '?') {
    start_comment(State::BogusComment, 1);
  } else {
    state_ = State::Data;
  }
}

// 13.2.5.7 End tag open state
void Tokenizer::end_tag_open() {
  const char c = *at();
  if (ascii::is_alpha(c)) {
    start_tag_token();
    end_tag_ = true;
    state_ = State::TagName;
  } else if (c == '>') {
    ++pos_;  // "</>" is nothing at all
    if (text_wanted_) tell_before_token();
    if (text_wanted_ && !error_) tell_until_raw();
    state_ = State::Data;
  } else {
    start_comment(State::BogusComment, 2);
  }
}

void Tokenizer::start_tag_token() {
  name_.begin = offset();
  self_closing_ = false;
  ranges_.clear();
}

/// The states inside a tag, until its ">" or the end of input: one loop, so that a tag costs no way through
/// run().
void Tokenizer::run_tag() {
  while (pos_ < in_.size()) {
    switch (state_) {
      case State::TagName:
        tag_name();
        break;
      case State::BeforeAttributeName:
        before_attribute_name();
        break;
      case State::AttributeName:
        attribute_name();
        break;
      case State::AfterAttributeName:
        after_attribute_name();
        break;
      case State::BeforeAttributeValue:
        before_attribute_value();
        break;
      case State::AttributeValueDoubleQuoted:
        attribute_value_quoted('"');
        break;
      case State::AttributeValueSingleQuoted:
        attribute_value_quoted('\'');
        break;
      case State::AttributeValueUnquoted:
        attribute_value_unquoted();
        break;
      case State::AfterAttributeValueQuoted:
        after_attribute_value_quoted();
        break;
      case State::SelfClosingStartTag:
        self_closing_start_tag();
        break;
      default:
        return;
    }
  }
}

// 13.2.5.8 Tag name state
void Tokenizer::tag_name() {
  go(scan::find_class(at(), stop(), scan::kEndsName));
  if (pos_ == in_.size()) return;
  name_.end = offset();
  after_attribute_value_quoted();
}

// 13.2.5.32 Before attribute name state. "=" here begins a name.
void Tokenizer::before_attribute_name() {
  go(scan::skip_spaces(at(), stop()));
  if (pos_ == in_.size()) return;
  const char c = *at();
  if (c == '/' || c == '>') {
    state_ = State::AfterAttributeName;
    return after_attribute_name();
  }
  start_attribute();
  if (c == '=') ++pos_;
  state_ = State::AttributeName;
}

void Tokenizer::start_attribute() {
  if (ranges_.size() == kMaxAttributes)
    return fail(ErrorKind::BodyTooLarge, "an HTML tag has too many attributes");
  ranges_.push_back({{offset(), 0}, {0, 0}});
}

// 13.2.5.33 Attribute name state
void Tokenizer::attribute_name() {
  go(scan::find_class(at(), stop(), scan::kEndsAttribute));
  if (pos_ == in_.size()) return;
  ranges_.back().name.end = offset();
  if (*at() != '=') {
    state_ = State::AfterAttributeName;
    return;
  }
  ++pos_;
  state_ = State::BeforeAttributeValue;
  if (pos_ < in_.size()) before_attribute_value();
}

// 13.2.5.34 After attribute name state
void Tokenizer::after_attribute_name() {
  go(scan::skip_spaces(at(), stop()));
  if (pos_ == in_.size()) return;
  const char c = *at();
  if (c == '/' || c == '>') return after_attribute_value_quoted();
  if (c == '=') {
    ++pos_;
    state_ = State::BeforeAttributeValue;
  } else {
    start_attribute();
    state_ = State::AttributeName;
  }
}

// 13.2.5.35 Before attribute value state
void Tokenizer::before_attribute_value() {
  go(scan::skip_spaces(at(), stop()));
  if (pos_ == in_.size()) return;
  const char c = *at();
  if (c == '>') return after_attribute_value_quoted();
  if (c == '"' || c == '\'') ++pos_;
  ranges_.back().value.begin = offset();
  if (c == '"' || c == '\'') {
    state_ = c == '"' ? State::AttributeValueDoubleQuoted : State::AttributeValueSingleQuoted;
    attribute_value_quoted(c);
  } else {
    state_ = State::AttributeValueUnquoted;
  }
}

// 13.2.5.36 Attribute value (double-quoted) state, 13.2.5.37 Attribute value (single-quoted) state
void Tokenizer::attribute_value_quoted(char quote) {
  go(scan::find_byte(at(), stop(), quote));
  if (pos_ == in_.size()) return;
  ranges_.back().value.end = offset();
  ++pos_;
  state_ = State::AfterAttributeValueQuoted;
}

// 13.2.5.38 Attribute value (unquoted) state. A "/" belongs to the value.
void Tokenizer::attribute_value_unquoted() {
  go(scan::find_class(at(), stop(), scan::kEndsUnquoted));
  if (pos_ == in_.size()) return;
  ranges_.back().value.end = offset();
  after_attribute_value_quoted();
}

// 13.2.5.39 After attribute value (quoted) state, and wherever else a tag goes on with space, "/" or ">"
void Tokenizer::after_attribute_value_quoted() {
  const char c = *at();
  state_ = State::BeforeAttributeName;
  if (c == '>') {
    ++pos_;
    emit_tag();
  } else if (c == '/') {
    ++pos_;
    state_ = State::SelfClosingStartTag;
  } else if (scan::is_space(c)) {
    ++pos_;
  }
}

// 13.2.5.40 Self-closing start tag state
void Tokenizer::self_closing_start_tag() {
  self_closing_ = *at() == '>';
  state_ = State::BeforeAttributeName;
  if (self_closing_) after_attribute_value_quoted();
}

}  // namespace portvakt::html
