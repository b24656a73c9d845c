// The stations of a page's way through Portvakt as body transforms: decode, rewrite, encode. One of each per
// response. After a fault nothing more passes and the response is cut short: an unfinished page is better
// than an unfiltered one.
#pragma once

#include <memory>
#include <string>

#include "filters/body_transform.h"
#include "filters/html/rewriter.h"
#include "proxy/http/content_coding.h"

namespace portvakt::html {

class DecodeTransform : public filters::BodyTransform {
 public:
  explicit DecodeTransform(http::Coding coding) : inflater_(coding) {}
  void write(std::string_view bytes) override;
  void end(const http::HeaderMap& trailers) override;
  void abort(const Error& error) override { next().abort(error); }
  std::size_t held() const override { return http::kInflaterBytes; }

 private:
  http::Inflater inflater_;
  bool failed_ = false;
};

/// Rewrites. A page whose bytes turn out not to be ASCII where it counts is refused before any of it has
/// passed.
class RewriteTransform : public filters::BodyTransform {
 public:
  /// `charset`: the label of Content-Type, empty if there is none.
  RewriteTransform(std::unique_ptr<ElementHandler> handler, Insertions insertions, std::string charset);
  void write(std::string_view bytes) override;
  void end(const http::HeaderMap& trailers) override;
  void abort(const Error& error) override { next().abort(error); }
  std::size_t held() const override { return opening_.size() + rewriter_.held(); }

 private:
  /// The rewriter's slices go straight to the next sink.
  class SliceOutput : public Output {
   public:
    explicit SliceOutput(RewriteTransform& transform) : transform_(transform) {}
    void write(std::string_view slice) override { transform_.next().write(slice); }

   private:
    RewriteTransform& transform_;
  };
  void fail(const Error& error);
  bool open_page();

  std::unique_ptr<ElementHandler> handler_;
  const std::string charset_;
  const std::size_t opening_size_;  // how many bytes the charset is judged by
  std::string opening_;
  bool opened_ = false;
  SliceOutput output_;
  Rewriter rewriter_;
  bool failed_ = false;
};

class EncodeTransform : public filters::BodyTransform {
 public:
  explicit EncodeTransform(http::Coding coding) : deflater_(coding) {}
  void write(std::string_view bytes) override;
  void end(const http::HeaderMap& trailers) override;
  void abort(const Error& error) override { next().abort(error); }
  void flush() override;
  std::size_t held() const override { return http::kDeflaterBytes; }

 private:
  http::Deflater deflater_;
  bool pending_ = false;
};

}  // namespace portvakt::html
