// The one place of back-pressure: body bytes go in from one side and out through the other side's codec,
// which takes what its peer has room for. What it does not take waits here. The source stops while the pipe
// is full and goes on when it has drained. Belongs to an exchange; the codec outlives it or the pipe is cut
// first.
#pragma once

#include <cstdint>
#include <string_view>

#include "proxy/http/codec.h"

namespace portvakt::http {

class BodyPipe {
 public:
  static constexpr std::size_t kFull = 64 * 1024;

  /// Where the bytes go, once the head was written. What was written before waits until then.
  void connect(Codec& codec, StreamId stream) {
    codec_ = &codec;
    stream_ = stream;
    drain();
  }
  /// They will go elsewhere. Only while nothing has left the pipe.
  void disconnect() { codec_ = nullptr; }
  bool connected() const { return codec_ != nullptr; }

  void write(std::string_view bytes) {
    passed_ += bytes.size();
    if (codec_ != nullptr && waiting_.empty()) bytes.remove_prefix(codec_->send_body(stream_, bytes));
    waiting_.append(bytes);
  }
  void end(HeaderMap&& trailers) {
    trailers_ = std::move(trailers);
    ending_ = true;
    finish_if_drained();
  }
  /// The codec has room again.
  void drain() {
    if (codec_ == nullptr) return;
    if (!waiting_.empty()) waiting_.consume(codec_->send_body(stream_, waiting_.view()));
    finish_if_drained();
  }

  bool empty() const { return waiting_.empty(); }
  std::size_t held() const { return waiting_.size(); }
  bool full() const { return waiting_.size() >= kFull; }
  /// Everything, end included, was handed to the codec.
  bool finished() const { return finished_; }
  /// Bytes written so far.
  std::uint64_t passed() const { return passed_; }

 private:
  void finish_if_drained() {
    if (codec_ == nullptr || !ending_ || finished_ || !waiting_.empty()) return;
    finished_ = true;
    codec_->send_end(stream_, trailers_);
  }

  Codec* codec_ = nullptr;
  StreamId stream_ = 0;
  Buffer waiting_;
  HeaderMap trailers_;
  std::uint64_t passed_ = 0;
  bool ending_ = false;
  bool finished_ = false;
};

}  // namespace portvakt::http
