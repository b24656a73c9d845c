#include "proxy/net/tls_server.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/net/tls_visit.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_certificates.h"

namespace portvakt::net {
namespace {

class TlsServerTest : public testing::Test {
 protected:
  std::string shown() { return test::visit(server_->context(), {}).subject; }

  FakeClock clock_;
  std::shared_ptr<TlsShared> shared_ = std::make_shared<TlsShared>(clock_);
  test::TestCertificates make_;
  CertificateFiles files_ = make_.make("a", {.names = {"old.test"}});
  std::shared_ptr<TlsServer> server_ = *TlsServer::open({.certificates = {files_}}, shared_);
};

TEST_F(TlsServerTest, LeavesUnchangedFilesAlone) {
  const auto before = server_->context();
  EXPECT_EQ(server_->refresh(), false);
  EXPECT_EQ(server_->context(), before);
}

TEST_F(TlsServerTest, TakesChangedFilesIntoUse) {
  const auto before = server_->context();
  const auto expires = server_->expiries().at(0).expires;
  make_.make("a", {.names = {"new.test"}, .days = 9});
  EXPECT_EQ(server_->refresh(), true);
  EXPECT_EQ(shown(), "new.test");
  EXPECT_GT(server_->expiries().at(0).expires, expires + 6 * 86400);
  EXPECT_EQ(test::visit(before, {}).subject, "old.test") << "a connection keeps the context it began with";
  EXPECT_EQ(server_->refresh(), false);
}

TEST_F(TlsServerTest, KeepsTheOldWhenTheNewIsBrokenAndSaysSoOnce) {
  const auto old_key = files_.key.string() + ".old";
  std::filesystem::copy_file(files_.key, old_key);
  make_.make("a", {.names = {"new.test"}});
  const auto new_key = files_.key.string() + ".new";
  std::filesystem::rename(files_.key, new_key);
  std::filesystem::rename(old_key, files_.key);
  const auto refused = server_->refresh();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, testing::HasSubstr("does not belong to certificate"));
  EXPECT_EQ(server_->refresh(), false) << "told already";
  EXPECT_EQ(shown(), "old.test");
  std::filesystem::rename(new_key, files_.key);
  EXPECT_EQ(server_->refresh(), true);
  EXPECT_EQ(shown(), "new.test");
}

TEST_F(TlsServerTest, KeepsTheOldWhenTheFileIsGone) {
  std::filesystem::remove(files_.certificate);
  EXPECT_FALSE(server_->refresh());
  EXPECT_EQ(shown(), "old.test");
}

TEST_F(TlsServerTest, FollowsALinkThatLeadsElsewhere) {
  const auto next = make_.make("b", {.names = {"new.test"}});
  const auto link = make_.folder() / "live";
  for (const auto* end : {".pem", ".key"}) {
    std::filesystem::create_symlink(make_.folder() / (std::string("a") + end), link.string() + end);
  }
  server_ = *TlsServer::open({.certificates = {{link.string() + ".pem", link.string() + ".key"}}}, shared_);
  for (const auto* end : {".pem", ".key"}) {
    std::filesystem::remove(link.string() + end);
    std::filesystem::create_symlink(make_.folder() / (std::string("b") + end), link.string() + end);
  }
  EXPECT_EQ(server_->refresh(), true);
  EXPECT_EQ(shown(), "new.test");
}

TEST_F(TlsServerTest, IsReconfiguredAsAWholeOrNotAtAll) {
  const auto next = make_.make("b", {.names = {"new.test"}});
  EXPECT_FALSE(server_->reconfigure({.certificates = {next, {"/nonexistent.pem", next.key}}}));
  EXPECT_EQ(shown(), "old.test");
  EXPECT_EQ(server_->refresh(), false);
  EXPECT_TRUE(server_->reconfigure({.certificates = {next}}));
  EXPECT_EQ(shown(), "new.test");
}

}  // namespace
}  // namespace portvakt::net
