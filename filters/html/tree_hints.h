// Just enough tree construction (13.2.6) to read on right after a tag: which elements hold raw text, where
// svg and math begin and end, where CDATA is allowed, what stands in a template. No tree is built. Where
// browsers differ, or where only a whole tree could tell, the tag in doubt is to be dropped: then every
// reading of what was sent is ours. One per page, fed each tag that it asks for; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "filters/html/element.h"
#include "filters/html/tag_names.h"
#include "filters/html/tokenizer.h"

namespace portvakt::html {

inline constexpr std::size_t kMaxForeignDepth = 2048;
inline constexpr std::size_t kMaxTemplateDepth = 512;

enum class NoscriptContent : std::uint8_t { RawText, Markup };

class TreeHints {
 public:
  struct StartHint {
    Namespace name_space = Namespace::Html;
    TextKind text = TextKind::Data;  // how to read what follows
    bool drop = false;               // the tag is in doubt
  };
  struct EndHint {
    std::string_view closers;  // end tags to write first, so that svg or math is over in every reading
    bool drop = false;
  };

  explicit TreeHints(NoscriptContent noscript) : noscript_(noscript) {}

  StartHint on_start_tag(const StartTag& tag);
  EndHint on_end_tag(const EndTag& tag);

  /// Which tags must be told now; changes with each tag.
  TagSet start_tags() const;
  TagSet end_tags() const;

  bool cdata_allowed() const { return !open_.empty() && open_.back().name_space != Namespace::Html; }
  bool in_template() const { return !templates_.empty(); }
  std::size_t template_depth() const { return templates_.size(); }
  bool too_deep() const { return open_.size() > kMaxForeignDepth || templates_.size() > kMaxTemplateDepth; }
  /// Open elements from the outermost svg or math on.
  std::size_t depth() const { return open_.size(); }
  /// Nothing is open that changes how tags are read.
  bool settled() const { return open_.empty() && templates_.empty() && !in_select_ && !frameset_; }

 private:
  enum class Point : std::uint8_t { None, Html, MathText, AnnotationXml };  // 13.2.6: integration points
  struct OpenElement {
    std::uint64_t name = 0;  // name_key()
    Tag tag = Tag::Other;
    Namespace name_space = Namespace::Html;
    Point point = Point::None;
  };
  enum class TemplateMode : std::uint8_t { Fresh, ColumnGroup, Settled };
  struct Template {
    bool in_select = false;  // of the surroundings
    TemplateMode mode = TemplateMode::Fresh;
  };

  bool by_html_rules(const StartTag& tag) const;
  bool breaks_out(const StartTag& tag) const;
  void leave_foreign();
  StartHint html_start(const StartTag& tag);
  StartHint foreign_start(const StartTag& tag);
  bool in_doubt(Tag tag) const;
  TextKind text_of(Tag tag) const;
  void note_select(Tag tag);
  void note_template_content(Tag tag);
  void push(const StartTag& tag, Namespace name_space, Point point);
  Point point_of(const StartTag& tag, Namespace name_space) const;

  EndHint foreign_end(const EndTag& tag);
  EndHint html_end(const EndTag& tag);
  EndHint end_template();
  bool has_open_html(Tag tag) const;

  NoscriptContent noscript_;
  std::vector<OpenElement> open_;  // empty outside svg and math
  std::vector<Template> templates_;
  std::string closers_;
  bool in_select_ = false;
  bool frameset_ = false;
  bool body_seen_ = false;
};

}  // namespace portvakt::html
