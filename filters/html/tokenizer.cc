#include "filters/html/tokenizer.h"

#include <algorithm>

#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

// A tail grows by pieces until its token is complete, so that the rest of the caller's bytes is never copied.
constexpr std::size_t kFirstPiece = 256;

}  // namespace

Result<void> Tokenizer::write(std::string_view bytes) {
  if (error_) return tl::unexpected<Error>(*error_);
  if (!tail_.empty()) bytes = resume(bytes);
  if (!bytes.empty() && !error_) {
    in_ = bytes;
    run();
    keep_tail();
  }
  if (error_) return tl::unexpected<Error>(*error_);
  return {};
}

/// Feeds the unfinished token piece by piece; once what is held lies wholly in the caller's bytes, gives back
/// these from there on, with all positions counted from the same byte.
std::string_view Tokenizer::resume(std::string_view bytes) {
  std::size_t piece = kFirstPiece;
  std::size_t taken = 0;
  while (taken < bytes.size() && !error_) {
    const std::size_t old = tail_.size();
    const std::size_t count = std::min(piece, bytes.size() - taken);
    tail_.append(bytes.substr(taken, count));
    taken += count;
    piece *= 2;
    in_ = tail_;
    run();
    const std::size_t held = hold_from();
    tell_until(held);
    if (held >= old) {
      const std::size_t kept = tail_.size() - held;
      drop_front(held);
      tail_.clear();
      return bytes.substr(taken - kept);
    }
    drop_front(held);
    tail_.erase(0, held);
    if (tail_.size() > kMaxTokenBytes) fail(ErrorKind::BodyTooLarge, "an HTML tag is too long");
  }
  return {};
}

void Tokenizer::drop_front(std::size_t count) {
  const auto less = [count](std::size_t position) { return position > count ? position - count : 0; };
  pos_ = less(pos_);
  mark_ = less(mark_);
  token_ = less(token_);
  comment_text_ = less(comment_text_);
}

void Tokenizer::keep_tail() {
  if (error_) return;
  const std::size_t held = hold_from();
  tell_until(held);
  tail_.assign(in_.substr(held));
  drop_front(held);
  if (tail_.size() > kMaxTokenBytes) fail(ErrorKind::BodyTooLarge, "an HTML tag is too long");
}

void Tokenizer::run() {
  while (pos_ < in_.size() && !error_) {
    if (state_ <= State::Plaintext || (state_ >= State::RawLessThanSign && state_ <= State::RawEndTagName)) {
      run_text();
    } else if (state_ == State::TagOpen) {
      tag_open();
    } else if (state_ == State::EndTagOpen) {
      end_tag_open();
    } else if (in_tag()) {
      run_tag();
    } else if (state_ < State::BeforeAttributeName) {
      run_script();
    } else if (state_ == State::MarkupDeclarationOpen) {
      markup_declaration_open();
    } else if (state_ <= State::CommentEndBang) {
      run_comment();
    } else if (state_ <= State::BogusDoctype) {
      run_doctype();
    } else {
      cdata();
    }
  }
}

/// The first byte that cannot be told yet when the input ends here.
std::size_t Tokenizer::hold_from() const {
  switch (state_) {
    case State::Data:
    case State::Rcdata:
    case State::Rawtext:
    case State::ScriptData:
    case State::Plaintext:
    case State::ScriptDataEscapeStart:
    case State::ScriptDataEscapeStartDash:
    case State::ScriptDataEscaped:
    case State::ScriptDataEscapedDash:
    case State::ScriptDataEscapedDashDash:
    case State::ScriptDataDoubleEscaped:
    case State::ScriptDataDoubleEscapedDash:
    case State::ScriptDataDoubleEscapedDashDash:
    case State::CdataSection:
      return pos_;
    default:
      break;
  }
  if (!in_comment()) return token_;
  return comments_wanted_ ? pos_ - comment_dashes() : pos_;
}

/// All before `position` is text or a token that nobody asked for, or a comment still going on.
void Tokenizer::tell_until(std::size_t position) {
  if (position <= mark_ || error_) return;
  if (in_comment()) {
    if (comments_wanted_) return tell_comment_part();
    sink_.on_raw(in_.substr(mark_, position - mark_));
  } else if (text_wanted_) {
    settle(sink_.on_text(in_.substr(mark_, position - mark_), text_kind()));
  } else {
    sink_.on_raw(in_.substr(mark_, position - mark_));
  }
  mark_ = position;
}

void Tokenizer::tell_before_token() {
  if (token_ <= mark_) return;
  const std::string_view bytes = in_.substr(mark_, token_ - mark_);
  mark_ = token_;
  if (text_wanted_) {
    settle(sink_.on_text(bytes, text_kind()));
  } else {
    sink_.on_raw(bytes);
  }
}

