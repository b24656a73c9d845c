#include "proxy/logs/redis/redis_cluster.h"

#include <algorithm>

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

using Done = tl::expected<void, RedisFault>;

constexpr std::size_t kMostNodes = 1000;

bool same(const HostPort& a, const HostPort& b) {
  return a.host == b.host && a.port == b.port;
}

/// The place in `ASK 3999 127.0.0.1:6381`; empty if there is none.
std::optional<HostPort> place_in(const RedisReply& error) {
  const std::size_t space = error.text.rfind(' ');
  if (space == std::string::npos) return std::nullopt;
  // The last colon ends the host, which may be an IPv6 address without brackets.
  const std::string_view text = std::string_view(error.text).substr(space + 1);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = ascii::parse_uint(text.substr(colon + 1));
  if (!port || *port == 0 || *port > 0xFFFF) return std::nullopt;
  return HostPort{std::string(text.substr(0, colon)), static_cast<std::uint16_t>(*port)};
}

/// What opens and closes a transaction goes where its commands go.
void join_transactions(std::vector<CommandSpan>& spans) {
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].part == CommandSpan::Part::Closes) spans[i].key = spans[i - 1].key;
    if (spans[i - 1].part == CommandSpan::Part::Opens) spans[i - 1].key = spans[i].key;
  }
}

}  // namespace

ClusterLink::ClusterLink(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop)
    : url_(std::move(url)), timeouts_(timeouts), stop_(stop) {
  for (const HostPort& place : url_.hosts()) node_at(place);
}

std::size_t ClusterLink::node_at(const HostPort& place) {
  const auto known = std::ranges::find_if(nodes_, [&](const Node& node) { return same(node.place, place); });
  if (known != nodes_.end()) return static_cast<std::size_t>(known - nodes_.begin());
  Node node;
  node.place = place;
  node.connection = std::make_unique<RedisConnection>(url_.at(place), timeouts_, stop_);
  nodes_.push_back(std::move(node));
  return nodes_.size() - 1;
}

void ClusterLink::disconnect() {
  for (Node& node : nodes_) node.connection->disconnect();
  mapped_ = false;
}

Done ClusterLink::connect_node(Node& node) {
  if (node.connection->connected()) return {};
  return node.connection->connect();
}

/// CLUSTER SLOTS: first slot, last slot, then its master and its replicas as host, port and more. An empty
/// host is the one that was asked.
bool ClusterLink::read_map(const RedisReply& reply, const HostPort& asked) {
  owner_.fill(0);
  for (Node& node : nodes_) node.master = false;
  for (const RedisReply& range : reply.items) {
    if (range.items.size() < 3 || range.items[2].items.size() < 2) return false;
    const std::int64_t first = range.items[0].integer, last = range.items[1].integer;
    const std::int64_t port = range.items[2].items[1].integer;
    const bool sane =
        first >= 0 && first <= last && last < std::int64_t{kClusterSlots} && port > 0 && port <= 0xFFFF;
    if (!sane || nodes_.size() > kMostNodes) return false;
    const std::string& host = range.items[2].items[0].text;
    const std::size_t index = node_at({host.empty() ? asked.host : host, static_cast<std::uint16_t>(port)});
    nodes_[index].master = true;
    for (std::int64_t slot = first; slot <= last; ++slot)
      owner_[static_cast<std::size_t>(slot)] = static_cast<std::uint16_t>(index + 1);
  }
  return !reply.items.empty();
}

Done ClusterLink::learn_from(std::size_t index) {
  if (auto connected = connect_node(nodes_[index]); !connected) return connected;
  const auto reply = nodes_[index].connection->ask({"CLUSTER", "SLOTS"});
  if (!reply) return tl::unexpected(reply.error());
  const HostPort asked = nodes_[index].place;  // the list of nodes may grow
  if (!read_map(*reply, asked)) return tl::unexpected(RedisFault::ClusterDown);
  return {};
}

