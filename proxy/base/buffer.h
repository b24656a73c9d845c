// A growing run of bytes with a cheap front: append at the back, consume from the front. Contiguous, so that
// a parser sees one view. Owned by one thread. Views are good until the next append.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace portvakt {

class Buffer {
 public:
  std::string_view view() const { return {bytes_.get() + front_, size()}; }
  std::size_t size() const { return end_ - front_; }
  bool empty() const { return front_ == end_; }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    if (room_ - end_ < bytes.size()) make_room(bytes.size());
    std::memcpy(bytes_.get() + end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }

  /// `count` (at most size()) bytes are done with. Memory is kept for reuse up to kKeep, then given back.
  void consume(std::size_t count) {
    front_ += count;
    if (front_ < end_) return;
    front_ = end_ = 0;
    if (room_ > kKeep) release();
  }

  void clear() { consume(size()); }

  /// Gives back all memory: for connections that go idle.
  void release() {
    if (!empty()) return;
    bytes_.reset();
    front_ = end_ = room_ = 0;
  }

 private:
  static constexpr std::size_t kKeep = 64 * 1024;
  static constexpr std::size_t kSmallest = 512;

  /// Room for `more` bytes behind the end: by moving what is left to the front, else by growing.
  void make_room(std::size_t more) {
    const std::size_t held = size();
    if (held + more <= room_) {
      std::memmove(bytes_.get(), bytes_.get() + front_, held);
    } else {
      const std::size_t room = std::max({kSmallest, held + more, 2 * room_});
      auto grown = std::make_unique_for_overwrite<char[]>(room);
      if (held > 0) std::memcpy(grown.get(), bytes_.get() + front_, held);
      bytes_ = std::move(grown);
      room_ = room;
    }
    front_ = 0;
    end_ = held;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t front_ = 0;
  std::size_t end_ = 0;
  std::size_t room_ = 0;
};

}  // namespace portvakt
