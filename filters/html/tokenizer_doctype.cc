// The doctype: 13.2.5.53 to 13.2.5.68. The states for the two kinds of quotes are one, with the quote kept.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

void Tokenizer::run_doctype() {
  const char c = *at();
  if (c == '>' && state_ != State::DoctypePublicIdQuoted && state_ != State::DoctypeSystemIdQuoted)
    return end_doctype();
  switch (state_) {
    case State::Doctype:  // 13.2.5.53
    case State::BeforeDoctypeName:
      return before_doctype_name(c);
    case State::DoctypeName:
      return doctype_name();
    case State::AfterDoctypeName:
      return after_doctype_name();
    case State::AfterDoctypePublicKeyword:  // 13.2.5.57
    case State::BeforeDoctypePublicId:      // 13.2.5.58
      return before_doctype_id(c, doctype_.public_id, State::DoctypePublicIdQuoted);
    case State::DoctypePublicIdQuoted:  // 13.2.5.59, 13.2.5.60
      return doctype_id_quoted(doctype_.public_id, State::AfterDoctypePublicId);
    case State::AfterDoctypePublicId:       // 13.2.5.61
    case State::BetweenDoctypeIds:          // 13.2.5.62
    case State::AfterDoctypeSystemKeyword:  // 13.2.5.63
    case State::BeforeDoctypeSystemId:      // 13.2.5.64
      return before_doctype_id(c, doctype_.system_id, State::DoctypeSystemIdQuoted);
    case State::DoctypeSystemIdQuoted:  // 13.2.5.65, 13.2.5.66
      return doctype_id_quoted(doctype_.system_id, State::AfterDoctypeSystemId);
    case State::AfterDoctypeSystemId:  // 13.2.5.67: what follows is dropped, but the page is not quirky for
                                       // it
      if (scan::is_space(c))
        ++pos_;
      else
        state_ = State::BogusDoctype;
      return;
    default:  // 13.2.5.68
      go(scan::find_byte(at(), stop(), '>'));
  }
}

// 13.2.5.54 Before DOCTYPE name state
void Tokenizer::before_doctype_name(char c) {
  if (scan::is_space(c)) {
    ++pos_;
    return;
  }
  doctype_.name = Range{offset(), offset()};
  state_ = State::DoctypeName;
}

// 13.2.5.55 DOCTYPE name state
void Tokenizer::doctype_name() {
  go(scan::find_class(at(), stop(), scan::kEndsUnquoted));
  doctype_.name->end = offset();
  if (pos_ < in_.size()) state_ = State::AfterDoctypeName;
}

// 13.2.5.56 After DOCTYPE name state
void Tokenizer::after_doctype_name() {
  constexpr std::string_view kPublic = "public";
  constexpr std::string_view kSystem = "system";
  if (!doctype_.keyword && scan::is_space(*at())) {
    ++pos_;
    return;
  }
  if (!doctype_.keyword) doctype_.keyword = offset();
  const std::string_view seen = in_.substr(token_ + *doctype_.keyword);
  const std::string_view word = seen.substr(0, kPublic.size());
  const bool is_public = ascii::iequals(word, kPublic);
  if (is_public || ascii::iequals(word, kSystem)) {
    pos_ = token_ + *doctype_.keyword + word.size();
    state_ = is_public ? State::AfterDoctypePublicKeyword : State::AfterDoctypeSystemKeyword;
  } else if (ascii::istarts_with(kPublic, word) || ascii::istarts_with(kSystem, word)) {
    pos_ = in_.size();
  } else {
    pos_ = token_ + *doctype_.keyword;
    doctype_.force_quirks = true;
    state_ = State::BogusDoctype;
  }
}

void Tokenizer::before_doctype_id(char c, std::optional<Range>& id, State quoted) {
  if (scan::is_space(c)) {
    ++pos_;
  } else if (c == '"' || c == '\'') {
    ++pos_;
    doctype_.quote = c;
    id = Range{offset(), offset()};
    state_ = quoted;
  } else {
    doctype_.force_quirks = true;
    state_ = State::BogusDoctype;
  }
}

/// A ">" ends the doctype even between quotes.
void Tokenizer::doctype_id_quoted(std::optional<Range>& id, State next) {
  const char* p = at();
  while (p != stop() && *p != doctype_.quote && *p != '>') ++p;
  go(p);
  id->end = offset();
  if (p == stop()) return;
  if (*p == '>') {
    doctype_.force_quirks = true;
    return end_doctype();
  }
  ++pos_;
  state_ = next;
}

/// The ">" in any state but those after a complete identifier or name leaves the page quirky.
void Tokenizer::end_doctype() {
  switch (state_) {
    case State::Doctype:
    case State::BeforeDoctypeName:
    case State::AfterDoctypePublicKeyword:
    case State::BeforeDoctypePublicId:
    case State::AfterDoctypeSystemKeyword:
    case State::BeforeDoctypeSystemId:
      doctype_.force_quirks = true;
      break;
    case State::AfterDoctypeName:
      if (doctype_.keyword) doctype_.force_quirks = true;
      break;
    default:
      break;
  }
  ++pos_;
  emit_doctype();
}

void Tokenizer::emit_doctype() {
  if (pos_ - token_ > kMaxTokenBytes) return fail(ErrorKind::BodyTooLarge, "a doctype is too long");
  const auto view = [this](const std::optional<Range>& range) -> std::optional<std::string_view> {
    if (!range) return std::nullopt;
    return slice(*range);
  };
  tell_before_token();
  const Doctype doctype{in_.substr(token_, pos_ - token_), view(doctype_.name), view(doctype_.public_id),
                        view(doctype_.system_id), doctype_.force_quirks};
  mark_ = pos_;
  state_ = text_state_ = State::Data;
  if (!error_) settle(sink_.on_doctype(doctype));
}

}  // namespace portvakt::html
