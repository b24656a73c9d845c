// The element names that change how HTML is read or that a handler may ask for, as small numbers, and sets of
// them. Every other name is Tag::Other. Names of foreign elements (svg, math) share the numbers of their HTML
// namesakes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace portvakt::html {

// clang-format off
enum class Tag : std::uint8_t {
  Other,
  A, Animate, Annotation_Xml, Applet, Area, Audio, B, Base, Basefont, Bgsound, Big, Blockquote, Body, Br, Button,
  Caption, Center, Code, Col, Colgroup, Dd, Desc, Div, Dl, Dt, Em, Embed, Feimage, Fencedframe, Font, Foreignobject, Form,
  Frame, Frameset, H1, H2, H3, H4, H5, H6, Head, Hr, Html, I, Iframe, Image, Img, Input, Keygen, Li, Link, Listing,
  Math, Menu, Meta, Mglyph, Mi, Mn, Mo, Ms, Mtext, Malignmark, Nobr, Noembed, Noframes, Noscript, Object, Ol, Optgroup,
  Option, P, Param, Picture, Plaintext, Portal, Pre, Ruby, S, Script, Select, Set, Small, Source, Span, Strike, Strong,
  Style, Sub, Sup, Svg, Table, Tbody, Td, Template, Textarea, Tfoot, Th, Thead, Title, Tr, Track, Tt, U, Ul, Use, Var,
  Video, Wbr, Xmp,
  Count,
};
// clang-format on

class TagSet {
 public:
  constexpr TagSet() = default;
  constexpr TagSet(std::initializer_list<Tag> tags) {
    for (const Tag tag : tags) insert(tag);
  }
  static constexpr TagSet all() {
    TagSet set;
    set.low_ = set.high_ = ~std::uint64_t{0};
    return set;
  }

  constexpr void insert(Tag tag) {
    const auto n = static_cast<unsigned>(tag);
    (n < 64 ? low_ : high_) |= std::uint64_t{1} << (n % 64);
  }
  constexpr void merge(TagSet other) {
    low_ |= other.low_;
    high_ |= other.high_;
  }
  constexpr bool contains(Tag tag) const {
    const auto n = static_cast<unsigned>(tag);
    return ((n < 64 ? low_ : high_) >> (n % 64) & 1) != 0;
  }
  constexpr bool operator==(const TagSet&) const = default;

 private:
  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};
static_assert(static_cast<unsigned>(Tag::Count) <= 128);

/// The number of a name in any case of letters; Tag::Other for names that are not in the list.
/// `readable`: how many bytes from the name's first on may be read, for speed.
Tag find_tag(std::string_view name, std::size_t readable = 0);

}  // namespace portvakt::html
