#include "filters/tags/update_handler.h"

#include <string>

#include "filters/tags/tag_handler.h"

namespace portvakt::tags {
namespace {

using html::Element;

constexpr std::string_view kMark = "data-portvakt-held";
constexpr std::string_view kChanged = "~";
constexpr std::string_view kVendor = " data-vendor=\"";

/// The vendor that a placeholder names, as it is written there.
std::string vendor_of(const std::string& placeholder) {
  const auto begin = placeholder.find(kVendor);
  if (begin == std::string::npos) return {};
  const auto from = begin + kVendor.size();
  return placeholder.substr(from, placeholder.find('"', from) - from);
}

std::string written(const Element& element) {
  std::string out;
  element.write_start_tag(out);
  return out;
}

class UpdateHandler final : public html::ElementHandler {
 public:
  UpdateHandler(const TagPolicy& policy, const consent::ConsentState& before, const PageFacts& page,
                filters::Notes& notes)
      : before_(make_handler(policy, before, page, before_notes_)),
        now_(make_handler(policy, notes.consent, page, notes)) {}

  html::Interest interest() const override { return now_->interest(); }

  Result<void> on_element(Element& element) override {
    copy(element);
    if (auto judged = before_->on_element(old_); !judged) return judged;
    if (auto judged = now_->on_element(element); !judged) return judged;
    mark(element, written(old_) != written(element));
    return {};
  }

  Result<void> on_text_element(Element& element, html::InlineText& text) override {
    copy(element);
    html::InlineText old_text(text.text());
    if (auto judged = before_->on_text_element(old_, old_text); !judged) return judged;
    if (auto judged = now_->on_text_element(element, text); !judged) return judged;
    mark(element, written(old_) != written(element) || old_text.replacement() != text.replacement());
    return {};
  }

  html::LongText on_long_text(Element& element) override { return now_->on_long_text(element); }

 private:
  /// The element as it came, for the judge of before.
  void copy(const Element& element) {
    old_.begin(element.tag(), element.raw(), element.name(), element.attributes(), element.self_closing(),
               {element.name_space(), element.in_noscript(), element.in_template()});
  }

  void mark(Element& element, bool changed) {
    if (element.fate() != Element::Fate::Keep) return;
    if (old_.fate() != Element::Fate::Keep) {
      element.set_attribute(kMark, vendor_of(old_.text_before()));
    } else if (changed) {
      element.set_attribute(kMark, kChanged);
    }
  }

  filters::Notes before_notes_;  // what was held back before is counted nowhere
  std::unique_ptr<html::ElementHandler> before_;
  std::unique_ptr<html::ElementHandler> now_;
  Element old_;
};

}  // namespace

std::unique_ptr<html::ElementHandler> make_update_handler(const TagPolicy& policy,
                                                          const consent::ConsentState& before,
                                                          const PageFacts& page, filters::Notes& notes) {
  return std::make_unique<UpdateHandler>(policy, before, page, notes);
}

}  // namespace portvakt::tags
