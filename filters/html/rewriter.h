// Streams a page through a handler: elements that the handler asked for can be read, changed and removed, our
// own markup is inserted at the start of head and body, all else passes as untouched slices. Any cut of the
// input gives the same output. An enforcing step: after an error nothing more is written and the caller must
// end the response. One per response, on its worker; handler and output outlive it. Not a DOM: an element
// ends at its end tag.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "filters/html/element.h"
#include "filters/html/tag_names.h"
#include "proxy/base/result.h"

namespace portvakt::html {

inline constexpr std::size_t kMaxInlineScript = 1024 * 1024;  // text of a script or style held for a decision

/// Which start tags reach the handler. All others are skipped at scanning speed.
struct Interest {
  TagSet tags;  // these always
  std::vector<std::string_view>
      attributes;               // and any tag with one of these (lower case; "data-*" takes a prefix)
  bool event_handlers = false;  // and any tag with an attribute whose name begins with "on"
  TagSet whole_text;            // Script and Style: told with their whole text by on_text_element
};

/// The text of a `script` or `style`. `text()` is what the browser runs: raw in HTML, decoded in svg.
class InlineText {
 public:
  explicit InlineText(std::string_view text) : text_(text) {}
  std::string_view text() const { return text_; }
  /// New text, written raw: the caller sees to it that it holds no end tag.
  void replace(std::string_view text) { new_text_.emplace(text); }
  const std::optional<std::string>& replacement() const { return new_text_; }

 private:
  std::string_view text_;
  std::optional<std::string> new_text_;
};

enum class LongText : std::uint8_t { Remove, Keep };

/// One per response. Errors end the rewriting and fail closed.
class ElementHandler {
 public:
  virtual ~ElementHandler() = default;
  /// Asked once, before the first byte.
  virtual Interest interest() const = 0;
  /// A start tag of `interest().tags`, or with an attribute asked for; not those of `whole_text`.
  virtual Result<void> on_element(Element&) = 0;
  /// A whole `script` or `style` of `interest().whole_text`, empty text included. The start tag was held
  /// back.
  virtual Result<void> on_text_element(Element&, InlineText&) { return {}; }
  /// The text passes kMaxInlineScript, so on_text_element cannot be asked. Keep is for data blocks only.
  virtual LongText on_long_text(Element&) { return LongText::Remove; }
  /// After the last byte of the page.
  virtual Result<void> on_end() { return {}; }
};

enum class BodyInsertion : std::uint8_t { DocumentsOnly, Always };

/// Our own markup; empty: none. `head_start` goes before every other script: after the head tag or where a
/// browser would open the head itself, in fragments too. `body_start` is the first thing in body; a fragment
/// (no doctype, html, head or body tag) gets none unless told Always. A caller who knows that a script asked
/// for the page passes no insertions.
struct Insertions {
  std::string head_start;
  std::string body_start;
  BodyInsertion body_insertion = BodyInsertion::DocumentsOnly;
  /// Told the `lang` of the page's html tag, as written, before the body begins.
  std::function<void(std::string_view)> on_language = {};
  /// Read in place of `body_start` when the body begins; outlives the page. May be null.
  const std::string* late_body_start = nullptr;
};

/// Where the rewritten page goes. Slices are good during the call only: they point into the caller's input.
class Output {
 public:
  virtual ~Output() = default;
  virtual void write(std::string_view slice) = 0;
};

class StringOutput : public Output {
 public:
  explicit StringOutput(std::string& text) : text_(text) {}
  void write(std::string_view slice) override { text_.append(slice); }

 private:
  std::string& text_;
};

class Rewriter {
 public:
  Rewriter(ElementHandler& handler, Insertions insertions, Output& output);
  ~Rewriter();
  Rewriter(const Rewriter&) = delete;
  Rewriter& operator=(const Rewriter&) = delete;

  Result<void> write(std::string_view bytes);
  /// The page is complete: writes what was held back, then asks the handler for its end.
  Result<void> end();
  /// True once something other than slices of the input was written.
  bool changed() const;
  /// Bytes of the page that are held back until they can be judged.
  std::size_t held() const;

 private:
  class Page;
  struct State;

  ElementHandler& handler_;
  std::unique_ptr<State> state_;
};

}  // namespace portvakt::html