TextKind Tokenizer::text_kind() const {
  if (state_ >= State::CdataSection && state_ <= State::CdataSectionEnd) return TextKind::Cdata;
  switch (text_state_) {
    case State::Rcdata:
      return TextKind::Rcdata;
    case State::Rawtext:
      return TextKind::Rawtext;
    case State::Plaintext:
      return TextKind::Plaintext;
    case State::Data:
      return TextKind::Data;
    default:
      return TextKind::Script;
  }
}

void Tokenizer::switch_to(TextKind kind, std::string_view element) {
  switch (kind) {
    case TextKind::Data:
      state_ = State::Data;
      break;
    case TextKind::Rcdata:
      state_ = State::Rcdata;
      break;
    case TextKind::Rawtext:
      state_ = State::Rawtext;
      break;
    case TextKind::Script:
      state_ = State::ScriptData;
      break;
    case TextKind::Plaintext:
      state_ = State::Plaintext;
      break;
    case TextKind::Cdata:
      state_ = State::CdataSection;
      break;
  }
  text_state_ = kind == TextKind::Cdata ? State::Data : state_;
  raw_element_.assign(element);
  for (char& c : raw_element_) c = ascii::to_lower(c);
}

void Tokenizer::emit_tag() {
  if (pos_ - token_ > kMaxTokenBytes) return fail(ErrorKind::BodyTooLarge, "an HTML tag is too long");
  emit_tag(find_tag(slice(name_)));
}

void Tokenizer::emit_tag(Tag tag) {
  const bool wanted = end_tag_ ? end_tags_.contains(tag) : start_tags_.contains(tag) || attribute_wanted();
  if (wanted || text_wanted_) tell_before_token();  // while the state still says what kind of text it was
  state_ = text_state_ = State::Data;
  if (error_) return;
  if (!wanted) {
    if (text_wanted_) tell_until_raw();
    return;
  }
  end_tag_ ? emit_end_tag(tag) : emit_start_tag(tag);
}

void Tokenizer::tell_until_raw() {
  sink_.on_raw(in_.substr(mark_, pos_ - mark_));
  mark_ = pos_;
}

bool Tokenizer::attribute_wanted() const {
  if (attribute_filter_ == nullptr || attribute_filter_->empty()) return false;
  return std::ranges::any_of(
      ranges_, [this](const AttributeRange& range) { return attribute_filter_->matches(slice(range.name)); });
}

void Tokenizer::emit_start_tag(Tag tag) {
  attributes_.clear();
  for (const AttributeRange& range : ranges_) attributes_.push_back({slice(range.name), slice(range.value)});
  const StartTag start{tag, in_.substr(token_, pos_ - token_), slice(name_), attributes_, self_closing_};
  mark_ = pos_;
  settle(sink_.on_start_tag(start));
}

void Tokenizer::emit_end_tag(Tag tag) {
  const EndTag end{tag, in_.substr(token_, pos_ - token_), slice(name_)};
  mark_ = pos_;
  settle(sink_.on_end_tag(end));
}

void Tokenizer::settle(Result<void> result) {
  if (!result && !error_) error_ = std::move(result.error());
}

void Tokenizer::fail(ErrorKind kind, const char* detail) {
  if (!error_) error_ = Error{kind, ErrorSide::Upstream, detail};
}

Result<void> Tokenizer::end() {
  in_ = tail_;
  if (!error_) end_token();
  tail_.clear();
  in_ = {};
  pos_ = mark_ = token_ = 0;
  if (error_) return tl::unexpected<Error>(*error_);
  return {};
}

/// What the standard does at end of input: the open comment or doctype counts, an open tag does not, all else
/// is text.
void Tokenizer::end_token() {
  if (state_ == State::MarkupDeclarationOpen) {
    start_comment(State::BogusComment, 2);
    pos_ = in_.size();
  }
  if (in_comment()) {
    end_comment(pos_ - comment_dashes());
    if (mark_ < in_.size()) tell_until_raw();
  } else if (state_ >= State::Doctype && state_ <= State::BogusDoctype) {
    if (state_ != State::BogusDoctype) doctype_.force_quirks = true;
    emit_doctype();
  } else if (in_tag()) {
    tell_before_token();
    if (!error_) sink_.on_unfinished(in_.substr(mark_));
  } else {
    tell_until(in_.size());
  }
}

bool Tokenizer::in_comment() const {
  return state_ >= State::BogusComment && state_ <= State::CommentEndBang &&
         state_ != State::MarkupDeclarationOpen;
}

bool Tokenizer::in_tag() const {
  return state_ == State::TagName ||
         (state_ >= State::BeforeAttributeName && state_ <= State::SelfClosingStartTag);
}

}  // namespace portvakt::html
