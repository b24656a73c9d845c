#include "proxy/net/proxy_gate.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace portvakt::net {

class ProxyGates::Gate {
 public:
  Gate(ProxyGates& gates, FileDescriptor fd, const IpAddress& peer, std::chrono::milliseconds limit,
       OnOpen on_open)
      : gates_(gates),
        peer_(peer),
        on_open_(std::move(on_open)),
        fd_(std::move(fd)),
        timer_(gates.loop_, [this] { close(gates_.counters_.late); }),
        leave_(gates.loop_, [this] { leave(); }),
        readiness_(std::make_unique<Readiness>(gates.loop_, fd_.get(), Readiness::Mode::Edge,
                                               [this](bool, bool) { look(); })) {
    timer_.start(limit);
  }

 private:
  void look() {
    if (decided_) return;
    std::array<char, kMaxProxyHeader> bytes;
    const auto count = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_PEEK);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (count <= 0) return close(gates_.counters_.malformed);
    const auto parsed = parse_proxy_header({bytes.data(), static_cast<std::size_t>(count)});
    if (!parsed) return close(gates_.counters_.malformed);
    if (!*parsed) return;
    header_ = **parsed;
    const auto taken = ::recv(fd_.get(), bytes.data(), header_.size, 0);
    if (taken != static_cast<ssize_t>(header_.size)) return close(gates_.counters_.malformed);
    open_ = true;
    decide();
  }

  void close(Counter& reason) {
    if (decided_) return;
    reason.add();
    decide();
  }

  /// What follows comes at the turn's end: this may be a callback of what has to go.
  void decide() {
    decided_ = true;
    timer_.cancel();
    leave_.schedule();
  }

  void leave() {
    readiness_.reset();  // before somebody else watches the descriptor
    if (open_) on_open_(std::move(fd_), client());
    gates_.forget(*this);
  }

  IpAddress client() const {
    if (header_.speaker == ProxyHeader::Speaker::Client) return header_.client;
    return header_.speaker == ProxyHeader::Speaker::Itself ? peer_ : IpAddress();
  }

  ProxyGates& gates_;
  const IpAddress peer_;
  OnOpen on_open_;
  FileDescriptor fd_;
  ProxyHeader header_;
  bool decided_ = false;
  bool open_ = false;
  Timer timer_;
  TurnEndTask leave_;
  std::unique_ptr<Readiness> readiness_;
};

ProxyGates::ProxyGates(EventLoop& loop) : loop_(loop) {}
ProxyGates::~ProxyGates() = default;

void ProxyGates::await_header(FileDescriptor fd, const IpAddress& peer, std::chrono::milliseconds limit,
                              OnOpen on_open) {
  auto gate = std::make_unique<Gate>(*this, std::move(fd), peer, limit, std::move(on_open));
  auto* const key = gate.get();
  waiting_.emplace(key, std::move(gate));
}

void ProxyGates::clear() {
  waiting_.clear();
}

void ProxyGates::forget(Gate& gate) {
  const auto found = waiting_.find(&gate);
  if (found == waiting_.end()) return;
  loop_.delete_later(std::move(found->second));
  waiting_.erase(found);
}

}  // namespace portvakt::net
