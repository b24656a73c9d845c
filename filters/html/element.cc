#include "filters/html/element.h"

#include <algorithm>

#include "filters/html/character_references.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

void Element::begin(Tag tag, std::string_view raw, std::string_view name,
                    std::span<const Attribute> attributes, bool self_closing, Surroundings surroundings) {
  tag_ = tag;
  fate_ = Fate::Keep;
  changed_ = false;
  self_closing_ = self_closing;
  surroundings_ = surroundings;
  raw_ = raw;
  raw_name_ = name;
  name_.assign(name);
  for (char& c : name_) c = ascii::to_lower(c);
  attributes_ = attributes;
  new_name_.clear();
  edits_.clear();
  decoded_.clear();
  decoded_values_.clear();
  before_.clear();
  prepended_.clear();
}

std::optional<std::string_view> Element::attribute(std::string_view name) {
  if (const Edit* edit = find_edit(name)) return edit->value;
  const auto found =
      std::ranges::find_if(attributes_, [name](const Attribute& a) { return ascii::iequals(a.name, name); });
  if (found == attributes_.end()) return std::nullopt;
  return decoded(found->value);
}

/// One string holds all decoded values of the tag. A reference may grow by a byte, so twice the tag is always
/// enough: the string never moves and earlier views stay good.
std::string_view Element::decoded(std::string_view raw) {
  if (raw.find('&') == std::string_view::npos) return raw;
  for (const DecodedValue& known : decoded_values_) {
    if (known.raw == raw.data()) return std::string_view(decoded_).substr(known.begin, known.size);
  }
  decoded_.reserve(2 * raw_.size());
  const std::size_t begin = decoded_.size();
  decode_references(raw, ReferenceRules::Attribute, decoded_);
  decoded_values_.push_back({raw.data(), begin, decoded_.size() - begin});
  return std::string_view(decoded_).substr(begin);
}

bool Element::has_attribute(std::string_view name) const {
  if (const Edit* edit = find_edit(name)) return edit->value.has_value();
  return std::ranges::any_of(attributes_,
                             [name](const Attribute& a) { return ascii::iequals(a.name, name); });
}

void Element::set_attribute(std::string_view name, std::string_view value) {
  edit(name).value.emplace(value);
}

void Element::remove_attribute(std::string_view name) {
  if (has_attribute(name)) edit(name).value.reset();
}

void Element::rename(std::string_view name) {
  changed_ = true;
  new_name_.assign(name);
  raw_name_ = new_name_;
}

void Element::remove() {
  if (fate_ == Fate::Keep) fate_ = Fate::RemoveTag;
}

void Element::remove_with_content() {
  fate_ = Fate::RemoveWithContent;
}

const Element::Edit* Element::find_edit(std::string_view name) const {
  const auto found =
      std::ranges::find_if(edits_, [name](const Edit& edit) { return ascii::iequals(edit.name, name); });
  return found == edits_.end() ? nullptr : &*found;
}

Element::Edit& Element::edit(std::string_view name) {
  changed_ = true;
  const auto found =
      std::ranges::find_if(edits_, [name](const Edit& edit) { return ascii::iequals(edit.name, name); });
  if (found != edits_.end()) return *found;
  return edits_.emplace_back(Edit{std::string(name), std::nullopt});
}

/// A removed attribute loses its duplicates too, or the second one would begin to count.
void Element::write_start_tag(std::string& out) const {
  out.append("<").append(raw_name_);
  for (const Attribute& attribute : attributes_) {
    if (find_edit(attribute.name) == nullptr) write_raw_attribute(out, attribute);
  }
  for (const Edit& edit : edits_) {
    if (!edit.value) continue;
    out.append(" ").append(edit.name).append("=\"");
    append_escaped(out, *edit.value);
    out.append("\"");
  }
  out.append(self_closing_ ? " />" : ">");
}

void Element::append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '<':
        out.append("&lt;");
        break;
      default:
        out.push_back(c);
    }
  }
}

/// Kept undecoded. Only an unquoted value can hold both kinds of quotes.
void Element::write_raw_attribute(std::string& out, const Attribute& attribute) {
  out.append(" ").append(attribute.name);
  if (attribute.value.empty()) return;
  const bool has_double = ascii::contains(attribute.value, "\"");
  const bool has_single = ascii::contains(attribute.value, "'");
  const char quote = has_double && !has_single ? '\'' : '"';
  out.append("=").push_back(quote);
  for (const char c : attribute.value) {
    if (c == quote) {
      out.append("&quot;");
    } else {
      out.push_back(c);
    }
  }
  out.push_back(quote);
}

}  // namespace portvakt::html
