#include "filters/html/tree_hints.h"

#include <algorithm>

#include "filters/html/character_references.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

// 13.2.6.4.4, 13.2.6.4.7: elements whose content is not markup.
constexpr TagSet kTextElements = {Tag::Script,   Tag::Style,    Tag::Xmp,      Tag::Iframe, Tag::Noembed,
                                  Tag::Noframes, Tag::Noscript, Tag::Textarea, Tag::Title,  Tag::Plaintext};
constexpr TagSet kForeignRoots = {Tag::Svg, Tag::Math};

// Tags that matter outside svg and math.
constexpr TagSet kStartTags = {Tag::Script,   Tag::Style,    Tag::Xmp,      Tag::Iframe, Tag::Noembed,
                               Tag::Noframes, Tag::Noscript, Tag::Textarea, Tag::Title,  Tag::Plaintext,
                               Tag::Svg,      Tag::Math,     Tag::Select,   Tag::Input,  Tag::Keygen,
                               Tag::Template, Tag::Frameset, Tag::Body};
constexpr TagSet kEndTags = {Tag::Select, Tag::Template};

// 13.2.6.5: HTML tags that end svg and math.
constexpr TagSet kBreakout = {
    Tag::B,       Tag::Big,   Tag::Blockquote, Tag::Body,   Tag::Br,     Tag::Center, Tag::Code, Tag::Dd,
    Tag::Div,     Tag::Dl,    Tag::Dt,         Tag::Em,     Tag::Embed,  Tag::H1,     Tag::H2,   Tag::H3,
    Tag::H4,      Tag::H5,    Tag::H6,         Tag::Head,   Tag::Hr,     Tag::I,      Tag::Img,  Tag::Li,
    Tag::Listing, Tag::Menu,  Tag::Meta,       Tag::Nobr,   Tag::Ol,     Tag::P,      Tag::Pre,  Tag::Ruby,
    Tag::S,       Tag::Small, Tag::Span,       Tag::Strong, Tag::Strike, Tag::Sub,    Tag::Sup,  Tag::Table,
    Tag::Tt,      Tag::U,     Tag::Ul,         Tag::Var};

constexpr TagSet kVoid = {Tag::Area,  Tag::Base,   Tag::Basefont, Tag::Bgsound, Tag::Br,
                          Tag::Col,   Tag::Embed,  Tag::Frame,    Tag::Hr,      Tag::Image,
                          Tag::Img,   Tag::Input,  Tag::Keygen,   Tag::Link,    Tag::Meta,
                          Tag::Param, Tag::Source, Tag::Track,    Tag::Wbr};

// Elements that the end tag of another one does not reach through: 13.2.6.4.7, "any other end tag". Names
// that find_tag() does not know are mostly special or harmless; see html_end().
constexpr TagSet kFormatting = {Tag::A,      Tag::B,      Tag::Big,  Tag::Code, Tag::Em,
                                Tag::Font,   Tag::I,      Tag::Nobr, Tag::S,    Tag::Small,
                                Tag::Strike, Tag::Strong, Tag::Tt,   Tag::U,    Tag::Span};

// In a cell or table these end whatever is open in it, even across an integration point.
constexpr TagSet kTableParts = {Tag::Caption, Tag::Col, Tag::Colgroup, Tag::Tbody, Tag::Td,
                                Tag::Tfoot,   Tag::Th,  Tag::Thead,    Tag::Tr};

// 13.2.6.4.22: tags that leave the mode "in template" as it is.
constexpr TagSet kTemplateNeutral = {Tag::Base,     Tag::Basefont, Tag::Bgsound, Tag::Link,     Tag::Meta,
                                     Tag::Noframes, Tag::Script,   Tag::Style,   Tag::Template, Tag::Title};

/// FNV-1a of the name in lower case: copies of the open elements stay cheap.
std::uint64_t name_key(std::string_view name) {
  std::uint64_t key = 0xCBF29CE484222325U;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(ascii::to_lower(c))) * 0x100000001B3U;
  return key;
}

/// Stray end tags that people write after `<path/>`: no HTML element has these names, nothing around is
/// meant.
bool is_svg_only(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "path",           "circle",         "ellipse", "g",   "line", "polygon", "polyline", "rect",
      "stop",           "text",           "tspan",   "use", "defs", "symbol",  "clippath", "mask",
      "lineargradient", "radialgradient", "animate"};
  return std::ranges::any_of(kNames, [name](std::string_view known) { return ascii::iequals(known, name); });
}

}  // namespace

TagSet TreeHints::start_tags() const {
  const bool fresh_template = !templates_.empty() && templates_.back().mode == TemplateMode::Fresh;
  return open_.empty() && !fresh_template ? kStartTags : TagSet::all();
}

TagSet TreeHints::end_tags() const {
  return open_.empty() ? kEndTags : TagSet::all();
}

