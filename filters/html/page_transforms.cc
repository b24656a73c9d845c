#include "filters/html/page_transforms.h"

#include "filters/html/charset.h"

namespace portvakt::html {

void DecodeTransform::write(std::string_view bytes) {
  if (failed_) return;
  const auto decoded = inflater_.write(bytes, [this](std::string_view piece) { next().write(piece); });
  if (decoded) return;
  failed_ = true;
  next().abort(decoded.error());
}

void DecodeTransform::end(const http::HeaderMap& trailers) {
  if (failed_) return;
  if (const auto whole = inflater_.end(); !whole) {
    next().abort(whole.error());
  } else {
    next().end(trailers);
  }
}

namespace {

/// A byte order mark overrules a label that names a readable charset; without a label the page's opening
/// decides.
constexpr std::size_t kMarkBytes = 3;

std::size_t opening_size(std::string_view charset) {
  return charset_from_label(charset) == CharsetVerdict::Readable ? kMarkBytes : kCharsetSniffBytes;
}

}  // namespace

RewriteTransform::RewriteTransform(std::unique_ptr<ElementHandler> handler, Insertions insertions,
                                   std::string charset)
    : handler_(std::move(handler)),
      charset_(std::move(charset)),
      opening_size_(opening_size(charset_)),
      output_(*this),
      rewriter_(*handler_, std::move(insertions), output_) {}

void RewriteTransform::fail(const Error& error) {
  failed_ = true;
  next().abort(error);
}

/// Judges what has come of the page, then lets it through.
bool RewriteTransform::open_page() {
  opened_ = true;
  if (sniff_charset(charset_, opening_) == CharsetVerdict::Refuse) {
    fail({ErrorKind::Unsupported, ErrorSide::Upstream, "a page in a charset that cannot be read safely"});
    return false;
  }
  if (const auto written = rewriter_.write(opening_); !written) fail(written.error());
  opening_ = std::string();
  return !failed_;
}

void RewriteTransform::write(std::string_view bytes) {
  if (failed_) return;
  if (!opened_) {
    opening_.append(bytes);
    if (opening_.size() >= opening_size_) open_page();
    return;
  }
  if (const auto written = rewriter_.write(bytes); !written) fail(written.error());
}

void RewriteTransform::end(const http::HeaderMap& trailers) {
  if (failed_ || (!opened_ && !open_page())) return;
  if (const auto ended = rewriter_.end(); !ended) {
    fail(ended.error());
  } else {
    next().end(trailers);
  }
}

void EncodeTransform::write(std::string_view bytes) {
  pending_ = true;
  deflater_.write(bytes, [this](std::string_view piece) { next().write(piece); });
}

void EncodeTransform::end(const http::HeaderMap& trailers) {
  deflater_.end([this](std::string_view piece) { next().write(piece); });
  next().end(trailers);
}

void EncodeTransform::flush() {
  if (pending_) deflater_.flush([this](std::string_view piece) { next().write(piece); });
  pending_ = false;
  BodyTransform::flush();
}

}  // namespace portvakt::html
