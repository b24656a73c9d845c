#include "insights/desk/insights_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "insights/demo.h"
#include "proxy/net/socket.h"
#include "tests/insights/made_records.h"
#include "tests/support/fake_clock.h"

namespace portvakt::insights {
namespace {

class Server : public testing::Test {
 protected:
  http_server::Answer ask(const std::string& target, const std::string& method = "GET",
                          const std::string& host = "127.0.0.1:9902") {
    http::RequestHead head;
    head.method = method;
    head.target = target;
    head.authority = host;
    return server_.answer(head);
  }

  net::FileDescriptor listen() {
    auto fd = net::listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
    port_ = net::local_port(*fd);
    return std::move(*fd);
  }

  ScratchStore store_;
  FakeClock& clock_ = store_.clock;
  net::EventLoop loop_;
  std::uint16_t port_ = 0;
  InsightsServer server_{loop_, listen(), *store_.reports, clock_, {{"a", "quiet"}, false}};
};

TEST_F(Server, AnswersUnderThisMachinesOwnNamesOnly) {
  for (const char* host : {"127.0.0.1:9902", "localhost", "LOCALHOST:1", "[::1]:9902", "127.8.9.1"}) {
    EXPECT_EQ(ask("/", "GET", host).status, 200) << host;
  }
  for (const char* host : {"evil.example", "evil.example:9902", "localhost.evil.example", "192.0.2.1", ""}) {
    EXPECT_EQ(ask("/report.json", "GET", host).status, 421) << host;
  }
}

TEST_F(Server, AnswersEveryAddressUnderThePolicy) {
  for (const char* target : {"/", "/report.json", "/report.csv", "/nowhere", "/?site=nobody"}) {
    const auto answer = ask(target);
    EXPECT_EQ(answer.status, target[1] == 'n' || answer.body.find("no such") != std::string::npos ? 404 : 200)
        << target;
    const bool has = std::ranges::any_of(answer.headers, [](const auto& header) {
      return header.first == "Content-Security-Policy" && header.second.starts_with("default-src 'none'");
    });
    EXPECT_TRUE(has) << target;
  }
  EXPECT_EQ(ask("/", "POST").status, 405);
  EXPECT_EQ(ask("/report.csv?table=nonsense").status, 404);
}

TEST_F(Server, ShowsThePeriodAndTheSiteThatTheAddressNames) {
  RecordBatch batch{"s", "", "1", {}};
  for (std::uint64_t i = 1; i <= 6; ++i) batch.records.push_back(made_view(i, "/seen"));
  ASSERT_EQ(store_->take(batch), 6U);
  EXPECT_NE(ask("/").body.find("<h1>a<small>24 Oct 2026"), std::string::npos);
  EXPECT_NE(ask("/?days=7").body.find("16 Nov 2026"), std::string::npos);
  EXPECT_NE(ask("/?days=31").body.find("24 Oct 2026"), std::string::npos);
  EXPECT_NE(ask("/?site=a&days=7").body.find("/seen"), std::string::npos);
  EXPECT_NE(ask("/?site=quiet").body.find("No page was viewed in the last 30 days."), std::string::npos);
}

TEST_F(Server, ShowsADemoThatFillsTheLongestPeriod) {
  ASSERT_GT(DemoSource(day_of(clock_.wall())).poll(*store_).value_or(0), 50000U);
  EXPECT_EQ(DemoSource(day_of(clock_.wall())).poll(*store_), 0U);
  const auto page = ask("/?site=ferry.example&days=90").body;
  EXPECT_NE(page.find("/timetable"), std::string::npos);
  EXPECT_LT(page.size(), 60U * 1024);
}

/// A whole conversation over a socket, ended by the server.
std::string converse(std::uint16_t port, const std::string& text) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string got;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) > 0) {
    char bytes[4096];
    for (ssize_t size = 0; (size = ::recv(fd, bytes, sizeof bytes, 0)) > 0;)
      got.append(bytes, static_cast<std::size_t>(size));
  }
  ::close(fd);
  return got;
}

TEST_F(Server, SpeaksHttpOnItsSocket) {
  std::string got;
  std::thread client([&] {
    got = converse(port_,
                   "GET /report.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                   "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    loop_.stop();
  });
  loop_.run();
  client.join();
  EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
  const auto second = got.find("HTTP/1.1 200", 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_TRUE(got.ends_with("\r\n\r\n")) << "an answer to HEAD has no body";
}

}  // namespace
}  // namespace portvakt::insights
