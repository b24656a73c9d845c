#include "proxy/net/stream_pump.h"

#include <array>

namespace portvakt::net {
namespace {

constexpr std::size_t kReadSize = 32 * 1024;
// After this many reads others get their turn.
constexpr int kReadsPerTurn = 8;

}  // namespace

StreamPump::StreamPump(EventLoop& loop, std::unique_ptr<Transport> transport, Buffer& output,
                       PumpEvents& events)
    : transport_(std::move(transport)),
      output_(&output),
      events_(events),
      flush_(loop, [this] { flush(); }),
      again_(loop, [this] { read_some(); }) {
  transport_->set_on_ready([this] { on_ready(); });
}

void StreamPump::on_ready() {
  readable_ = true;
  if (!closed_ && !output_->empty()) flush();
  if (!closed_) read_some();
}

/// Gives input to the owner; false when it left some of it or reading must stop.
bool StreamPump::take_in(std::string_view bytes) {
  if (input_.empty()) {
    const std::size_t used = events_.on_bytes(bytes);
    if (closed_) return false;
    input_.append(bytes.substr(used));
  } else {
    input_.append(bytes);
    const std::size_t used = events_.on_bytes(input_.view());
    if (closed_) return false;
    input_.consume(used);
  }
  return true;
}

void StreamPump::read_some() {
  if (reading_ || closed_ || peer_ended_) return;
  reading_ = true;
  std::array<char, kReadSize> scratch;
  int reads = 0;
  while (readable_ && paused_ == 0 && !closed_ && !peer_ended_) {
    if (++reads > kReadsPerTurn) {
      again_.start(std::chrono::milliseconds(0));
      break;
    }
    const auto result = transport_->read(scratch.data(), scratch.size());
    if (result.state == IoState::Moved) {
      if (result.drained) readable_ = false;
      if (!take_in({scratch.data(), result.bytes})) break;
    } else if (result.state == IoState::Failed || writing_failed_) {
      fail();
    } else if (result.state == IoState::Blocked) {
      readable_ = false;
    } else {
      peer_ended_ = true;
      events_.on_peer_end();
    }
  }
  reading_ = false;
}

void StreamPump::resume(Pause reason) {
  if ((paused_ & reason) == 0) return;
  paused_ = static_cast<std::uint8_t>(paused_ & ~reason);
  // From a fresh turn: the caller may be inside a callback of this very pump.
  if (paused_ == 0 && !closed_) again_.start(std::chrono::milliseconds(0));
}

void StreamPump::offer() {
  if (closed_ || input_.empty()) return;
  const std::size_t used = events_.on_bytes(input_.view());
  if (!closed_) input_.consume(used);
}

void StreamPump::flush() {
  bool wrote = false;
  if (writing_failed_ || closed_) return;
  events_.before_write();
  while (!closed_ && !output_->empty()) {
    const auto result = transport_->write(output_->view());
    if (result.state == IoState::Moved) {
      output_->consume(result.bytes);
      bytes_written_ += result.bytes;
      wrote = true;
    } else if (result.state == IoState::Blocked) {
      break;
    } else {
      hear_last_words();
      return;
    }
  }
  if (closed_) return;
  if (wrote) events_.on_written();
  if (!closed_ && shut_when_flushed_ && output_->empty()) {
    shut_when_flushed_ = false;
    transport_->shutdown_write();
  }
}

/// The peer takes no more. What it said before it went is still to be heard: an upstream that refuses an
/// upload answers and closes, and its answer may lie in our socket when a write fails.
void StreamPump::hear_last_words() {
  writing_failed_ = true;
  read_some();
  if (!closed_ && (paused_ != 0 || peer_ended_ || !readable_)) fail();
}

void StreamPump::shutdown_when_flushed() {
  if (shut_) return;
  shut_ = shut_when_flushed_ = true;
  flush_soon();
}

void StreamPump::fail() {
  if (closed_) return;
  closed_ = true;
  events_.on_broken();
}

void StreamPump::close(bool cut_short) {
  if (closed_) return;
  closed_ = true;
  if (cut_short) transport_->reset_on_close();
  again_.cancel();
}

bool StreamPump::quiet() {
  char byte = 0;
  return !closed_ && !peer_ended_ && input_.empty() && transport_->read(&byte, 1).state == IoState::Blocked;
}

}  // namespace portvakt::net
