#include "filters/html/page.h"

#include "filters/html/charset.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

constexpr TagSet kVoidElements = {Tag::Area,  Tag::Base,   Tag::Basefont, Tag::Bgsound, Tag::Br,
                                  Tag::Col,   Tag::Embed,  Tag::Frame,    Tag::Hr,      Tag::Image,
                                  Tag::Img,   Tag::Input,  Tag::Keygen,   Tag::Link,    Tag::Meta,
                                  Tag::Param, Tag::Source, Tag::Track,    Tag::Wbr};

NoscriptContent noscript_content(bool whole_page) {
  return whole_page ? NoscriptContent::RawText : NoscriptContent::Markup;
}

}  // namespace

Rewriter::Page::Page(ElementHandler& handler, const Interest& interest, const Insertions& insertions,
                     Output& output, Part part)
    : handler_(handler),
      interest_(interest),
      insertions_(insertions),
      output_(output),
      part_(part),
      attribute_filter_(interest.attributes, interest.event_handlers),
      tokenizer_(*this),
      hints_(noscript_content(part == Part::Whole)),
      before_(hints_) {
  enforcing_ = !attribute_filter_.empty() || interest.tags != TagSet{} || interest.whole_text != TagSet{};
  const bool inserts = !insertions.head_start.empty() || !insertions.body_start.empty() ||
                       insertions.late_body_start != nullptr;
  if (part == Part::Noscript || !inserts) points_.finish();
  tokenizer_.want_attributes(attribute_filter_);
  update_wants();
}

/// Called after each tag: text and other tags are asked for only while somebody looks at them.
void Rewriter::Page::update_wants() {
  const bool all =
      mode_ == Mode::Remove || mode_ == Mode::Hold || mode_ == Mode::Noscript || points_.waiting();
  TagSet starts = hints_.start_tags();
  starts.merge(interest_.tags);
  starts.merge(interest_.whole_text);
  if (enforcing_) starts.insert(Tag::Meta);
  tokenizer_.want_start_tags(all ? TagSet::all() : starts);
  tokenizer_.want_end_tags(all ? TagSet::all() : hints_.end_tags());
  tokenizer_.want_text(mode_ == Mode::Hold || mode_ == Mode::Noscript || points_.waiting());
  tokenizer_.allow_cdata(hints_.cdata_allowed());
}

Result<void> Rewriter::Page::on_start_tag(const StartTag& tag) {
  if (mode_ == Mode::Hold) give_up_hold();
  if (mode_ == Mode::Remove && still_removing(tag)) return {};
  const bool wanted = interesting(tag);
  if (wanted || interest_.whole_text.contains(tag.tag)) before_ = hints_;
  const TreeHints::StartHint hint = hints_.on_start_tag(tag);
  if (hints_.too_deep())
    return failure(ErrorKind::BodyTooLarge, "HTML is nested too deeply", ErrorSide::Upstream);
  if (hint.text != TextKind::Data) tokenizer_.switch_to(hint.text, tag.name);
  Result<void> done;
  if (enforcing_ && (hint.drop || switches_charset(tag))) {
    changed_ = true;
  } else {
    if (tag.tag == Tag::Html && points_.waiting()) tell_language(tag);
    const auto openings =
        in_template_content(tag) ? InsertionPoints::Openings{} : points_.on_start_tag(tag.tag);
    write_insertions(openings, Place::Before);
    done = visit(tag, hint, wanted);
    write_insertions(openings, Place::After);
  }
  update_wants();
  return done;
}

/// The first html tag that states it counts; later ones add to it only what it lacks (13.2.6.4.7).
void Rewriter::Page::tell_language(const StartTag& tag) {
  if (language_told_ || !insertions_.on_language) return;
  for (const Attribute& attribute : tag.attributes) {
    if (!ascii::iequals(attribute.name, "lang")) continue;
    language_told_ = true;
    return insertions_.on_language(attribute.value);
  }
}

/// A browser that meets `<meta charset=iso-2022-jp>` late in a page reads the page anew in that encoding, in
/// which our reading of its bytes is worth nothing.
bool Rewriter::Page::switches_charset(const StartTag& tag) {
  return tag.tag == Tag::Meta && declares_refused_charset(tag.attributes);
}

