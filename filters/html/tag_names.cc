#include "filters/html/tag_names.h"

#include <array>
#include <string_view>

#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

constexpr auto kCount = static_cast<std::size_t>(Tag::Count);

// In the order of the enumeration.
constexpr std::array<std::string_view, kCount> kNames = {
    "",           "a",           "animate",    "annotation-xml",
    "applet",     "area",        "audio",      "b",
    "base",       "basefont",    "bgsound",    "big",
    "blockquote", "body",        "br",         "button",
    "caption",    "center",      "code",       "col",
    "colgroup",   "dd",          "desc",       "div",
    "dl",         "dt",          "em",         "embed",
    "feimage",    "fencedframe", "font",       "foreignobject",
    "form",       "frame",       "frameset",   "h1",
    "h2",         "h3",          "h4",         "h5",
    "h6",         "head",        "hr",         "html",
    "i",          "iframe",      "image",      "img",
    "input",      "keygen",      "li",         "link",
    "listing",    "math",        "menu",       "meta",
    "mglyph",     "mi",          "mn",         "mo",
    "ms",         "mtext",       "malignmark", "nobr",
    "noembed",    "noframes",    "noscript",   "object",
    "ol",         "optgroup",    "option",     "p",
    "param",      "picture",     "plaintext",  "portal",
    "pre",        "ruby",        "s",          "script",
    "select",     "set",         "small",      "source",
    "span",       "strike",      "strong",     "style",
    "sub",        "sup",         "svg",        "table",
    "tbody",      "td",          "template",   "textarea",
    "tfoot",      "th",          "thead",      "title",
    "tr",         "track",       "tt",         "u",
    "ul",         "use",         "var",        "video",
    "wbr",        "xmp",
};

constexpr std::size_t kSlots = 512;

constexpr std::size_t slot_of(std::string_view name) {
  const auto letter = [&](std::size_t n) { return static_cast<std::uint32_t>(name[n] | 0x20); };
  const std::uint32_t mixed = letter(0) | letter(name.size() / 2) << 8 | letter(name.size() - 1) << 16 |
                              static_cast<std::uint32_t>(name.size()) << 24;
  return mixed * 0x9E3779B1U >> 23;
}

constexpr std::array<Tag, kSlots> make_table() {
  std::array<Tag, kSlots> table{};
  for (std::size_t n = 1; n < kCount; ++n) {
    std::size_t slot = slot_of(kNames[n]);
    while (table[slot] != Tag::Other) slot = (slot + 1) % kSlots;
    table[slot] = static_cast<Tag>(n);
  }
  return table;
}
constexpr std::array<Tag, kSlots> kTable = make_table();

}  // namespace

Tag find_tag(std::string_view name) {
  if (name.empty() || name.size() > 14) return Tag::Other;
  for (std::size_t slot = slot_of(name); kTable[slot] != Tag::Other; slot = (slot + 1) % kSlots) {
    if (ascii::iequals(name, kNames[static_cast<std::size_t>(kTable[slot])])) return kTable[slot];
  }
  return Tag::Other;
}

}  // namespace portvakt::html
