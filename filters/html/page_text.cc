// What is held back until it is whole: scripts and styles that the handler judges with their text, and the
// content of noscript.
#include "filters/html/character_references.h"
#include "filters/html/page.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

Result<void> Rewriter::Page::hold(const StartTag& tag, Namespace name_space) {
  held_tag_.assign(tag.raw);
  const auto moved = [&](std::string_view view) {
    return std::string_view(held_tag_).substr(static_cast<std::size_t>(view.data() - tag.raw.data()),
                                              view.size());
  };
  held_attributes_.clear();
  for (const Attribute& attribute : tag.attributes) {
    held_attributes_.push_back({moved(attribute.name), moved(attribute.value)});
  }
  held_ = {tag.tag, held_tag_, moved(tag.name), held_attributes_, tag.self_closing};
  held_namespace_ = name_space;
  held_text_.clear();
  held_raw_.clear();
  undecoded_.clear();
  mode_ = Mode::Hold;
  const bool empty = name_space != Namespace::Html && tag.self_closing;
  return empty ? finish_hold({}) : Result<void>{};
}

void Rewriter::Page::hold_text(std::string_view text, TextKind kind) {
  held_raw_.append(text);
  if (held_namespace_ != Namespace::Html) hold_foreign_text(text, kind);
  if (held_raw_.size() > kMaxInlineScript) give_up_long_text();
}

/// References may be cut by the input, so text of svg is decoded only where markup ends it.
void Rewriter::Page::hold_foreign_text(std::string_view text, TextKind kind) {
  if (kind != TextKind::Cdata) {
    undecoded_.append(text);
    return;
  }
  decode_held();
  held_text_.append(text);
}

void Rewriter::Page::decode_held() {
  decode_references(undecoded_, ReferenceRules::Text, held_text_);
  undecoded_.clear();
}

/// Comments and the marks of CDATA sections inside svg: part of the source, not of the text.
void Rewriter::Page::hold_raw(std::string_view bytes) {
  decode_held();
  held_raw_.append(bytes);
  if (held_raw_.size() > kMaxInlineScript) give_up_long_text();
}

void Rewriter::Page::give_up_long_text() {
  begin_element(held_, held_namespace_);
  if (handler_.on_long_text(element_) == LongText::Remove) element_.remove_with_content();
  mode_ = Mode::Pass;
  write_element(held_);
  if (element_.fate() == Element::Fate::Keep) {
    pass(held_raw_);
  } else {
    start_removal(held_, held_namespace_);
  }
  update_wants();
}

/// The text is whole: the handler decides on start tag and text together. Without its start tag the text
/// would show up on the page, so removing the tag alone removes the text too.
Result<void> Rewriter::Page::finish_hold(std::string_view end_tag) {
  decode_held();
  mode_ = Mode::Pass;
  begin_element(held_, held_namespace_);
  InlineText text(held_namespace_ == Namespace::Html ? held_raw_ : held_text_);
  if (Result<void> told = handler_.on_text_element(element_, text); !told) return told;
  write_element(held_);
  if (element_.fate() != Element::Fate::Keep) return {};
  if (text.replacement()) {
    put(*text.replacement());
  } else {
    pass(held_raw_);
  }
  pass(end_tag);
  return {};
}

/// `<svg><script>a<g/>b</script>` runs "ab", and `<svg><style><img src=…>` is an image, not a style: a script
/// or style of svg that holds markup is not offered but removed up to that markup, which is then visited as
/// any other.
void Rewriter::Page::give_up_hold() {
  mode_ = Mode::Pass;
  hints_ = before_;
  changed_ = true;
}

/// In `<noscript><p title="</noscript><script src=…>">` a browser with scripts sees a script, one without an
/// attribute. So its end is found as for raw text; then the content is read as markup of its own, and must
/// end where it began.
Result<void> Rewriter::Page::finish_noscript() {
  mode_ = Mode::Pass;
  std::string rewritten;
  StringOutput output(rewritten);
  Page inner(handler_, interest_, insertions_, output, Part::Noscript);
  if (Result<void> written = inner.write(noscript_text_); !written) return written;
  if (Result<void> ended = inner.end(); !ended) return ended;
  const bool sound = inner.self_contained() && !noscript_too_long_;
  changed_ = changed_ || !sound || inner.changed();
  if (sound) pass(rewritten);
  return {};
}

void Rewriter::Page::start_noscript() {
  mode_ = Mode::Noscript;
  noscript_text_.clear();
  noscript_too_long_ = false;
}

void Rewriter::Page::hold_noscript(std::string_view text) {
  noscript_too_long_ = noscript_too_long_ || noscript_text_.size() + text.size() > kMaxNoscript;
  if (noscript_too_long_) {
    noscript_text_.clear();
  } else {
    noscript_text_.append(text);
  }
}

}  // namespace portvakt::html
