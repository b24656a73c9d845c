#include "proxy/logs/redis/redis_connection.h"

#include "proxy/base/ascii.h"
#include "proxy/logs/redis/redis_command.h"

namespace portvakt::logs {
namespace {

using Done = tl::expected<void, RedisFault>;

/// ROLE of a master: its name, its offset, and for each replica address, port and offset as texts.
RedisRole read_role(const RedisReply& reply) {
  RedisRole role{true, true, 0, {}};
  role.master = !reply.items.empty() && reply.items[0].text == "master";
  if (!role.master || reply.items.size() < 3) return role;
  role.offset = reply.items[1].integer;
  for (const RedisReply& replica : reply.items[2].items) {
    const bool whole = replica.items.size() >= 3;
    const auto offset = whole ? ascii::parse_uint(replica.items[2].text) : std::nullopt;
    role.replicas.push_back(static_cast<std::int64_t>(offset.value_or(0)));
  }
  return role;
}

}  // namespace

RedisConnection::RedisConnection(RedisUrl url, RedisTimeouts timeouts, const StopSignal& stop)
    : url_(std::move(url)), socket_(url_, timeouts, stop) {}

void RedisConnection::disconnect() {
  socket_.close();
  reader_.reset();
}

Done RedisConnection::open() {
  disconnect();
  Done done = socket_.open();
  if (done)
    reader_.emplace();
  else
    disconnect();
  return done;
}

Done RedisConnection::connect() {
  Done done = open();
  if (done) done = sign_in();
  if (!done) disconnect();
  return done;
}

Done RedisConnection::sign_in() {
  std::string commands;
  std::size_t count = 0;
  if (!url_.password.empty()) {
    if (url_.user.empty()) {
      append_command(commands, {"AUTH", url_.password});
    } else {
      append_command(commands, {"AUTH", url_.user, url_.password});
    }
    ++count;
  }
  if (url_.database != 0) {
    append_command(commands, {"SELECT", std::to_string(url_.database)});
    ++count;
  }
  if (count == 0) return {};
  const auto replies = exchange(commands, count);
  if (!replies) return tl::unexpected(replies.error());
  for (const RedisReply& reply : *replies) {
    if (reply.is_error()) return tl::unexpected(reply.fault());
  }
  return {};
}

Done RedisConnection::collect(std::vector<RedisReply>& replies, std::size_t wanted) {
  while (replies.size() < wanted) {
    auto reply = reader_->next();
    if (!reply) return tl::unexpected(reply.error());
    if (!*reply) return {};
    replies.push_back(std::move(**reply));
  }
  return {};
}

RedisReplies RedisConnection::run(std::string_view commands, std::size_t wanted) {
  std::vector<RedisReply> replies;
  replies.reserve(wanted);
  while (replies.size() < wanted) {
    const auto sent = socket_.send_some(commands);
    if (!sent) return tl::unexpected(sent.error());
    const auto received = socket_.receive_some(*reader_);
    if (!received) return tl::unexpected(received.error());
    if (*received) {
      if (auto collected = collect(replies, wanted); !collected) return tl::unexpected(collected.error());
    }
    if (*sent || *received) continue;
    if (auto ready = socket_.wait(!commands.empty()); !ready) return tl::unexpected(ready.error());
  }
  return replies;
}

RedisReplies RedisConnection::exchange(std::string_view commands, std::size_t replies) {
  if (!connected()) return tl::unexpected(RedisFault::Closed);
  auto result = run(commands, replies);
  if (!result) disconnect();
  return result;
}

tl::expected<RedisReply, RedisFault> RedisConnection::ask(std::initializer_list<std::string_view> words) {
  std::string command;
  append_command(command, words);
  auto replies = exchange(command, 1);
  if (!replies) return tl::unexpected(replies.error());
  if (replies->front().is_error()) return tl::unexpected(replies->front().fault());
  return std::move(replies->front());
}

tl::expected<RedisRole, RedisFault> RedisConnection::role() {
  const auto reply = ask({"ROLE"});
  if (reply) return read_role(*reply);
  // An access list of before, or a proxy that knows no ROLE: any answer is a sign of life.
  if (!connected()) return tl::unexpected(reply.error());
  if (const auto pong = ask({"PING"}); !pong) return tl::unexpected(pong.error());
  return RedisRole();
}

}  // namespace portvakt::logs
