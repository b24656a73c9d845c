#include "filters/html/tag_names.h"

#include <array>
#include <bit>
#include <cstring>
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

// Names of up to eight bytes are one word, compared at once; the few longer ones are searched one by one.
constexpr std::size_t kWordBytes = 8;
constexpr std::size_t kSlots = 512;
constexpr std::uint64_t kLowerCase = 0x2020202020202020;

struct Slot {
  std::uint64_t word = 0;
  Tag tag = Tag::Other;
};

constexpr std::uint64_t word_of(std::string_view name) {
  std::uint64_t word = 0;
  for (std::size_t n = name.size(); n > 0; --n)
    word = word << 8 | static_cast<unsigned char>(name[n - 1] | 0x20);
  return word;
}

constexpr std::size_t slot_of(std::uint64_t word) {
  return word * 0x9E3779B97F4A7C15U >> 55;
}

constexpr std::array<Slot, kSlots> make_table() {
  std::array<Slot, kSlots> table{};
  for (std::size_t n = 1; n < kCount; ++n) {
    if (kNames[n].size() > kWordBytes) continue;
    const std::uint64_t word = word_of(kNames[n]);
    std::size_t slot = slot_of(word);
    while (table[slot].word != 0) slot = (slot + 1) % kSlots;
    table[slot] = {word, static_cast<Tag>(n)};
  }
  return table;
}
constexpr std::array<Slot, kSlots> kTable = make_table();

Tag find_long(std::string_view name) {
  for (std::size_t n = 1; n < kCount; ++n) {
    if (kNames[n].size() == name.size() && ascii::iequals(name, kNames[n])) return static_cast<Tag>(n);
  }
  return Tag::Other;
}

Tag find_word(std::uint64_t word) {
  for (std::size_t slot = slot_of(word); kTable[slot].word != 0; slot = (slot + 1) % kSlots) {
    if (kTable[slot].word == word) return kTable[slot].tag;
  }
  return Tag::Other;
}

/// Making letters small makes digits of control bytes, and h1 to h6 are the names with digits.
bool is_false_heading(Tag tag, std::string_view name) {
  return tag >= Tag::H1 && tag <= Tag::H6 && !ascii::is_digit(name.back());
}

}  // namespace

Tag find_tag(std::string_view name, std::size_t readable) {
  if (name.empty() || name.size() > 14) return Tag::Other;
  if (name.size() > kWordBytes) return find_long(name);
  std::uint64_t word = 0;
  if (readable >= kWordBytes && std::endian::native == std::endian::little) {
    std::memcpy(&word, name.data(), kWordBytes);
    word = (word | kLowerCase) & (~std::uint64_t{0} >> (8 * (kWordBytes - name.size())));
  } else {
    word = word_of(name);
  }
  const Tag tag = find_word(word);
  return is_false_heading(tag, name) ? Tag::Other : tag;
}

}  // namespace portvakt::html
