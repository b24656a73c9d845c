#include "proxy/net/tls_transport.h"

#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "proxy/net/tls_certificate.h"
#include "tests/net/tls_visit.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_certificates.h"

namespace portvakt::net {
namespace {

using test::TestCertificates;

class TlsTransportTest : public testing::Test {
 protected:
  std::shared_ptr<const TlsContext> server(std::vector<CertificateFiles> files,
                                           std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    auto made =
        TlsContext::for_server({.certificates = std::move(files), .handshake_timeout = limit}, shared_);
    EXPECT_TRUE(made) << made.error().detail;
    return *made;
  }
  std::shared_ptr<const TlsContext> client(const CertificateFiles& trusted) {
    auto made = TlsContext::for_client({.trusted = trusted.certificate});
    EXPECT_TRUE(made) << made.error().detail;
    return *made;
  }

  struct Meeting {
    bool met = false;
    bool resumed = false;
    std::string fault;  // the client's
  };
  /// Our client and our server say a word to each other.
  Meeting meet(const std::shared_ptr<const TlsContext>& server,
               const std::shared_ptr<const TlsContext>& client, const std::string& host) {
    EventLoop loop;
    auto [left, right] = test::socket_pair();
    TlsTransport listening(loop, std::move(left), server);
    TlsTransport calling(loop, std::move(right), client, host);
    listening.set_on_ready([] {});
    calling.set_on_ready([] {});
    Meeting meeting;
    bool sent = false;
    EXPECT_TRUE(test::run_until(loop, [&] {
      std::array<char, 16> bytes;
      if (!sent) sent = calling.write("ping").state == IoState::Moved;
      if (listening.read(bytes.data(), bytes.size()).state == IoState::Moved) listening.write("pong");
      const auto heard = calling.read(bytes.data(), bytes.size());
      meeting.met = heard.state == IoState::Moved;
      return meeting.met || heard.state == IoState::Failed;
    }));
    meeting.resumed = calling.resumed();
    meeting.fault = calling.fault();
    return meeting;
  }
  bool may_carry(const std::shared_ptr<const TlsContext>& context, const std::string& name,
                 const std::string& host) {
    return test::visit(context, {.name = name, .host = host}).may_carry;
  }

