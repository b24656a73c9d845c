// One visit of a TLS client to a TlsTransport, over a socket pair: OpenSSL itself is the client, so that a
// test says which versions, signatures and sessions it offers, and sees what it was answered with.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>

#include "proxy/net/tls_transport.h"
#include "tests/support/turns.h"

namespace portvakt::test {

struct TlsVisit {
  // What the client offers.
  std::string name = {};  // SNI
  int oldest = TLS1_2_VERSION;
  int newest = TLS1_3_VERSION;
  const char* signatures = nullptr;
  const char* ciphers = nullptr;  // of TLS 1.2
  const char* groups = nullptr;
  std::shared_ptr<SSL_SESSION> session = {};
  std::string host = "-";  // asked of may_carry()

  // What came of it.
  bool shaken = false;
  bool resumed = false;
  std::string subject = {};  // of the server's certificate
  std::string version = {};
  std::string cipher = {};
  std::string group = {};
  std::shared_ptr<SSL_SESSION> new_session = {};
  bool may_carry = false;
};

/// The client's half. It says "ping" and waits for the echo, so that tickets sent after the handshake came.
class VisitingClient {
 public:
  VisitingClient(TlsVisit& visit, int fd)
      : visit_(visit), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_min_proto_version(context_.get(), visit.oldest);
    SSL_CTX_set_max_proto_version(context_.get(), visit.newest);
    if (visit.signatures != nullptr) SSL_CTX_set1_sigalgs_list(context_.get(), visit.signatures);
    if (visit.ciphers != nullptr) SSL_CTX_set_cipher_list(context_.get(), visit.ciphers);
    if (visit.groups != nullptr) SSL_CTX_set1_groups_list(context_.get(), visit.groups);
    ssl_.reset(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(ssl_.get(), fd);
    if (!visit.name.empty()) SSL_set_tlsext_host_name(ssl_.get(), visit.name.c_str());
    if (visit.session) SSL_set_session(ssl_.get(), visit.session.get());
    SSL_set_connect_state(ssl_.get());
  }

  /// True when there is nothing more to do.
  bool step() {
    ERR_clear_error();
    std::array<char, 16> bytes;
    int status = sent_ ? SSL_read(ssl_.get(), bytes.data(), bytes.size()) : SSL_write(ssl_.get(), "ping", 4);
    if (status > 0 && !sent_) {
      sent_ = true;
      return false;
    }
    if (status > 0) {
      note();
      return true;
    }
    const int error = SSL_get_error(ssl_.get(), status);
    return error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
  }

 private:
  void note() {
    visit_.shaken = true;
    visit_.resumed = SSL_session_reused(ssl_.get()) == 1;
    visit_.version = SSL_get_version(ssl_.get());
    visit_.cipher = SSL_get_cipher_name(ssl_.get());
    if (const int group = static_cast<int>(SSL_get_negotiated_group(ssl_.get())); group != 0) {
      const char* text = SSL_group_to_name(ssl_.get(), group);
      visit_.group = text != nullptr ? text : "";
    }
    visit_.new_session.reset(SSL_get1_session(ssl_.get()), SSL_SESSION_free);
    std::array<char, 256> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(ssl_.get())), NID_commonName,
                              name.data(), name.size());
    visit_.subject = name.data();
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }

  TlsVisit& visit_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::shared_ptr<SSL> ssl_;
  bool sent_ = false;
};

inline std::array<net::FileDescriptor, 2> socket_pair() {
  // OpenSSL writes without MSG_NOSIGNAL; the program ignores the signal as a whole.
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> fds{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
  return {net::FileDescriptor(fds[0]), net::FileDescriptor(fds[1])};
}

/// On a loop of its own, as on a worker of its own.
inline TlsVisit visit(const std::shared_ptr<const net::TlsContext>& context, TlsVisit visit) {
  net::EventLoop loop;
  auto [ours, theirs] = socket_pair();
  net::TlsTransport transport(loop, std::move(ours), context);
  VisitingClient client(visit, theirs.get());
  const auto echo = [&] {
    std::array<char, 64> bytes;
    while (true) {
      const auto result = transport.read(bytes.data(), bytes.size());
      if (result.state != net::IoState::Moved) return;
      visit.may_carry = transport.may_carry(visit.host);
      transport.write({bytes.data(), result.bytes});
    }
  };
  transport.set_on_ready(echo);
  EXPECT_TRUE(run_until(loop, [&] {
    echo();
    return client.step();
  }));
  return visit;
}

}  // namespace portvakt::test
