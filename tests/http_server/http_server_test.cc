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

/// What a client gets that sends no more after its request.
std::string serve(std::string_view request, std::size_t body_size = 2) {
  net::EventLoop loop;
  auto fd = net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
  EXPECT_TRUE(fd);
  const auto port = net::local_port(*fd);
  HttpServer server(loop, std::move(*fd), [&](const http::RequestHead& head) {
    return Answer{head.path() == "/" ? 200 : 404, "text/plain", std::string(body_size, 'x'), {}};
  });
  std::string answer;
  std::thread client([&] {
    answer = ask(port, request);
    loop.stop();
  });
  loop.run();
  client.join();
  return answer;
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

}  // namespace
}  // namespace portvakt::http_server
