// What a handler sees of one start tag, and what it may do with it. Reading decodes only what is asked for;
// an element that nobody changed goes out byte for byte. Views are good until the handler returns. One
// thread. Attribute values: 13.2.5.33 and following; of two attributes with one name the first counts, as in
// browsers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filters/html/tag_names.h"

namespace portvakt::html {

enum class Namespace : std::uint8_t { Html, Svg, MathMl };

/// One attribute as written in the start tag: nothing decoded, the quotes left out.
struct Attribute {
  std::string_view name;
  std::string_view value;
};

/// Where the element was met. With scripts switched on, browsers do not build what stands in `noscript`.
struct Surroundings {
  Namespace name_space = Namespace::Html;
  bool in_noscript = false;
  bool in_template = false;
};

class Element {
 public:
  /// `raw` is the whole start tag, `attributes` views into it. Made by the Rewriter, filled anew for each
  /// tag.
  void begin(Tag tag, std::string_view raw, std::string_view name, std::span<const Attribute> attributes,
             bool self_closing, Surroundings surroundings);

  Tag tag() const { return tag_; }
  std::string_view name() const { return name_; }  // lower case
  bool self_closing() const {
    return self_closing_;
  }  // the "/" before ">"; means something in svg and math only
  Namespace name_space() const { return surroundings_.name_space; }
  bool in_noscript() const { return surroundings_.in_noscript; }
  bool in_template() const { return surroundings_.in_template; }

  /// The decoded value as a browser's DOM has it; changed values are seen. The view is good until the next
  /// call that changes this element. `name` in lower case.
  std::optional<std::string_view> attribute(std::string_view name);
  bool has_attribute(std::string_view name) const;
  /// All attributes of the source, raw, duplicates included: for loops over `on…` and `data-…`.
  std::span<const Attribute> attributes() const { return attributes_; }

  void set_attribute(std::string_view name, std::string_view value);
  void remove_attribute(std::string_view name);
  void rename(
      std::string_view name);  // the start tag only: for void elements, or with an end tag that may stay
  void remove();               // the start tag alone; what it holds stays
  void remove_with_content();  // start tag to end tag; the start tag alone for void elements
  void replace(std::string_view html) { before(html), remove_with_content(); }
  void before(std::string_view html) { before_.append(html); }
  void prepend(std::string_view html) { prepended_.append(html); }  // right after the start tag

  // For the Rewriter.
  bool start_tag_gone() const {
    return fate_ == Fate::RemoveTag || (fate_ == Fate::Keep && !new_name_.empty());
  }
  void remove_content_with_tag() {
    if (start_tag_gone()) fate_ = Fate::RemoveWithContent;
  }
  enum class Fate : std::uint8_t { Keep, RemoveTag, RemoveWithContent };
  Fate fate() const { return fate_; }
  bool changed() const { return changed_; }
  bool untouched() const { return !changed_ && fate_ == Fate::Keep && before_.empty() && prepended_.empty(); }
  std::string_view raw() const { return raw_; }
  const std::string& text_before() const { return before_; }
  const std::string& text_prepended() const { return prepended_; }
  void write_start_tag(std::string& out) const;

 private:
  struct Edit {
    std::string name;
    std::optional<std::string> value;  // absent: the attribute is removed
  };
  struct DecodedValue {
    const char* raw = nullptr;  // where the undecoded value is
    std::size_t begin = 0;      // in decoded_
    std::size_t size = 0;
  };
  const Edit* find_edit(std::string_view name) const;
  Edit& edit(std::string_view name);
  std::string_view decoded(std::string_view raw);
  static void append_escaped(std::string& out, std::string_view value);
  static void write_raw_attribute(std::string& out, const Attribute& attribute);

  Tag tag_ = Tag::Other;
  Fate fate_ = Fate::Keep;
  bool changed_ = false;
  bool self_closing_ = false;
  Surroundings surroundings_;
  std::string_view raw_;
  std::string name_;
  std::string_view raw_name_;
  std::string new_name_;
  std::span<const Attribute> attributes_;
  std::vector<Edit> edits_;
  std::string decoded_;
  std::vector<DecodedValue> decoded_values_;
  std::string before_;
  std::string prepended_;
};

}  // namespace portvakt::html