Done ClusterLink::connect() {
  disconnect();
  RedisFault fault = RedisFault::Unreachable;
  for (std::size_t i = 0, known = nodes_.size(); i < known; ++i) {
    const std::size_t index = (first_ + i) % known;
    const Done learned = learn_from(index);
    mapped_ = learned.has_value();
    if (mapped_) first_ = index;
    if (mapped_) break;
    if (learned.error() == RedisFault::Stopped) return learned;
    if (fault == RedisFault::Unreachable) fault = learned.error();
  }
  if (!mapped_) return tl::unexpected(fault);
  for (Node& node : nodes_) {
    if (!node.master) continue;
    if (auto connected = connect_node(node); !connected) {
      disconnect();
      return connected;
    }
  }
  return {};
}

/// Lays each command ready for the node that its key belongs to; one without a key for every master.
Done ClusterLink::distribute(std::string_view commands, std::vector<CommandSpan>& spans) {
  for (Node& node : nodes_) {
    node.commands.clear();
    node.asked.clear();
  }
  while (const auto span = take_command(commands)) spans.push_back(*span);
  join_transactions(spans);
  for (std::size_t place = 0; place < spans.size(); ++place) {
    const CommandSpan& span = spans[place];
    const std::size_t owner = span.key.empty() ? 0 : owner_[slot_of(span.key)];
    if (!span.key.empty() && owner == 0) return tl::unexpected(RedisFault::ClusterDown);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (span.key.empty() ? !nodes_[i].master : i + 1 != owner) continue;
      nodes_[i].commands += span.bytes;
      nodes_[i].asked.push_back(place);
    }
  }
  return {};
}

/// Of answers to one command, an error wins.
Done ClusterLink::collect(Node& node, std::vector<RedisReply>& replies) {
  if (node.asked.empty()) return {};
  if (auto connected = connect_node(node); !connected) return connected;
  auto answers = node.connection->exchange(node.commands, node.asked.size());
  if (!answers) return tl::unexpected(answers.error());
  for (std::size_t i = 0; i < node.asked.size(); ++i) {
    RedisReply& reply = replies[node.asked[i]];
    if (!reply.is_error()) reply = std::move((*answers)[i]);
  }
  return {};
}

/// Commands whose slot is being moved and whose keys are there already go to the new place, once, with
/// ASKING.
Done ClusterLink::follow(const std::vector<CommandSpan>& spans, std::vector<RedisReply>& replies) {
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (!replies[i].is_error() || replies[i].fault() != RedisFault::Asked) continue;
    const auto place = place_in(replies[i]);
    if (!place) continue;
    Node& node = nodes_[node_at(*place)];
    if (auto connected = connect_node(node); !connected) return connected;
    std::string commands;
    append_command(commands, {"ASKING"});
    commands += spans[i].bytes;
    auto answers = node.connection->exchange(commands, 2);
    if (!answers) return tl::unexpected(answers.error());
    replies[i] = std::move((*answers)[1]);
  }
  return {};
}

RedisReplies ClusterLink::exchange(std::string_view commands, std::size_t count) {
  if (!mapped_) return tl::unexpected(RedisFault::Closed);
  std::vector<CommandSpan> spans;
  std::vector<RedisReply> replies(count);
  Done done = distribute(commands, spans);
  if (done && spans.size() != count) done = tl::unexpected(RedisFault::Protocol);
  for (std::size_t i = 0; done && i < nodes_.size(); ++i) done = collect(nodes_[i], replies);
  if (done) done = follow(spans, replies);
  if (!done) {
    disconnect();
    return tl::unexpected(done.error());
  }
  const bool moved = std::ranges::any_of(replies, [](const RedisReply& reply) {
    return reply.is_error() && reply.fault() == RedisFault::Moved;
  });
  if (moved) mapped_ = false;
  return replies;
}

RedisStandings ClusterLink::look() {
  if (!mapped_) return tl::unexpected(RedisFault::Closed);
  std::vector<RedisStanding> standings;
  for (Node& node : nodes_) {
    if (!node.master) continue;
    auto role = node.connection->role();
    const RedisFault fault = role ? RedisFault::Moved : role.error();
    if (!role || !role->master) {
      disconnect();
      return tl::unexpected(fault);
    }
    standings.push_back({node.connection->url().place(), std::move(*role)});
  }
  return standings;
}

}  // namespace portvakt::logs
