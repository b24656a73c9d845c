// Where head and body begin, by the insertion modes "initial" to "after head" (13.2.6.4.1 to 13.2.6.4.6):
// said by their tags, or opened by the browser at the first thing that cannot stand before them. One per
// page.
#pragma once

#include <cstdint>
#include <string_view>

#include "filters/html/tag_names.h"

namespace portvakt::html {

class InsertionPoints {
 public:
  /// What is to be written before or after the tag or text just told.
  struct Openings {
    bool head_before = false;
    bool body_before = false;
    bool head_after = false;
    bool body_after = false;
  };

  void on_doctype() {
    document_ = true;
    mark_bytes_ = kPastMark;
  }
  Openings on_start_tag(Tag tag);
  Openings on_end_tag(Tag tag);
  /// `content` begins with a byte that is no white space.
  Openings on_content() { return open_body(); }
  /// At the end a page that is a document gets what it still lacks.
  Openings on_end();

  /// How much of the text (in a page's order) is white space that opens nothing, a byte-order mark included.
  std::size_t neutral_prefix(std::string_view text);

  /// Nothing is to be inserted.
  void finish() { stage_ = Stage::Done; }
  bool waiting() const { return stage_ != Stage::Done; }
  /// A doctype, html, head or body tag was seen: a page, not a piece of one.
  bool document() const { return document_; }

 private:
  static constexpr std::uint8_t kPastMark = 4;

  enum class Stage : std::uint8_t { BeforeHead, Head, Done };
  Openings open_body();

  Stage stage_ = Stage::BeforeHead;
  bool document_ = false;
  std::uint8_t mark_bytes_ = 0;  // of the byte-order mark; past it once anything else came
};

}  // namespace portvakt::html
