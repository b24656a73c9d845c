// Redis over TLS, against a real server: what is verified is delivered to, and nothing else.
#include "proxy/logs/redis/redis_config.h"
#include "tests/logs/shipper_fixture.h"
#include "tests/support/test_certificates.h"

namespace portvakt::logs {
namespace {

using net::CertificateFiles;

/// A server that speaks TLS on a second port.
class TlsRedis {
 public:
  explicit TlsRedis(const CertificateFiles& files, const std::string& clients = "no")
      : port_(RedisProcess::free_port()),
        process_("",
                 {"--tls-port", std::to_string(port_), "--tls-cert-file", files.certificate, "--tls-key-file",
                  files.key, "--tls-ca-cert-file", files.certificate, "--tls-auth-clients", clients}) {}

  /// As a configuration with `tls` has it.
  Result<RedisUrl> url(const config::RedisTls& tls, const std::string& host = "127.0.0.1") const {
    config::Redis redis;
    redis.url.value = "rediss://" + host + ":" + std::to_string(port_);
    redis.tls = tls;
    return redis_from(redis);
  }
  RedisProcess& process() { return process_; }

 private:
  std::uint16_t port_;
  RedisProcess process_;
};

class RedisTls : public ShippedSpool {
 protected:
  RedisTls() : server_files_(certificates_.make("server", {.names = {"127.0.0.1", "redis.test"}})) {}

  /// TLS shakes hands inside the first exchange.
  std::optional<RedisFault> fault_of(const RedisUrl& url) const {
    RedisClient client(url, {std::chrono::seconds{5}, std::chrono::seconds{5}}, stop_);
    if (auto connected = client.connect(); !connected) return connected.error();
    std::string command;
    append_command(command, {"PING"});
    const auto replies = client.exchange(command, 1);
    return replies ? std::nullopt : std::optional(replies.error());
  }

  test::TestCertificates certificates_;
  CertificateFiles server_files_;
  StopSignal stop_;
};

TEST_F(RedisTls, DeliversToAVerifiedServer) {
  TlsRedis server(server_files_);
  const auto url = server.url({.ca = server_files_.certificate});
  ASSERT_TRUE(url) << url.error().detail;
  append(1, 20000);
  ship(*url);
  ASSERT_TRUE(wait_delivered(20000));
  EXPECT_EQ(server.process().length(stream()), 20000);
}

TEST_F(RedisTls, RefusesAStrangersCertificateAndAnothersName) {
  TlsRedis server(server_files_);
  const auto stranger = certificates_.make("stranger", {.names = {"127.0.0.1"}});
  EXPECT_EQ(fault_of(*server.url({.ca = stranger.certificate})), RedisFault::Untrusted);
  EXPECT_EQ(fault_of(*server.url({})), RedisFault::Untrusted) << "the system's authorities do not know it";
  EXPECT_EQ(fault_of(*server.url({.ca = server_files_.certificate}, "localhost")), RedisFault::Untrusted);
  EXPECT_EQ(
      fault_of(*server.url({.ca = server_files_.certificate, .server_name = "redis.test"}, "localhost")),
      std::nullopt);
  EXPECT_EQ(fault_of(*server.url({.verify = false})), std::nullopt);
}

TEST_F(RedisTls, ShowsItsOwnCertificateWhereTheServerAsksForOne) {
  TlsRedis server(server_files_, "yes");
  config::RedisTls tls{.ca = server_files_.certificate};
  EXPECT_NE(fault_of(*server.url(tls)), std::nullopt);
  tls.certificate = server_files_.certificate;
  tls.key = server_files_.key;
  EXPECT_EQ(fault_of(*server.url(tls)), std::nullopt);
}

TEST_F(RedisTls, APlainServerAndAMissingFileAreTold) {
  RedisUrl url = redis_.tcp_url();
  url.tls = true;
  EXPECT_EQ(fault_of(url), RedisFault::Untrusted) << "without trust nothing is sent";
  config::Redis redis;
  redis.url.value = "rediss://127.0.0.1";
  redis.tls.ca = "/nonexistent/ca.pem";
  const auto missing = redis_from(redis);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().detail.find("/nonexistent/ca.pem"), std::string::npos);
}

TEST_F(RedisTls, SurvivesCutsAndRestartsOfTheServer) {
  TlsRedis server(server_files_);
  ship(*server.url({.ca = server_files_.certificate}));
  std::thread worker([&] { append(1, 30000); });
  for (int kills = 0; kills < 2; ++kills) {
    const auto target = shipper_->counters().delivered.value() + 5000;
    EXPECT_TRUE(wait_until([&] { return shipper_->counters().delivered.value() >= target; }));
    server.process().kill();
    server.process().start();
  }
  worker.join();
  ASSERT_TRUE(wait_delivered(30000));
  EXPECT_EQ(server.process().length(stream()), 30000);
}

}  // namespace
}  // namespace portvakt::logs
