// Moves bytes between one transport and its owner's protocol: reads when the owner may take more, writes what
// the owner has queued, once per turn. Knows no protocol. An idle connection holds no buffer. Lives on its
// worker's loop; the owner destroys it through EventLoop::delete_later when inside a callback of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "proxy/base/buffer.h"
#include "proxy/net/event_loop.h"
#include "proxy/net/transport.h"

namespace portvakt::net {

class PumpEvents {
 public:
  virtual ~PumpEvents() = default;
  /// How many of the bytes were used; the rest is given again with more behind it, or on StreamPump::offer().
  virtual std::size_t on_bytes(std::string_view bytes) = 0;
  /// The peer sends no more. Nothing is read after this.
  virtual void on_peer_end() = 0;
  /// The connection is broken. Nothing is called after this.
  virtual void on_broken() = 0;
  /// What is queued is about to be written: a protocol that frames late adds its frames now.
  virtual void before_write() {}
  /// Some output was written.
  virtual void on_written() = 0;
};

class StreamPump {
 public:
  /// Why reading pauses; it goes on when the last reason is gone.
  enum Pause : std::uint8_t { BackPressure = 1, MessageDone = 2, Collecting = 4 };

  /// `output` belongs to the owner's codec and outlives the pump or is replaced, as does `events`.
  StreamPump(EventLoop& loop, std::unique_ptr<Transport> transport, Buffer& output, PumpEvents& events);

  /// Another codec has taken over.
  void use_output(Buffer& output) { output_ = &output; }
  /// What was agreed on while shaking hands: known when the first bytes have come.
  std::string_view protocol() const { return transport_->protocol(); }
  void pause(Pause reason) { paused_ |= reason; }
  void resume(Pause reason);
  /// Gives the owner again what it left unused.
  void offer();
  /// Output was queued: it is written when this turn ends.
  void flush_soon() { flush_.schedule(); }
  /// Writes what is queued, then says that no more will come. Once.
  void shutdown_when_flushed();
  /// Stops at once; `cut_short`: the peer must see that something is missing.
  void close(bool cut_short);

  /// Since the connection began: who writes to a slow peer asks how slow it is.
  std::uint64_t bytes_written() const { return bytes_written_; }
  bool closed() const { return closed_; }
  bool flushed() const { return output_->empty(); }
  /// Bytes have been read that the owner has not used.
  bool has_unused_input() const { return !input_.empty(); }
  /// Bytes to be written, and read but not used.
  std::size_t held() const { return output_->size() + input_.size(); }
  bool peer_ended() const { return peer_ended_; }
  /// See Transport.
  bool may_carry(std::string_view authority) const { return transport_->may_carry(authority); }
  std::string fault() const { return transport_->fault(); }
  /// True if the peer has neither closed nor sent anything: asks the socket now. For pooled connections.
  bool quiet();

 private:
  void on_ready();
  void read_some();
  bool take_in(std::string_view bytes);
  void flush();
  void hear_last_words();
  void fail();

  std::unique_ptr<Transport> transport_;
  Buffer* output_;
  PumpEvents& events_;
  Buffer input_;
  TurnEndTask flush_;
  Timer again_;
  std::uint64_t bytes_written_ = 0;
  std::uint8_t paused_ = 0;
  bool readable_ = true;
  bool reading_ = false;
  bool peer_ended_ = false;
  bool writing_failed_ = false;
  bool shut_ = false;
  bool shut_when_flushed_ = false;
  bool closed_ = false;
};

}  // namespace portvakt::net
