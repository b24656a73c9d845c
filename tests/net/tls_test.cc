#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "proxy/net/listener.h"
#include "proxy/net/socket.h"
#include "proxy/net/tls_context.h"
#include "proxy/net/tls_transport.h"
#include "tests/support/turns.h"

namespace portvakt::net {
namespace {

/// A folder with certificates made for the test by the openssl program.
class Certificates {
 public:
  Certificates() {
    std::string name = testing::TempDir() + "portvakt-tls-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }

  CertificateFiles make(const std::string& host) {
    const CertificateFiles files{folder_ / (host + ".pem"), folder_ / (host + ".key")};
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" +
        host + " -addext subjectAltName=DNS:" + host + " -out " + files.certificate.string() + " -keyout " +
        files.key.string() + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return files;
  }

 private:
  std::filesystem::path folder_;
};

std::string command_output(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> chunk;
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), pipe))
    out.append(chunk.data(), count);
  ::pclose(pipe);
  return out;
}

/// Serves TLS on a free port of this thread's loop while the openssl client runs on another thread.
std::string handshake(const std::shared_ptr<const TlsContext>& context, const std::string& arguments) {
  EventLoop loop;
  auto fd = listen_on({*IpAddress::parse("127.0.0.1"), 0, {}}, false);
  EXPECT_TRUE(fd);
  const auto port = local_port(*fd);
  std::vector<std::unique_ptr<TlsTransport>> open;
  Listener listener(loop, std::move(*fd), [&](FileDescriptor connection, std::optional<IpAddress>) {
    open.push_back(std::make_unique<TlsTransport>(loop, std::move(connection), context));
    open.back()->set_on_ready([transport = open.back().get()] {
      std::array<char, 1024> bytes;
      while (transport->read(bytes.data(), bytes.size()).state == IoState::Moved) transport->write("hello\n");
    });
  });
  std::string out;
  std::thread client([&] {
    out = command_output("timeout 10 openssl s_client -connect 127.0.0.1:" + std::to_string(port) + " " +
                         arguments + " 2>&1 | head -c 20000");
    loop.stop();
  });
  loop.run();
  client.join();
  return out;
}

TEST(TlsContext, ChoosesTheCertificateByName) {
  Certificates certificates;
  const auto context =
      TlsContext::for_server({certificates.make("first.test"), certificates.make("second.test")});
  ASSERT_TRUE(context) << context.error().detail;
  EXPECT_NE(handshake(*context, "-servername second.test </dev/null").find("CN = second.test"),
            std::string::npos);
  EXPECT_NE(handshake(*context, "-servername other.test </dev/null").find("CN = first.test"),
            std::string::npos);
}

TEST(TlsContext, RefusesOldVersionsAndOtherProtocols) {
  Certificates certificates;
  const auto context = TlsContext::for_server({certificates.make("first.test")});
  ASSERT_TRUE(context);
  EXPECT_EQ(handshake(*context, "-tls1_1 </dev/null").find("Cipher is ECDHE"), std::string::npos);
  EXPECT_NE(handshake(*context, "-tls1_2 </dev/null").find("Cipher is ECDHE"), std::string::npos);
  EXPECT_NE(handshake(*context, "-alpn http/1.1 </dev/null").find("ALPN protocol: http/1.1"),
            std::string::npos);
  EXPECT_NE(handshake(*context, "-alpn spdy/1 </dev/null").find("alert no application protocol"),
            std::string::npos);
}

TEST(TlsContext, NamesTheFileThatItCannotRead) {
  const auto context = TlsContext::for_server({{"/nonexistent/cert.pem", "/nonexistent/key.pem"}});
  ASSERT_FALSE(context);
  EXPECT_NE(context.error().detail.find("/nonexistent/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace portvakt::net
