// The short way for tags that lie whole in the input: no state is kept between bytes. It must read exactly as
// the states of 13.2.5.6 to 13.2.5.40 do; tests and fuzzing compare the two by cutting tags everywhere.
#include "filters/html/scan.h"
#include "filters/html/tokenizer.h"
#include "proxy/base/ascii.h"

namespace portvakt::html {

/// At "<". False if this is no tag or does not end in the input: then nothing has happened.
bool Tokenizer::whole_tag() {
  const char* p = at() + 1;
  end_tag_ = p != stop() && *p == '/';
  if (end_tag_) ++p;
  if (p == stop() || !scan::is(*p, scan::kLetter)) return false;
  const char* name_end = scan::find_name_end(p, stop(), scan::kEndsName);
  if (name_end == stop()) return false;
  const std::string_view name(p, static_cast<std::size_t>(name_end - p));
  const Tag tag = find_tag(name, static_cast<std::size_t>(stop() - p));
  start_tag_token();
  name_.begin = end_tag_ ? 2 : 1;
  name_.end = name_.begin + static_cast<std::uint32_t>(name.size());
  const char* end = *name_end == '>' ? name_end + 1 : whole_attributes(name_end);
  if (end == nullptr || error_) return false;
  go(end);
  if (pos_ - token_ > kMaxTokenBytes) return false;
  const bool wanted = end_tag_ ? end_tags_.contains(tag) : start_tags_.contains(tag) || attribute_wanted();
  if (wanted || text_wanted_) emit_tag(tag);
  return true;
}

/// From behind the name on; gives the place after ">", or null if the input ends first.
const char* Tokenizer::whole_attributes(const char* p) {
  const char* const end = stop();
  const char* const token = in_.data() + token_;
  const auto offset_of = [token](const char* place) { return static_cast<std::uint32_t>(place - token); };
  for (;;) {
    self_closing_ = false;
    for (; p != end && (scan::is_space(*p) || *p == '/'); ++p) self_closing_ = *p == '/';
    if (p == end) return nullptr;
    if (*p == '>') return p + 1;
    if (ranges_.size() == kMaxAttributes) return nullptr;
    AttributeRange& range = ranges_.emplace_back();
    range.name.begin = offset_of(p);
    p = scan::find_name_end(p + 1, end, scan::kEndsAttribute);
    if (p == end) return nullptr;
    range.name.end = offset_of(p);
    p = scan::skip_spaces(p, end);
    if (p == end) return nullptr;
    if (*p == '=') p = whole_value(p + 1, range.value);
    if (p == nullptr) return nullptr;
  }
}

/// From behind "=" on; gives the place after the value, or null if the input ends first.
const char* Tokenizer::whole_value(const char* p, Range& value) const {
  const char* const token = in_.data() + token_;
  p = scan::skip_spaces(p, stop());
  if (p == stop()) return nullptr;
  if (*p == '>') return p;
  const bool quoted = *p == '"' || *p == '\'';
  const char* begin = quoted ? p + 1 : p;
  const char* end =
      quoted ? scan::find_byte(begin, stop(), *p) : scan::find_class(p, stop(), scan::kEndsUnquoted);
  if (end == stop()) return nullptr;
  value = {static_cast<std::uint32_t>(begin - token), static_cast<std::uint32_t>(end - token)};
  return quoted ? end + 1 : end;
}

}  // namespace portvakt::html
