#include "proxy/http_server/http_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "proxy/net/socket.h"
#include "tests/support/turns.h"

namespace portvakt::http_server {
namespace {

/// Sends `request` over a connection of its own, closes the sending side, and gives back all that came.
std::string ask(std::uint16_t port, std::string_view request) {
  const net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return "no connection";
  if (::send(fd.get(), request.data(), request.size(), 0) != static_cast<ssize_t>(request.size()))
    return "not sent";
  ::shutdown(fd.get(), SHUT_WR);
  std::string answer;
  std::array<char, 4096> chunk;
  for (ssize_t count; (count = ::recv(fd.get(), chunk.data(), chunk.size(), 0)) > 0;) {
    answer.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return answer;
}

std::string serve(std::string_view request, Handler handler) {
  net::EventLoop loop;
  auto fd = net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
  EXPECT_TRUE(fd);
  const auto port = net::local_port(*fd);
  HttpServer server(loop, std::move(*fd), std::move(handler));
  std::string answer;
  std::thread client([&] {
    answer = ask(port, request);
    loop.stop();
  });
  loop.run();
  client.join();
  return answer;
}

/// What a client gets that sends no more after its request.
std::string serve(std::string_view request, std::size_t body_size = 2) {
  return serve(request, [body_size](const Request& head) {
    return Answer{head.path() == "/" ? 200 : 404, "text/plain", std::string(body_size, 'x'), {}};
  });
}

TEST(HttpServer, AnswersAClientThatHasClosedItsSendingSide) {
  const auto answer = serve("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nxx")) << answer;
}

TEST(HttpServer, SendsAnswersThatAreLargerThanOneSend) {
  const auto answer = serve("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1 << 20);
  EXPECT_GT(answer.size(), std::size_t{1} << 20);
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  const auto answer = serve("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(answer.find("404 Not Found"), std::string::npos) << answer;
  EXPECT_LT(answer.find("200 OK"), answer.find("404 Not Found"));
}

TEST(HttpServer, RefusesWhatItCannotRead) {
  EXPECT_TRUE(serve("GET /\n\n").starts_with("HTTP/1.1 400 ")) << "a request with bare line feeds";
}

std::string post(std::size_t size) {
  return "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         std::string(size, 'b');
}

TEST(HttpServer, GivesARequestsBodyUpToItsBound) {
  const auto echo = [](const Request& request) {
    return Answer{200, "text/plain", std::to_string(request.body.size()), {}};
  };
  EXPECT_TRUE(serve(post(5), echo).ends_with("\r\n\r\n5"));
  EXPECT_TRUE(serve(post(kMaxBody), echo).ends_with("\r\n\r\n65536"));
  EXPECT_TRUE(serve(post(kMaxBody + 1), echo).starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(serve(post(3) + post(0), echo).ends_with("\r\n\r\n0")) << "a body is of one request only";
}

TEST(HttpServer, KnowsWhoAsks) {
  const auto answer = serve("GET / HTTP/1.1\r\nHost: a\r\n\r\n", [](const Request& request) {
    return Answer{200, "text/plain", request.peer && request.peer->is_loopback() ? "here" : "elsewhere", {}};
  });
  EXPECT_TRUE(answer.ends_with("here")) << answer;
}

/// Reads until `count` events have come, then hangs up.
std::string listen_to(std::uint16_t port, int count) {
  const net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return "no connection";
  constexpr std::string_view kAsk = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  if (::send(fd.get(), kAsk.data(), kAsk.size(), 0) < 0) return "not sent";
  std::string got;
  char byte = 0;
  while (count > 0 && ::recv(fd.get(), &byte, 1, 0) == 1) {
    got += byte;
    if (got.ends_with("\n\n")) --count;
  }
  return got;
}

TEST(HttpServer, FeedsUntilTheReaderHangsUp) {
  net::EventLoop loop;
  auto fd = net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
  const auto port = net::local_port(*fd);
  const auto alive = std::make_shared<int>(0);
  HttpServer server(loop, std::move(*fd), [alive](const Request&) {
    Answer answer{200, "text/event-stream", {}, {}};
    answer.feed = Feed{std::chrono::milliseconds(1),
                       [alive] { return std::optional("data: " + std::to_string(++*alive) + "\n\n"); }};
    return answer;
  });
  std::string got;
  std::thread client([&] {
    got = listen_to(port, 3);
    loop.stop();
  });
  loop.run();
  client.join();
  EXPECT_NE(got.find("data: 1\n\n"), std::string::npos) << got;
  EXPECT_NE(got.find("data: 3\n\n"), std::string::npos) << got;
}

}  // namespace
}  // namespace portvakt::http_server
