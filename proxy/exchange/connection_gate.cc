#include "proxy/exchange/connection_gate.h"

#include "proxy/base/log.h"

namespace portvakt::exchange {
namespace {

// From seven eighths on, each new connection takes the place of an idle one, so that a worker without idle
// ones still finds room.
constexpr std::uint64_t kNearlyFull = 8;
constexpr int kFreedWhenExhausted = 32;
constexpr std::chrono::seconds kQuiet{10};

}  // namespace

void ConnectionPlace::idle(PlaceHolder& holder) {
  if (gate_ == nullptr || holder_ != nullptr) return;
  holder_ = &holder;
  gate_->add_idle(*this);
}

void ConnectionPlace::busy() {
  if (gate_ == nullptr || holder_ == nullptr) return;
  holder_ = nullptr;
  gate_->remove_idle(*this);
}

void ConnectionPlace::leave() {
  if (gate_ == nullptr) return;
  busy();
  gate_->counts_.leave(network_);
  gate_ = nullptr;
}

ConnectionGate::~ConnectionGate() = default;

std::unique_ptr<ConnectionPlace> ConnectionGate::admit(const std::optional<IpAddress>& client,
                                                       const Limits& limits, SteadyTime now) {
  std::optional<ClientNetwork> network;
  if (client) network = ClientNetwork::of(*client);
  const auto most = limits.max_connections;
  const bool nearly_full = counts_.open() >= most - most / kNearlyFull;
  if (nearly_full) give_up_idle();
  switch (counts_.admit(network, most, limits.connections_per_network())) {
    case Admission::Admitted:
      return std::unique_ptr<ConnectionPlace>(new ConnectionPlace(*this, network));
    case Admission::Full:
      hits_.hit(Limit::Connections);
      tell("turning connections away: limits.max_connections are open", now);
      break;
    case Admission::NetworkFull:
      hits_.hit(Limit::ConnectionsPerNetwork);
      tell("turning connections away: one network has limits.max_connections_per_network open", now);
      break;
  }
  return nullptr;
}

void ConnectionGate::on_exhausted() {
  hits_.hit(Limit::Descriptors);
  for (int i = 0; i < kFreedWhenExhausted && give_up_idle(); ++i) {
  }
}

bool ConnectionGate::give_up_idle() {
  if (longest_ == nullptr) return false;
  PlaceHolder* const holder = longest_->holder_;
  longest_->leave();  // before the holder is told, so that it cannot be asked twice
  holder->give_up_place();
  return true;
}

void ConnectionGate::add_idle(ConnectionPlace& place) {
  place.longer_ = shortest_;
  place.shorter_ = nullptr;
  (shortest_ == nullptr ? longest_ : shortest_->shorter_) = &place;
  shortest_ = &place;
  ++idle_count_;
}

void ConnectionGate::remove_idle(ConnectionPlace& place) {
  (place.longer_ == nullptr ? longest_ : place.longer_->shorter_) = place.shorter_;
  (place.shorter_ == nullptr ? shortest_ : place.shorter_->longer_) = place.longer_;
  place.longer_ = place.shorter_ = nullptr;
  --idle_count_;
}

void ConnectionGate::tell(const char* text, SteadyTime now) {
  if (now < quiet_until_) return;
  quiet_until_ = now + kQuiet;
  log_warning(text);
}

}  // namespace portvakt::exchange
