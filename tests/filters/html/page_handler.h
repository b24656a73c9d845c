// A handler for tests that prints what it is told as lines and acts on marks in the page: the attribute `do`
// of an element (or the text of a script) says what is to happen to it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "filters/html/rewriter.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

inline Interest everything() {
  return {
      TagSet{Tag::Script, Tag::Img, Tag::Iframe, Tag::Link, Tag::Object, Tag::Use, Tag::Noscript, Tag::Input},
      {"do", "style", "data-*"},
      true,
      TagSet{Tag::Script, Tag::Style}};
}

class PageHandler : public ElementHandler {
 public:
  explicit PageHandler(Interest interest = everything()) : interest_(std::move(interest)) {}

  Interest interest() const override { return interest_; }

  Result<void> on_element(Element& element) override {
    note(element);
    act(element);
    return {};
  }

  Result<void> on_text_element(Element& element, InlineText& text) override {
    note(element);
    events_.append("  text ").append(text.text()).append("\n");
    act(element);
    if (ascii::contains(text.text(), "tracker")) element.remove_with_content();
    if (ascii::contains(text.text(), "mixed")) text.replace("clean");
    return {};
  }

  LongText on_long_text(Element& element) override {
    note(element);
    events_.append("  too long\n");
    return element.has_attribute("keep") ? LongText::Keep : LongText::Remove;
  }

  Result<void> on_end() override {
    events_.append("end\n");
    return {};
  }

  const std::string& events() const { return events_; }

 private:
  void note(Element& element) {
    events_.append(element.name());
    if (element.name_space() == Namespace::Svg) events_.append(" svg");
    if (element.name_space() == Namespace::MathMl) events_.append(" math");
    if (element.in_noscript()) events_.append(" noscript");
    if (element.in_template()) events_.append(" template");
    if (const auto source = element.attribute("src")) events_.append(" ").append(*source);
    events_.append("\n");
  }

  static void act(Element& element) {
    const std::string what(element.attribute("do").value_or(""));
    if (what == "remove") element.remove();
    if (what == "cut") element.remove_with_content();
    if (what == "replace") element.replace("<b>instead</b>");
    if (what == "around") element.before("<i>"), element.prepend("</i>");
    if (what == "rename") element.rename("x-tag");
    if (what == "set") element.set_attribute("src", "a\"b&c"), element.remove_attribute("do");
  }

  Interest interest_;
  std::string events_;
};

struct Rewritten {
  std::string page;
  std::string events;
  bool failed = false;
};

/// `first` bytes, then pieces of `piece` bytes; each in memory of its own, so that sanitizers see a read past
/// it.
inline Rewritten rewrite(std::string_view page, ElementHandler& handler, const Insertions& insertions = {},
                         std::size_t first = std::string_view::npos,
                         std::size_t piece = std::string_view::npos) {
  Rewritten result;
  StringOutput output(result.page);
  Rewriter rewriter(handler, insertions, output);
  std::size_t count = first;
  while (!page.empty() && !result.failed) {
    const std::string bytes(page.substr(0, count));
    result.failed = !rewriter.write(bytes);
    page.remove_prefix(bytes.size());
    count = piece;
  }
  if (!result.failed) result.failed = !rewriter.end();
  return result;
}

}  // namespace portvakt::html
