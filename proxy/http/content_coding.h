// Streaming gzip and deflate, in and out (RFC 9110 section 8.4.1, RFC 1951, 1952). Bytes in, bytes out; no
// framing, no headers. Memory is the libraries' windows and states; output is handed over in pieces of at
// most kPiece bytes, so a decompression bomb is met by the receiver's bound and not by ours. Owned by one
// response.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "proxy/base/result.h"

namespace portvakt::http {

enum class Coding : std::uint8_t { Identity, Gzip, Deflate, Other };

/// Reads Content-Encoding: one coding or none; several, or an unknown one, are Other.
Coding parse_content_coding(std::string_view content_encoding);

/// What zlib allocates for one stream (zlib's zconf.h): a window of 32 KiB and its tables, and our piece.
inline constexpr std::size_t kInflaterBytes = 64 * 1024;
inline constexpr std::size_t kDeflaterBytes = 288 * 1024;

using ByteSink = std::function<void(std::string_view)>;

class Inflater {
 public:
  explicit Inflater(Coding coding);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Errors: Malformed, when the data is not of its coding. Concatenated gzip members are one body.
  Result<void> write(std::string_view bytes, const ByteSink& out);
  /// Errors: Closed, when the data stops before its end.
  Result<void> end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// At the fastest level: rewritten pages are compressed once for one visitor.
class Deflater {
 public:
  explicit Deflater(Coding coding);
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void write(std::string_view bytes, const ByteSink& out);
  /// Everything written so far can be decoded by the receiver.
  void flush(const ByteSink& out);
  void end(const ByteSink& out);

 private:
  enum class Mode : std::uint8_t { More, Flush, End };
  void run(std::string_view bytes, Mode mode, const ByteSink& out);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace portvakt::http