TreeHints::StartHint TreeHints::on_start_tag(const StartTag& tag) {
  if (by_html_rules(tag)) return html_start(tag);
  if (!breaks_out(tag)) return foreign_start(tag);
  leave_foreign();
  return html_start(tag);
}

// 13.2.6, the tree construction dispatcher
bool TreeHints::by_html_rules(const StartTag& tag) const {
  if (open_.empty()) return true;
  const OpenElement& current = open_.back();
  switch (current.point) {
    case Point::Html:
      return true;
    case Point::MathText:
      return tag.tag != Tag::Mglyph && tag.tag != Tag::Malignmark;
    case Point::AnnotationXml:
      return tag.tag == Tag::Svg;
    case Point::None:
      return current.name_space == Namespace::Html;
  }
  return true;
}

bool TreeHints::breaks_out(const StartTag& tag) const {
  if (tag.tag != Tag::Font) return kBreakout.contains(tag.tag);
  return std::ranges::any_of(tag.attributes, [](const Attribute& attribute) {
    return ascii::iequals(attribute.name, "color") || ascii::iequals(attribute.name, "face") ||
           ascii::iequals(attribute.name, "size");
  });
}

void TreeHints::leave_foreign() {
  const auto stays = [](const OpenElement& element) {
    return element.name_space == Namespace::Html || element.point == Point::Html ||
           element.point == Point::MathText;
  };
  while (!open_.empty() && !stays(open_.back())) open_.pop_back();
}

// 13.2.6.5 The rules for parsing tokens in foreign content: no element holds raw text, "/>" closes.
TreeHints::StartHint TreeHints::foreign_start(const StartTag& tag) {
  const Namespace name_space = open_.back().name_space;
  if (!tag.self_closing) push(tag, name_space, point_of(tag, name_space));
  return {name_space, TextKind::Data, false};
}

TreeHints::StartHint TreeHints::html_start(const StartTag& tag) {
  if (in_doubt(tag.tag)) return {Namespace::Html, TextKind::Data, true};
  note_template_content(tag.tag);
  if (kForeignRoots.contains(tag.tag)) {
    const Namespace name_space = tag.tag == Tag::Svg ? Namespace::Svg : Namespace::MathMl;
    if (!tag.self_closing) push(tag, name_space, Point::None);
    return {name_space, TextKind::Data, false};
  }
  if (tag.tag == Tag::Template) {
    templates_.push_back({in_select_, TemplateMode::Fresh});
    in_select_ = false;
  }
  note_select(tag.tag);
  if (tag.tag == Tag::Body && !in_template() && open_.empty()) body_seen_ = true;
  if (tag.tag == Tag::Frameset) frameset_ = true;
  if (!open_.empty() && !kVoid.contains(tag.tag)) push(tag, Namespace::Html, Point::None);
  return {Namespace::Html, text_of(tag.tag), false};
}

/// Whether browsers, or an exact tree and we, could read on differently after this tag.
bool TreeHints::in_doubt(Tag tag) const {
  const bool reading_changes = kTextElements.contains(tag) || kForeignRoots.contains(tag);
  // `<select><xmp><a title="</xmp><script src=…>">`: parsers from before the select element was relaxed
  // ignore xmp in it and see a link, new ones see raw text and then a script. Script and textarea are read
  // alike by both.
  if (in_select_ && reading_changes && tag != Tag::Script && tag != Tag::Textarea) return true;
  // `<frameset><style><img title="</style><script src=…>">`: within a frameset nothing but frames counts, but
  // whether the frameset itself counts depends on all that came before. After a body tag it does not.
  if (frameset_ && reading_changes && tag != Tag::Noframes) return true;
  if (tag == Tag::Frameset)
    return body_seen_ || in_template() || !open_.empty() || noscript_ == NoscriptContent::Markup;
  // `<template shadowrootmode=open><col><xmp></template><img src=…>`: a col as the template's first content
  // has all else in the template ignored, the xmp too.
  if (!templates_.empty() && templates_.back().mode == TemplateMode::ColumnGroup && reading_changes)
    return true;
  // `<td><svg><desc><td><style><img …`: a cell in foreign content ends svg if a table is open around it; we
  // do not know.
  return !open_.empty() && kTableParts.contains(tag) && !has_open_html(Tag::Table) &&
         !has_open_html(Tag::Template);
}

TextKind TreeHints::text_of(Tag tag) const {
  switch (tag) {
    case Tag::Title:
    case Tag::Textarea:
      return TextKind::Rcdata;
    case Tag::Style:
    case Tag::Xmp:
    case Tag::Iframe:
    case Tag::Noembed:
    case Tag::Noframes:
      return TextKind::Rawtext;
    case Tag::Noscript:
      return noscript_ == NoscriptContent::RawText ? TextKind::Rawtext : TextKind::Data;
    case Tag::Script:
      return TextKind::Script;
    case Tag::Plaintext:
      return TextKind::Plaintext;
    default:
      return TextKind::Data;
  }
}

