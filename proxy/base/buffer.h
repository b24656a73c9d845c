// A growing run of bytes with a cheap front: append at the back, consume from the front. Contiguous, so that
// a parser sees one view. Owned by one thread. Views are good until the next append.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

namespace portvakt {

class Buffer {
 public:
  std::string_view view() const { return std::string_view(bytes_).substr(front_); }
  std::size_t size() const { return bytes_.size() - front_; }
  bool empty() const { return front_ == bytes_.size(); }

  void append(std::string_view bytes) {
    make_room(bytes.size());
    bytes_.append(bytes);
  }

  /// `count` (at most size()) bytes are done with. Memory is kept for reuse up to kKeep, then given back.
  void consume(std::size_t count) {
    front_ += count;
    if (front_ < bytes_.size()) return;
    bytes_.clear();
    front_ = 0;
    if (bytes_.capacity() > kKeep) std::string().swap(bytes_);
  }

  void clear() { consume(size()); }

  /// Gives back all memory: for connections that go idle.
  void release() {
    if (empty()) std::string().swap(bytes_), front_ = 0;
  }

 private:
  static constexpr std::size_t kKeep = 64 * 1024;

  void make_room(std::size_t more) {
    if (front_ == 0 || bytes_.size() + more <= bytes_.capacity()) return;
    bytes_.erase(0, front_);
    front_ = 0;
  }

  std::string bytes_;
  std::size_t front_ = 0;
};

}  // namespace portvakt
