// A real redis-server for a test: in a folder of its own, on a Unix socket and a free TCP port, with an
// append-only file. Can be killed, its file shortened as a loss of power would, and started again.
#pragma once

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proxy/logs/redis/redis_client.h"
#include "proxy/logs/redis/redis_command.h"
#include "tests/logs/scratch_folder.h"

namespace portvakt::logs {

class RedisProcess {
 public:
  /// `more` are further words of its command line.
  explicit RedisProcess(std::string password = "", std::vector<std::string> more = {})
      : password_(std::move(password)), more_(std::move(more)), port_(free_port()) {
    start();
  }
  ~RedisProcess() { kill(); }
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  RedisUrl unix_url() const {
    RedisUrl url;
    url.socket_path = (folder_.path() / "redis.sock").string();
    url.password = password_;
    return url;
  }
  RedisUrl tcp_url() const {
    RedisUrl url;
    url.host = "127.0.0.1";
    url.port = port_;
    url.password = password_;
    return url;
  }

  std::uint16_t port() const { return port_; }

  void start() {
    process_ = ::fork();
    if (process_ == 0) {
      const int null = ::open("/dev/null", O_RDWR);
      ::dup2(null, 1);
      ::dup2(null, 2);
      const std::string port = std::to_string(port_), folder = folder_.path().string();
      std::vector<std::string> words = {
          "redis-server", "--port",           port,         "--bind",
          "127.0.0.1",    "--unixsocket",     "redis.sock", "--dir",
          folder,         "--appendonly",     "yes",        "--appendfsync",
          "everysec",     "--save",           "",           "--enable-debug-command",
          "yes",          "--rdbcompression", "no"};  // so that its files can be searched
      if (!password_.empty()) words.insert(words.end(), {"--requirepass", password_});
      words.insert(words.end(), more_.begin(), more_.end());
      std::vector<char*> arguments;
      for (auto& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      ::execvp("redis-server", arguments.data());
      ::_exit(127);
    }
    for (int i = 0; i < 10000 && ask({"PING"}).text != "PONG"; ++i) ::poll(nullptr, 0, 5);
  }

  /// As kill -9 does.
  void kill() {
    if (process_ <= 0) return;
    client_.disconnect();
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  /// It stands still, connections and all, as if its machine had: or goes on.
  void freeze() const { ::kill(process_, SIGSTOP); }
  void thaw() const { ::kill(process_, SIGCONT); }

  /// While it is down: the end of the append-only file never reached the disk.
  void lose_tail(std::uintmax_t bytes) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / "appendonlydir")) {
      if (entry.path().string().find(".incr.aof") == std::string::npos) continue;
      const auto size = entry.file_size();
      std::filesystem::resize_file(entry.path(), size > bytes ? size - bytes : 0);
    }
  }

  /// Whether any of its files holds the text.
  bool files_hold(const std::string& text) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

  RedisReply ask(std::initializer_list<std::string_view> words) {
    std::string command;
    append_command(command, words);
    return send(command);
  }
  /// One command, written already; once more where a failover has closed our connection.
  RedisReply send(const std::string& command) {
    for (int tries = 0; tries < 2; ++tries) {
      if (!client_.connected()) client_.connect();
      auto replies = client_.exchange(command, 1);
      if (replies) return std::move(replies->front());
    }
    return {};
  }

  using Entry = std::map<std::string, std::string>;
  /// All entries of a stream.
  std::vector<Entry> entries(const std::string& stream) {
    std::vector<Entry> all;
    std::string from = "-";
    while (true) {
      const RedisReply reply = ask({"XRANGE", stream, from, "+", "COUNT", "2000"});
      for (const auto& entry : reply.items) {
        const auto& fields = entry.items[1].items;
        Entry one;
        for (std::size_t i = 0; i + 1 < fields.size(); i += 2) one[fields[i].text] = fields[i + 1].text;
        all.push_back(one);
        from = "(" + entry.items[0].text;
      }
      if (reply.items.size() < 2000) return all;
    }
  }
  std::int64_t length(const std::string& stream) { return ask({"XLEN", stream}).integer; }

  static std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }

 private:
  ScratchFolder folder_;
  std::string password_;
  std::vector<std::string> more_;
  std::uint16_t port_;
  pid_t process_ = 0;
  StopSignal stop_;
  RedisClient client_{unix_url(), {std::chrono::seconds{5}, std::chrono::seconds{30}}, stop_};
};

}  // namespace portvakt::logs
