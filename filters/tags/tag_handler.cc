#include "filters/tags/tag_handler.h"

#include <string>

#include "filters/tags/page_judge.h"
#include "filters/tags/tag_families.h"

namespace portvakt::tags {
namespace {

using html::Tag;

/// Documents within documents: a page that nests deeper does so to get past filters.
constexpr int kDeepestSrcdoc = 4;

constexpr html::TagSet kFrames{Tag::Iframe, Tag::Frame,  Tag::Embed,      Tag::Object,
                               Tag::Applet, Tag::Portal, Tag::Fencedframe};
constexpr html::TagSet kMedia{Tag::Img, Tag::Image, Tag::Source,  Tag::Video,   Tag::Audio, Tag::Track,
                              Tag::Use, Tag::Input, Tag::Feimage, Tag::Animate, Tag::Set};
constexpr html::TagSet kHead{Tag::Link, Tag::Meta, Tag::Base};

class TagHandler final : public html::ElementHandler {
 public:
  TagHandler(PageJudge& judge, int depth) : judge_(judge), depth_(depth) {}

  html::Interest interest() const override;
  Result<void> on_element(html::Element& element) override;
  Result<void> on_text_element(html::Element& element, html::InlineText& text) override;
  html::LongText on_long_text(html::Element& element) override;

 private:
  Result<void> visit_srcdoc(html::Element& element);

  PageJudge& judge_;
  const int depth_;
};

html::Interest TagHandler::interest() const {
  html::Interest interest;
  interest.tags = kFrames;
  interest.tags.merge(kMedia);
  interest.tags.merge(kHead);
  interest.attributes = {"style",          "background",      "poster",        "ping",
                         "attributionsrc", "data-src",        "data-lazy-src", "data-original",
                         "data-bg",        "data-background", "data-srcset",   "data-lazy-srcset"};
  interest.event_handlers = true;
  interest.whole_text = {Tag::Script, Tag::Style};
  return interest;
}

Result<void> TagHandler::on_element(html::Element& element) {
  judge_.begin(element.name());
  const Tag tag = element.tag();
  if (kFrames.contains(tag)) {
    visit_frame(judge_, element);
    if (auto read = visit_srcdoc(element); !read) return read;
  } else if (kMedia.contains(tag)) {
    visit_media(judge_, element);
  } else if (tag == Tag::Link) {
    visit_link(judge_, element);
  } else if (tag == Tag::Meta) {
    visit_meta(judge_, element);
  } else if (tag == Tag::Base) {
    visit_base(judge_, element);
  }
  if (element.fate() == html::Element::Fate::Keep) visit_attributes(judge_, element);
  return {};
}

Result<void> TagHandler::on_text_element(html::Element& element, html::InlineText& text) {
  judge_.begin(element.name());
  if (element.tag() == Tag::Script) {
    visit_script(judge_, element, text);
  } else {
    visit_style(judge_, element, text);
  }
  if (element.fate() == html::Element::Fate::Keep) visit_attributes(judge_, element);
  return {};
}

/// Too long to be judged. Data is kept, what runs is not: its end could hide a loader.
html::LongText TagHandler::on_long_text(html::Element& element) {
  judge_.begin(element.name());
  return is_data_block(element) ? html::LongText::Keep : html::LongText::Remove;
}

/// A document inside an attribute is filtered like the page: same rules, same base.
Result<void> TagHandler::visit_srcdoc(html::Element& element) {
  if (element.tag() != Tag::Iframe || element.fate() != html::Element::Fate::Keep) return {};
  const auto document = element.attribute("srcdoc");
  if (!document) return {};
  if (depth_ == kDeepestSrcdoc) {
    element.remove_attribute("srcdoc");
    return {};
  }
  const std::string inner(*document);
  std::string out;
  html::StringOutput output(out);
  TagHandler handler(judge_, depth_ + 1);
  html::Rewriter rewriter(handler, {}, output);
  auto done = rewriter.write(inner);
  if (done) done = rewriter.end();
  if (!done) {
    element.remove_attribute("srcdoc");
  } else if (out != inner) {
    element.set_attribute("srcdoc", out);
  }
  judge_.begin(element.name());
  return {};
}

/// The handler of a whole page, with its judge.
class PageTags final : public html::ElementHandler {
 public:
  PageTags(const TagPolicy& policy, const consent::ConsentState& consent, const PageFacts& page,
           filters::Notes& notes, FindingSink* findings)
      : judge_(policy, consent, page, notes, findings), handler_(judge_, 0) {}

  html::Interest interest() const override { return handler_.interest(); }
  Result<void> on_element(html::Element& element) override { return handler_.on_element(element); }
  Result<void> on_text_element(html::Element& element, html::InlineText& text) override {
    return handler_.on_text_element(element, text);
  }
  html::LongText on_long_text(html::Element& element) override { return handler_.on_long_text(element); }

 private:
  PageJudge judge_;
  TagHandler handler_;
};

}  // namespace

std::unique_ptr<html::ElementHandler> make_handler(const TagPolicy& policy,
                                                   const consent::ConsentState& consent,
                                                   const PageFacts& page, filters::Notes& notes) {
  return std::make_unique<PageTags>(policy, consent, page, notes, nullptr);
}

std::unique_ptr<html::ElementHandler> make_handler(const TagPolicy& policy,
                                                   const consent::ConsentState& consent,
                                                   const PageFacts& page, filters::Notes& notes,
                                                   FindingSink& findings) {
  return std::make_unique<PageTags>(policy, consent, page, notes, &findings);
}

}  // namespace portvakt::tags
