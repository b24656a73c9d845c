#include "filters/html/charset.h"

#include <algorithm>
#include <string>

#include "filters/html/character_references.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {
namespace {

// UTF-7 and UTF-32 are unknown to browsers, but whoever names them sends what we cannot read.
constexpr std::string_view kRefused[] = {
    "utf-16",     "utf-16le",    "utf-16be",    "unicode",     "ucs-2",           "iso-10646-ucs-2",
    "csunicode",  "unicodefeff", "unicodefffe", "iso-2022-jp", "csiso2022jp",     "csiso2022kr",
    "hz-gb-2312", "iso-2022-cn", "iso-2022-kr", "replacement", "iso-2022-cn-ext", "utf-7",
    "utf-32",     "utf-32le",    "utf-32be"};

// Beginnings of the labels of the Encoding standard (4.2) whose encodings hold ASCII.
constexpr std::string_view kReadable[] = {"utf-8",
                                          "utf8",
                                          "unicode-1-1-utf-8",
                                          "unicode11utf8",
                                          "unicode20utf8",
                                          "x-unicode20utf8",
                                          "windows-",
                                          "cp125",
                                          "x-cp125",
                                          "iso-8859-",
                                          "iso8859",
                                          "iso_8859",
                                          "iso-ir-",
                                          "csisolatin",
                                          "latin",
                                          "l1",
                                          "l2",
                                          "l3",
                                          "l4",
                                          "l5",
                                          "l6",
                                          "l9",
                                          "us-ascii",
                                          "ascii",
                                          "ansi_x3.4",
                                          "macintosh",
                                          "mac",
                                          "x-mac",
                                          "csmacintosh",
                                          "koi",
                                          "cskoi8r",
                                          "cp866",
                                          "cp819",
                                          "ibm8",
                                          "csibm866",
                                          "shift",
                                          "sjis",
                                          "x-sjis",
                                          "ms_kanji",
                                          "csshiftjis",
                                          "ms932",
                                          "gb",
                                          "x-gbk",
                                          "chinese",
                                          "csgb",
                                          "big5",
                                          "cn-big5",
                                          "csbig5",
                                          "x-x-big5",
                                          "euc-",
                                          "x-euc-jp",
                                          "cseuc",
                                          "ks_c",
                                          "ksc",
                                          "csksc",
                                          "korean",
                                          "tis-620",
                                          "dos-874",
                                          "866",
                                          "819",
                                          "greek",
                                          "hebrew",
                                          "arabic",
                                          "cyrillic",
                                          "asmo-708",
                                          "ecma-11",
                                          "elot_928",
                                          "sun_eu_greek",
                                          "visual",
                                          "logical",
                                          "csiso88",
                                          "x-user-defined"};

std::string_view bare(std::string_view label) {
  const auto dispensable = [](char c) {
    return c == '"' || c == '\'' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
  };
  while (!label.empty() && dispensable(label.front())) label.remove_prefix(1);
  while (!label.empty() && dispensable(label.back())) label.remove_suffix(1);
  return label;
}

bool icontains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return ascii::to_lower(a) == b; };
  return !std::ranges::search(text, part, same).empty();
}

/// Unlabelled pages with these escape sequences are taken for ISO-2022-JP by browsers that guess.
bool has_escape_sequence(std::string_view bytes) {
  return ascii::contains(bytes, "\x1B$") || ascii::contains(bytes, "\x1B(");
}

bool names_refused(std::string_view text) {
  return icontains(text, "iso-2022-") || icontains(text, "csiso2022");
}

}  // namespace

CharsetVerdict charset_from_label(std::string_view label) {
  label = bare(label);
  const auto is = [label](std::string_view known) { return ascii::iequals(label, known); };
  const auto begins = [label](std::string_view known) { return ascii::istarts_with(label, known); };
  if (std::ranges::any_of(kRefused, is)) return CharsetVerdict::Refuse;
  if (std::ranges::any_of(kReadable, begins)) return CharsetVerdict::Readable;
  return CharsetVerdict::Unknown;
}

/// A byte-order mark beats the label, the label beats the page. Of a page without either, any mention of
/// ISO-2022 in its first bytes is enough: the browser's search for a declaration looks into scripts and
/// titles, where
/// `<title><meta charset=iso-2022-jp>` is no tag but counts. UTF-16 in a meta tag means UTF-8.
CharsetVerdict sniff_charset(std::string_view label, std::string_view first_bytes) {
  if (first_bytes.starts_with("\xFE\xFF") || first_bytes.starts_with("\xFF\xFE"))
    return CharsetVerdict::Refuse;
  if (first_bytes.starts_with("\xEF\xBB\xBF")) return CharsetVerdict::Readable;
  const CharsetVerdict labelled = charset_from_label(label);
  if (labelled != CharsetVerdict::Unknown) return labelled;
  const std::string_view head = first_bytes.substr(0, kCharsetSniffBytes);
  if (names_refused(head) || has_escape_sequence(head)) return CharsetVerdict::Refuse;
  return CharsetVerdict::Unknown;
}

bool declares_refused_charset(std::span<const Attribute> attributes) {
  return std::ranges::any_of(attributes, [](const Attribute& attribute) {
    if (!ascii::contains(attribute.value, "&")) return names_refused(attribute.value);
    std::string value;
    decode_references(attribute.value, ReferenceRules::Attribute, value);
    return names_refused(value);
  });
}

}  // namespace portvakt::html
