// The rewriting of one page, or of the content of one `noscript`: between tokenizer, tree hints, handler and
// output. Inside this room only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "filters/html/attribute_filter.h"
#include "filters/html/insertion_points.h"
#include "filters/html/rewriter.h"
#include "filters/html/tokenizer.h"
#include "filters/html/tree_hints.h"

namespace portvakt::html {

inline constexpr std::size_t kMaxNoscript = 256 * 1024;  // content of one noscript, held until it is judged

class Rewriter::Page : public TokenSink {
 public:
  enum class Part : std::uint8_t { Whole, Noscript };

  Page(ElementHandler& handler, const Interest& interest, const Insertions& insertions, Output& output,
       Part part);

  Result<void> write(std::string_view bytes) { return tokenizer_.write(bytes); }
  Result<void> end();
  bool changed() const { return changed_; }
  std::size_t held() const {
    return tokenizer_.held() + unfinished_tag_.size() + held_tag_.size() + held_raw_.size() +
           held_text_.size() + undecoded_.size() + noscript_text_.size();
  }
  /// All that was opened is closed again: what follows is read as if this part had not been there.
  bool self_contained() const { return !unfinished_ && hints_.settled(); }

  void on_raw(std::string_view bytes) override;
  Result<void> on_start_tag(const StartTag& tag) override;
  Result<void> on_end_tag(const EndTag& tag) override;
  Result<void> on_text(std::string_view text, TextKind kind) override;
  Result<void> on_doctype(const Doctype& doctype) override;
  void on_unfinished(std::string_view raw) override;

 private:
  enum class Mode : std::uint8_t {
    Pass,      // bytes go out
    Hold,      // a script or style, until its text is whole
    Noscript,  // its content, until it is whole
    Remove,    // content of a removed element
  };

  enum class Place : std::uint8_t { Before, After };

  // page.cc
  void update_wants();
  void tell_language(const StartTag& tag);
  static bool switches_charset(const StartTag& tag);
  bool in_template_content(const StartTag& tag) const;
  bool interesting(const StartTag& tag) const;
  Result<void> visit(const StartTag& tag, const TreeHints::StartHint& hint, bool wanted);
  bool may_go_alone(const TreeHints::StartHint& hint) const;
  void begin_element(const StartTag& tag, Namespace name_space);
  void write_element(const StartTag& tag);
  void write_end_tag(const EndTag& tag, const TreeHints::EndHint& hint);
  void write_insertions(const InsertionPoints::Openings& openings, Place place);
  void pass(std::string_view bytes);
  void put(std::string_view own);
  void start_removal(const StartTag& tag, Namespace name_space);
  bool still_removing(const StartTag& tag);
  bool still_removing(const EndTag& tag);
  void end_removal();

  // page_text.cc
  Result<void> hold(const StartTag& tag, Namespace name_space);
  void hold_text(std::string_view text, TextKind kind);
  void hold_foreign_text(std::string_view text, TextKind kind);
  void hold_raw(std::string_view bytes);
  void decode_held();
  void give_up_long_text();
  Result<void> finish_hold(std::string_view end_tag);
  void give_up_hold();
  void start_noscript();
  void hold_noscript(std::string_view text);
  Result<void> finish_noscript();

  ElementHandler& handler_;
  const Interest& interest_;
  const Insertions& insertions_;
  Output& output_;
  Part part_;
  AttributeFilter attribute_filter_;
  bool enforcing_ = false;
  Tokenizer tokenizer_;
  TreeHints hints_;
  TreeHints before_;  // as they were before the element that is held or removed
  InsertionPoints points_;
  Mode mode_ = Mode::Pass;
  bool changed_ = false;
  bool language_told_ = false;
  bool unfinished_ = false;
  std::string unfinished_tag_;

  Element element_;
  std::string rewritten_;  // one start tag, kept for its memory

  // Remove
  std::string removed_name_;
  std::size_t removed_nesting_ = 0;  // open elements of that name, in HTML
  bool removed_foreign_ = false;

  // Hold
  std::string held_tag_;   // raw start tag
  std::string held_raw_;   // what followed it, as it came; in HTML that is the text
  std::string held_text_;  // the text of a script or style in svg
  std::string undecoded_;  // and the end of it, its references not yet decoded
  StartTag held_;          // views into held_tag_
  std::vector<Attribute> held_attributes_;
  Namespace held_namespace_ = Namespace::Html;

  // Noscript
  std::string noscript_text_;
  bool noscript_too_long_ = false;
};

}  // namespace portvakt::html
