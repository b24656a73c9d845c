#include "filters/html/insertion_points.h"

#include "filters/html/scan.h"

namespace portvakt::html {
namespace {

constexpr TagSet kHeadContent = {Tag::Base,     Tag::Basefont, Tag::Bgsound,  Tag::Link,  Tag::Meta,
                                 Tag::Noframes, Tag::Script,   Tag::Noscript, Tag::Style, Tag::Title,
                                 Tag::Template, Tag::Head,     Tag::Html};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

InsertionPoints::Openings InsertionPoints::on_start_tag(Tag tag) {
  mark_bytes_ = kPastMark;
  Openings openings;
  document_ = document_ || tag == Tag::Html || tag == Tag::Head || tag == Tag::Body || tag == Tag::Frameset;
  if (stage_ == Stage::Done || tag == Tag::Html) return openings;
  openings.head_before = stage_ == Stage::BeforeHead && tag != Tag::Head;
  openings.head_after = stage_ == Stage::BeforeHead && tag == Tag::Head;
  stage_ = Stage::Head;
  if (kHeadContent.contains(tag)) return openings;
  stage_ = Stage::Done;
  openings.body_after = tag == Tag::Body;
  openings.body_before = tag != Tag::Body && tag != Tag::Frameset;
  return openings;
}

/// Only these end tags open what is missing; a browser drops all others before the body.
InsertionPoints::Openings InsertionPoints::on_end_tag(Tag tag) {
  mark_bytes_ = kPastMark;
  if (tag == Tag::Body || tag == Tag::Html || tag == Tag::Br) return open_body();
  Openings openings;
  openings.head_before = stage_ == Stage::BeforeHead && tag == Tag::Head;
  if (openings.head_before) stage_ = Stage::Head;
  return openings;
}

InsertionPoints::Openings InsertionPoints::open_body() {
  Openings openings;
  openings.head_before = stage_ == Stage::BeforeHead;
  openings.body_before = stage_ != Stage::Done;
  stage_ = Stage::Done;
  return openings;
}

InsertionPoints::Openings InsertionPoints::on_end() {
  return document_ ? open_body() : Openings{};
}

std::size_t InsertionPoints::neutral_prefix(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && mark_bytes_ < kByteOrderMark.size() && text[n] == kByteOrderMark[mark_bytes_]) {
    ++n;
    ++mark_bytes_;
  }
  if (n < text.size()) mark_bytes_ = kPastMark;
  while (n < text.size() && scan::is_space(text[n])) ++n;
  return n;
}

}  // namespace portvakt::html