/// The template tag itself stands in the head; what it holds opens nothing.
bool Rewriter::Page::in_template_content(const StartTag& tag) const {
  return hints_.in_template() && !(tag.tag == Tag::Template && hints_.template_depth() == 1);
}

Result<void> Rewriter::Page::visit(const StartTag& tag, const TreeHints::StartHint& hint, bool wanted) {
  if (interest_.whole_text.contains(tag.tag)) return hold(tag, hint.name_space);
  if (!wanted) {
    pass(tag.raw);
  } else {
    begin_element(tag, hint.name_space);
    if (Result<void> told = handler_.on_element(element_); !told) return told;
    if (!may_go_alone(hint)) element_.remove_content_with_tag();
    write_element(tag);
    if (element_.fate() == Element::Fate::RemoveWithContent) start_removal(tag, hint.name_space);
    if (element_.start_tag_gone()) hints_ = before_;
  }
  const bool noscript = tag.tag == Tag::Noscript && hint.text == TextKind::Rawtext;
  if (noscript && enforcing_ && mode_ == Mode::Pass) start_noscript();
  return {};
}

/// Whether the page reads the same without this start tag. Where it does not (raw text, svg, a template), a
/// handler that removes or renames the tag would have the browser read the content otherwise than we do.
bool Rewriter::Page::may_go_alone(const TreeHints::StartHint& hint) const {
  constexpr TagSet kReadingChanges = {Tag::Template, Tag::Select, Tag::Frameset};
  return hint.text == TextKind::Data && hint.name_space == Namespace::Html && hints_.depth() == 0 &&
         !kReadingChanges.contains(element_.tag());
}

bool Rewriter::Page::interesting(const StartTag& tag) const {
  if (interest_.tags.contains(tag.tag)) return true;
  for (const Attribute& attribute : tag.attributes) {
    if (attribute_filter_.matches(attribute.name)) return true;
  }
  return false;
}

void Rewriter::Page::begin_element(const StartTag& tag, Namespace name_space) {
  const Surroundings surroundings{name_space, part_ == Part::Noscript, hints_.in_template()};
  element_.begin(tag.tag, tag.raw, tag.name, tag.attributes, tag.self_closing, surroundings);
}

/// The start tag as the handler left it, with what it added around it.
void Rewriter::Page::write_element(const StartTag& tag) {
  if (element_.untouched()) return pass(tag.raw);
  changed_ = true;
  put(element_.text_before());
  if (element_.fate() != Element::Fate::Keep) return;
  if (element_.changed()) {
    rewritten_.clear();
    element_.write_start_tag(rewritten_);
    put(rewritten_);
  } else {
    pass(tag.raw);
  }
  put(element_.text_prepended());
}

Result<void> Rewriter::Page::on_end_tag(const EndTag& tag) {
  if (mode_ == Mode::Remove && still_removing(tag)) return {};
  if (mode_ == Mode::Noscript) {
    if (Result<void> finished = finish_noscript(); !finished) return finished;
  }
  const bool held = mode_ == Mode::Hold && ascii::iequals(tag.name, held_.name);
  if (mode_ == Mode::Hold && !held) give_up_hold();
  const TreeHints::EndHint hint = hints_.on_end_tag(tag);
  Result<void> done;
  if (held) {
    done = finish_hold(tag.raw);
  } else {
    if (!hints_.in_template()) write_insertions(points_.on_end_tag(tag.tag), Place::Before);
    write_end_tag(tag, hint);
  }
  update_wants();
  return done;
}

void Rewriter::Page::write_end_tag(const EndTag& tag, const TreeHints::EndHint& hint) {
  if (enforcing_ && !hint.closers.empty()) put(hint.closers);
  if (enforcing_ && hint.drop) {
    changed_ = true;
  } else {
    pass(tag.raw);
  }
}

void Rewriter::Page::start_removal(const StartTag& tag, Namespace name_space) {
  const bool empty = name_space == Namespace::Html ? kVoidElements.contains(tag.tag) : tag.self_closing;
  if (empty) {
    hints_ = before_;
    return;
  }
  mode_ = Mode::Remove;
  removed_name_ = ascii::lower(tag.name);
  removed_foreign_ = name_space != Namespace::Html;
  removed_nesting_ = 1;
}