/// What ends a select in every parser: its end tag, another select, and form controls; till then we are in
/// doubt.
void TreeHints::note_select(Tag tag) {
  if (tag == Tag::Select) in_select_ = !in_select_;
  if (tag == Tag::Input || tag == Tag::Keygen || tag == Tag::Textarea) in_select_ = false;
}

void TreeHints::note_template_content(Tag tag) {
  if (templates_.empty() || templates_.back().mode != TemplateMode::Fresh || kTemplateNeutral.contains(tag))
    return;
  templates_.back().mode = tag == Tag::Col ? TemplateMode::ColumnGroup : TemplateMode::Settled;
}

void TreeHints::push(const StartTag& tag, Namespace name_space, Point point) {
  open_.push_back({name_key(tag.name), tag.tag, name_space, point});
}

TreeHints::Point TreeHints::point_of(const StartTag& tag, Namespace name_space) const {
  if (name_space == Namespace::Svg) {
    const bool point = tag.tag == Tag::Foreignobject || tag.tag == Tag::Desc || tag.tag == Tag::Title;
    return point ? Point::Html : Point::None;
  }
  constexpr TagSet kMathText = {Tag::Mi, Tag::Mo, Tag::Mn, Tag::Ms, Tag::Mtext};
  if (kMathText.contains(tag.tag)) return Point::MathText;
  if (tag.tag != Tag::Annotation_Xml) return Point::None;
  const auto encoding = std::ranges::find_if(
      tag.attributes, [](const Attribute& attribute) { return ascii::iequals(attribute.name, "encoding"); });
  if (encoding == tag.attributes.end()) return Point::AnnotationXml;
  std::string value;
  decode_references(encoding->value, ReferenceRules::Attribute, value);
  const bool html = ascii::iequals(value, "text/html") || ascii::iequals(value, "application/xhtml+xml");
  return html ? Point::Html : Point::AnnotationXml;
}

TreeHints::EndHint TreeHints::on_end_tag(const EndTag& tag) {
  if (!open_.empty() && open_.back().name_space != Namespace::Html) return foreign_end(tag);
  return html_end(tag);
}

/// In svg and math an end tag closes the nearest open element of its name. One that closes nothing here may
/// close an element around: `<div><svg></div><style>` ends svg, `<svg></div><style>` does not, and style is
/// raw text in one and markup in the other. So svg is closed for certain first.
TreeHints::EndHint TreeHints::foreign_end(const EndTag& tag) {
  const std::uint64_t key = name_key(tag.name);
  std::size_t n = open_.size();
  while (n > 0 && open_[n - 1].name_space != Namespace::Html) {
    --n;
    if (open_[n].name != key) continue;
    open_.resize(n);
    return {};
  }
  closers_.clear();
  if (is_svg_only(tag.name)) return {{}, true};
  for (std::size_t at = open_.size(); at > n; --at) {
    if (open_[at - 1].tag == Tag::Svg) closers_.append("</svg>");
    if (open_[at - 1].tag == Tag::Math) closers_.append("</math>");
  }
  open_.resize(n);
  EndHint hint = html_end(tag);
  hint.closers = closers_;
  return hint;
}

TreeHints::EndHint TreeHints::html_end(const EndTag& tag) {
  if (tag.tag == Tag::Select) in_select_ = false;
  if (tag.tag == Tag::Template) return end_template();
  if (open_.empty()) return {};
  const std::uint64_t key = name_key(tag.name);
  bool through_special = false;
  for (std::size_t n = open_.size(); n > 0; --n) {
    const OpenElement& element = open_[n - 1];
    const bool same = element.name == key;
    if (element.name_space != Namespace::Html) {
      // `<svg><desc><div></desc><style>`: the div keeps desc open, unless something closed the div that we do
      // not know.
      if (same && !through_special) open_.resize(n - 1);
      return {{}, (same && through_special) || kTableParts.contains(tag.tag) || tag.tag == Tag::Table};
    }
    if (same) {
      if (!through_special || !kFormatting.contains(tag.tag)) open_.resize(n - 1);
      return {};
    }
    if (!kFormatting.contains(element.tag)) through_special = true;
  }
  return {};
}

TreeHints::EndHint TreeHints::end_template() {
  if (templates_.empty()) return {};
  if (!open_.empty()) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(), [](const OpenElement& element) {
      return element.tag == Tag::Template && element.name_space == Namespace::Html;
    });
    // `<template><svg><desc></template>`: ends svg as well, if the template is still open.
    if (found == open_.rend()) return {{}, true};
    open_.resize(static_cast<std::size_t>(open_.rend() - found) - 1);
  }
  in_select_ = templates_.back().in_select;
  templates_.pop_back();
  return {};
}

bool TreeHints::has_open_html(Tag tag) const {
  for (std::size_t n = open_.size(); n > 0 && open_[n - 1].name_space == Namespace::Html; --n) {
    if (open_[n - 1].tag == tag) return true;
  }
  return false;
}

}  // namespace portvakt::html