  FakeClock clock_;
  std::shared_ptr<TlsShared> shared_ = std::make_shared<TlsShared>(clock_);
  TestCertificates make_;
};

TEST_F(TlsTransportTest, GivesAHandshakeUpThatTakesTooLong) {
  const auto context = server({make_.make("a", {.names = {"a.test"}})}, std::chrono::milliseconds(20));
  EventLoop loop;
  auto [ours, theirs] = test::socket_pair();
  TlsTransport transport(loop, std::move(ours), context);
  IoState state = IoState::Blocked;
  transport.set_on_ready([&] {
    char byte = 0;
    state = transport.read(&byte, 1).state;
  });
  EXPECT_EQ(shared_->counters.open.value(), 1U);
  EXPECT_TRUE(test::run_until(loop, [&] { return state == IoState::Failed; }));
  EXPECT_EQ(transport.fault(), "the TLS handshake took too long");
  EXPECT_EQ(shared_->counters.timed_out.value(), 1U);
  EXPECT_EQ(shared_->counters.open.value(), 0U);
}

TEST_F(TlsTransportTest, KeepsAConnectionBeyondTheLimitOfItsHandshake) {
  const auto context = server({make_.make("a", {.names = {"a.test"}})}, std::chrono::milliseconds(400));
  EventLoop loop;
  auto [ours, theirs] = test::socket_pair();
  TlsTransport transport(loop, std::move(ours), context);
  test::TlsVisit visit;
  test::VisitingClient client(visit, theirs.get());
  bool failed = false;
  const auto echo = [&] {
    std::array<char, 16> bytes;
    const auto result = transport.read(bytes.data(), bytes.size());
    if (result.state == IoState::Moved) transport.write("pong");
    failed = result.state == IoState::Failed;
  };
  transport.set_on_ready(echo);
  ASSERT_TRUE(test::run_until(loop, [&] {
    echo();
    return client.step();
  }));
  ASSERT_TRUE(visit.shaken);
  bool later = false;
  Timer wait(loop, [&] { later = true; });
  wait.start(std::chrono::milliseconds(500));
  EXPECT_TRUE(test::run_until(loop, [&] { return later; }));
  echo();
  EXPECT_FALSE(failed);
  EXPECT_EQ(shared_->counters.timed_out.value(), 0U);
}

TEST_F(TlsTransportTest, CarriesWhatItsCertificateCovers) {
  const auto context = server({make_.make("a", {.names = {"a.test", "*.a.test", "127.0.0.1"}}),
                               make_.make("b", {.names = {"b.test"}})});
  EXPECT_TRUE(may_carry(context, "a.test", "a.test"));
  EXPECT_TRUE(may_carry(context, "a.test", "WWW.a.test.:8443"));
  EXPECT_TRUE(may_carry(context, "a.test", "127.0.0.1:8443"));
  EXPECT_FALSE(may_carry(context, "a.test", "b.test"));
  EXPECT_FALSE(may_carry(context, "b.test", "a.test"));
  EXPECT_FALSE(may_carry(context, "a.test", "x.www.a.test"));
  EXPECT_FALSE(may_carry(context, "a.test", "c.test")) << "the client named another host in the handshake";
}

TEST_F(TlsTransportTest, CarriesTheHostThatTheClientNamedInTheHandshake) {
  const auto context =
      server({make_.make("a", {.names = {"a.test"}}), make_.make("b", {.names = {"b.test"}})});
  EXPECT_TRUE(may_carry(context, "c.test", "c.test")) << "it took the certificate that it was shown";
  EXPECT_FALSE(may_carry(context, "c.test", "d.test"));
}

TEST_F(TlsTransportTest, CarriesAnyHostWithoutANameUnlessAnotherCertificateFits) {
  const auto context =
      server({make_.make("a", {.names = {"a.test"}}), make_.make("b", {.names = {"b.test"}})});
  EXPECT_TRUE(may_carry(context, "", "127.0.0.1:8443"));
  EXPECT_TRUE(may_carry(context, "", "[::1]:8443"));
  EXPECT_TRUE(may_carry(context, "", "www.example.test"));
  EXPECT_TRUE(may_carry(context, "", "a.test"));
  EXPECT_FALSE(may_carry(context, "", "b.test"));
}

TEST_F(TlsTransportTest, ResumesAtAnUpstreamThatItKnows) {
  const auto files = make_.make("up", {.names = {"up.test"}, .authority = true});
  for (const auto profile : {TlsProfile::Intermediate, TlsProfile::Modern}) {
    const auto context = *TlsContext::for_server({.certificates = {files}, .profile = profile}, shared_);
    const auto calling = client(files);
    EXPECT_FALSE(meet(context, calling, "up.test").resumed);
    EXPECT_TRUE(meet(context, calling, "up.test").resumed);
    EXPECT_TRUE(meet(context, calling, "up.test").resumed);
    EXPECT_FALSE(meet(context, client(files), "up.test").resumed) << "another trust knows no session";
  }
}

TEST_F(TlsTransportTest, SaysWhyAnUpstreamIsNotTrusted) {
  const auto files = make_.make("up", {.names = {"up.test", "127.0.0.1"}, .authority = true});
  const auto stranger = make_.make("other", {.names = {"up.test"}, .authority = true});
  const auto old = make_.make("old", {.names = {"up.test"}, .days = -1, .authority = true});
  EXPECT_TRUE(meet(server({files}), client(files), "127.0.0.1").met);
  EXPECT_EQ(meet(server({files}), client(files), "other.test").fault,
            "its certificate is not accepted: hostname mismatch");
  EXPECT_EQ(meet(server({files}), client(files), "127.0.0.2").fault,
            "its certificate is not accepted: IP address mismatch");
  EXPECT_EQ(meet(server({files}), client(stranger), "up.test").fault,
            "its certificate is not accepted: self-signed certificate");
  EXPECT_EQ(meet(server({old}), client(old), "up.test").fault,
            "its certificate is not accepted: certificate has expired");
  EXPECT_THAT(TlsContext::for_client({.trusted = "/nonexistent.pem"}).error().detail,
              testing::HasSubstr("/nonexistent.pem"));
}

TEST(TlsCertificate, CoversWhatOpensslWouldAccept) {
  const TestCertificates make;
  const auto files = make.make("a", {.names = {"a.test", "*.b.test", "*.c.b.test", "xn--bcher-kva.test"}});
  const auto facts = inspect_certificate(files);
  ASSERT_TRUE(facts);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(files.certificate.c_str(), "re"),
                                                           std::fclose);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(PEM_read_X509(in.get(), nullptr, nullptr, nullptr),
                                                           X509_free);
  for (const std::string host :
       {"a.test", "A.TEST", "b.test", "x.b.test", "x.y.b.test", "c.b.test", "x.c.b.test", "xa.test",
        "xn--bcher-kva.test", "test", "*.b.test.evil.test", "a.test.evil.test"}) {
    const bool ours = std::ranges::any_of(
        facts->names, [&](const auto& name) { return name_covers(name, certificate_host(host)); });
    const bool theirs = X509_check_host(certificate.get(), host.data(), host.size(),
                                        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
    EXPECT_EQ(ours, theirs) << host;
  }
}

}  // namespace
}  // namespace portvakt::net