/// The browser never sees what is removed, so the hints go back to what they were before it. In svg the
/// removed element may also be ended by a tag that breaks out, which is then read as any other.
bool Rewriter::Page::still_removing(const StartTag& tag) {
  const TreeHints::StartHint hint = hints_.on_start_tag(tag);
  if (removed_foreign_ && hints_.depth() <= before_.depth()) {
    end_removal();
    return false;
  }
  if (!removed_foreign_ && ascii::iequals(tag.name, removed_name_)) ++removed_nesting_;
  if (hint.text != TextKind::Data) tokenizer_.switch_to(hint.text, tag.name);
  tokenizer_.allow_cdata(hints_.cdata_allowed());
  return true;
}

bool Rewriter::Page::still_removing(const EndTag& tag) {
  hints_.on_end_tag(tag);
  const bool same = ascii::iequals(tag.name, removed_name_);
  if (same && !removed_foreign_) --removed_nesting_;
  const bool ended = removed_foreign_ ? hints_.depth() <= before_.depth() : removed_nesting_ == 0;
  if (ended) end_removal();
  tokenizer_.allow_cdata(hints_.cdata_allowed());
  return !ended || same;
}

void Rewriter::Page::end_removal() {
  hints_ = before_;
  mode_ = Mode::Pass;
  update_wants();
}

Result<void> Rewriter::Page::on_doctype(const Doctype& doctype) {
  if (mode_ == Mode::Remove) return {};
  if (mode_ == Mode::Hold) return hold_raw(doctype.raw), Result<void>{};
  points_.on_doctype();
  pass(doctype.raw);
  return {};
}

void Rewriter::Page::on_raw(std::string_view bytes) {
  switch (mode_) {
    case Mode::Pass:
      return pass(bytes);
    case Mode::Hold:
      return hold_raw(bytes);
    case Mode::Noscript:
    case Mode::Remove:
      return;
  }
}

Result<void> Rewriter::Page::on_text(std::string_view text, TextKind kind) {
  if (mode_ == Mode::Hold) return hold_text(text, kind), Result<void>{};
  if (mode_ == Mode::Noscript) return hold_noscript(text), Result<void>{};
  if (mode_ == Mode::Remove) return {};
  if (points_.waiting() && kind == TextKind::Data && !hints_.in_template()) {
    const std::size_t neutral = points_.neutral_prefix(text);
    pass(text.substr(0, neutral));
    text.remove_prefix(neutral);
    if (!text.empty()) {
      write_insertions(points_.on_content(), Place::Before);
      update_wants();
    }
  }
  pass(text);
  return {};
}

void Rewriter::Page::on_unfinished(std::string_view raw) {
  unfinished_tag_.assign(raw);
}

/// A tag that the page's end cuts off counts for nothing, so it goes out behind all that we still add.
Result<void> Rewriter::Page::end() {
  unfinished_ = !tokenizer_.between_tokens();
  if (Result<void> ended = tokenizer_.end(); !ended) return ended;
  if (mode_ == Mode::Hold) {
    if (Result<void> finished = finish_hold({}); !finished) return finished;
  }
  if (mode_ == Mode::Noscript) {
    if (Result<void> finished = finish_noscript(); !finished) return finished;
  }
  if (part_ == Part::Whole) write_insertions(points_.on_end(), Place::Before);
  if (mode_ != Mode::Remove) pass(unfinished_tag_);
  return {};
}

void Rewriter::Page::write_insertions(const InsertionPoints::Openings& openings, Place place) {
  const bool before = place == Place::Before;
  if (before ? openings.head_before : openings.head_after) put(insertions_.head_start);
  const bool wanted = points_.document() || insertions_.body_insertion == BodyInsertion::Always;
  if (!wanted || !(before ? openings.body_before : openings.body_after)) return;
  put(insertions_.late_body_start != nullptr ? *insertions_.late_body_start : insertions_.body_start);
}

void Rewriter::Page::pass(std::string_view bytes) {
  if (!bytes.empty()) output_.write(bytes);
}

void Rewriter::Page::put(std::string_view own) {
  if (own.empty()) return;
  changed_ = true;
  output_.write(own);
}

}  // namespace portvakt::html
