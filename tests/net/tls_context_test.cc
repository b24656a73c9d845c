#include "proxy/net/tls_context.h"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "tests/net/tls_visit.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_certificates.h"

namespace portvakt::net {
namespace {

using test::TestCertificates;
using test::TlsVisit;
using Key = TestCertificates::Key;

class TlsContextTest : public testing::Test {
 protected:
  std::shared_ptr<const TlsContext> open(std::vector<CertificateFiles> files,
                                         TlsProfile profile = TlsProfile::Intermediate,
                                         std::string scope = "a") {
    auto made = TlsContext::for_server(
        {.certificates = std::move(files), .profile = profile, .scope = std::move(scope)}, shared_);
    EXPECT_TRUE(made) << made.error().detail;
    return made ? *made : nullptr;
  }
  std::string subject(const std::shared_ptr<const TlsContext>& context, TlsVisit wish) {
    return test::visit(context, std::move(wish)).subject;
  }

  FakeClock clock_;
  std::shared_ptr<TlsShared> shared_ = std::make_shared<TlsShared>(clock_);
  TestCertificates make_;
};

TEST_F(TlsContextTest, ChoosesByExactNameThenByWildcardThenTheFirst) {
  const auto context =
      open({make_.make("first", {.names = {"first.test"}}), make_.make("any", {.names = {"*.shop.test"}}),
            make_.make("one", {.names = {"one.shop.test", "xn--bcher-kva.test"}})});
  EXPECT_EQ(subject(context, {.name = "first.test"}), "first.test");
  EXPECT_EQ(subject(context, {.name = "two.shop.test"}), "*.shop.test");
  EXPECT_EQ(subject(context, {.name = "ONE.shop.test"}), "one.shop.test");
  EXPECT_EQ(subject(context, {.name = "xn--bcher-kva.test"}), "one.shop.test");
  EXPECT_EQ(subject(context, {.name = "a.two.shop.test"}), "first.test") << "a wildcard is for one label";
  EXPECT_EQ(subject(context, {.name = "shop.test"}), "first.test");
  EXPECT_EQ(subject(context, {.name = "unknown.test"}), "first.test");
  EXPECT_EQ(subject(context, {}), "first.test");
}

TEST_F(TlsContextTest, ServesRsaAndEcdsaOfTheSameNameByWhatTheClientCanVerify) {
  const auto context = open({make_.make("other", {.names = {"other.test"}}),
                             make_.make("rsa", {.names = {"shop.test", "rsa.test"}, .key = Key::Rsa}),
                             make_.make("ec", {.names = {"shop.test"}})});
  const char* const rsa = "rsa_pss_rsae_sha256:RSA+SHA256";
  const char* const ecdsa = "ECDSA+SHA256";
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto by_rsa = test::visit(context, {.name = "shop.test", .newest = version, .signatures = rsa});
    EXPECT_TRUE(by_rsa.shaken);
    EXPECT_EQ(by_rsa.subject, "shop.test");
    const auto by_ecdsa = test::visit(context, {.name = "shop.test", .newest = version, .signatures = ecdsa});
    EXPECT_TRUE(by_ecdsa.shaken);
    EXPECT_EQ(by_ecdsa.subject, "shop.test");
  }
  EXPECT_TRUE(test::visit(context, {.name = "rsa.test", .signatures = rsa}).shaken);
  EXPECT_FALSE(test::visit(context, {.name = "rsa.test", .signatures = ecdsa}).shaken);
}

TEST_F(TlsContextTest, NegotiatesWhatTheProfilesName) {
  const std::vector<CertificateFiles> files = {make_.make("a", {.names = {"a.test"}})};
  const auto intermediate = open(files);
  EXPECT_EQ(test::visit(intermediate, {}).version, "TLSv1.3");
  const auto old = test::visit(intermediate, {.newest = TLS1_2_VERSION});
  EXPECT_EQ(old.version, "TLSv1.2");
  EXPECT_TRUE(old.cipher.starts_with("ECDHE-")) << old.cipher;
  EXPECT_FALSE(test::visit(intermediate,
                           {.oldest = TLS1_1_VERSION, .newest = TLS1_1_VERSION, .ciphers = "ALL:@SECLEVEL=0"})
                   .shaken);
  EXPECT_FALSE(
      test::visit(intermediate, {.newest = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"}).shaken)
      << "CBC is not among the ciphers";
  const auto modern = open(files, TlsProfile::Modern);
  EXPECT_EQ(test::visit(modern, {}).version, "TLSv1.3");
  EXPECT_FALSE(test::visit(modern, {.newest = TLS1_2_VERSION}).shaken);
}

TEST_F(TlsContextTest, LetsTheClientChooseAmongCiphersAndPrefersFastGroups) {
  const auto context = open({make_.make("a", {.names = {"a.test"}})});
  const auto chacha = test::visit(
      context,
      {.newest = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256"});
  EXPECT_EQ(chacha.cipher, "ECDHE-ECDSA-CHACHA20-POLY1305");
  EXPECT_EQ(test::visit(context, {}).group, "x25519");
  EXPECT_EQ(test::visit(context, {.groups = "P-256"}).group, "secp256r1");
  EXPECT_EQ(test::visit(context, {.groups = "P-384"}).group, "secp384r1");
  EXPECT_FALSE(test::visit(context, {.groups = "P-521"}).shaken);
}

TEST_F(TlsContextTest, ResumesAtAnotherWorker) {
  const auto context = open({make_.make("a", {.names = {"a.test"}})});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto first = test::visit(context, {.name = "a.test", .newest = version});
    EXPECT_FALSE(first.resumed);
    TlsVisit second;
    std::thread([&] {
      second = test::visit(context, {.name = "a.test", .newest = version, .session = first.new_session});
    }).join();
    EXPECT_TRUE(second.resumed);
  }
  EXPECT_EQ(shared_->counters.full.value(), 2U);
  EXPECT_EQ(shared_->counters.resumed.value(), 2U);
  EXPECT_EQ(shared_->counters.open.value(), 0U);
}

TEST_F(TlsContextTest, ResumesAfterAReloadThatKeptTheCertificate) {
  const auto files = make_.make("a", {.names = {"a.test"}});
  const auto first = test::visit(open({files}), {.name = "a.test"});
  EXPECT_TRUE(test::visit(open({files}), {.name = "a.test", .session = first.new_session}).resumed);
  make_.make("a", {.names = {"a.test"}});
  EXPECT_FALSE(test::visit(open({files}), {.name = "a.test", .session = first.new_session}).resumed)
      << "the certificate is another one";
}

TEST_F(TlsContextTest, ResumesNoSessionOfAnotherCertificateOrListener) {
  const auto a = make_.make("a", {.names = {"a.test"}});
  const auto b = make_.make("b", {.names = {"b.test"}});
  const auto context = open({a, b});
  const auto elsewhere = open({a, b}, TlsProfile::Intermediate, "another listener");
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto at_a = test::visit(context, {.name = "a.test", .newest = version});
    const auto at_b = test::visit(context, {.name = "b.test", .newest = version});
    for (const auto& [session, name, subject] :
         {std::tuple(at_a.new_session, "b.test", "b.test"), std::tuple(at_b.new_session, "a.test", "a.test"),
          std::tuple(at_b.new_session, "", "a.test")}) {
      const auto crossed = test::visit(context, {.name = name, .newest = version, .session = session});
      EXPECT_FALSE(crossed.resumed) << name;
      EXPECT_EQ(crossed.subject, subject);
    }
    EXPECT_FALSE(
        test::visit(elsewhere, {.name = "a.test", .newest = version, .session = at_a.new_session}).resumed);
    EXPECT_TRUE(
        test::visit(context, {.name = "a.test", .newest = version, .session = at_a.new_session}).resumed);
  }
}

TEST_F(TlsContextTest, ForgetsTicketKeysAfterTwoPeriods) {
  const auto context = open({make_.make("a", {.names = {"a.test"}})});
  const auto first = test::visit(context, {.name = "a.test"});
  clock_.advance(TicketKeys::kPeriod + std::chrono::minutes(1));
  EXPECT_TRUE(test::visit(context, {.name = "a.test", .session = first.new_session}).resumed);
  clock_.advance(TicketKeys::kPeriod);
  EXPECT_FALSE(test::visit(context, {.name = "a.test", .session = first.new_session}).resumed);
}

TEST_F(TlsContextTest, SaysWhichFileCannotBeUsedAndWhy) {
  const auto good = make_.make("good", {.names = {"a.test"}});
  const auto other = make_.make("other", {.names = {"a.test"}});
  const auto error = [&](const CertificateFiles& files) {
    const auto made = TlsContext::for_server({.certificates = {files}}, shared_);
    return made ? "" : made.error().detail;
  };
  EXPECT_THAT(error({"/nonexistent/cert.pem", good.key}),
              testing::HasSubstr("/nonexistent/cert.pem: No such file"));
  EXPECT_THAT(error({good.certificate, "/nonexistent/key.pem"}),
              testing::HasSubstr("/nonexistent/key.pem: No such file"));
  EXPECT_THAT(error({good.certificate, other.key}),
              testing::HasSubstr("other.key does not belong to certificate"));
  EXPECT_THAT(error({good.key, good.key}), testing::HasSubstr("good.key is not in PEM"));
  const auto encrypted = make_.folder() / "encrypted.key";
  std::ofstream(encrypted)
      << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_NE(error({good.certificate, encrypted}), "");
  EXPECT_EQ(TlsContext::for_server({}, shared_).error().detail, "a TLS listener needs a certificate");
}

}  // namespace
}  // namespace portvakt::net
