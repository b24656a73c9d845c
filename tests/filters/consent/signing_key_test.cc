#include "filters/consent/signing_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "proxy/base/file.h"

namespace portvakt::consent {
namespace {

class SigningKeyFile : public testing::Test {
 protected:
  SigningKeyFile() {
    char name[] = "/tmp/portvakt-key-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~SigningKeyFile() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path path() const { return folder_ / "state" / "consent.key"; }

  std::filesystem::path folder_;
};

TEST_F(SigningKeyFile, IsMadeOnceForItsOwnerAlone) {
  const auto first = load_or_make_signing_key(path());
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->secret.size(), kSigningKeyBytes);
  struct stat status{};
  ASSERT_EQ(::stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto second = load_or_make_signing_key(path());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->secret, first->secret);
  EXPECT_EQ(second->id, first->id);
  const auto entries = std::distance(std::filesystem::directory_iterator(path().parent_path()), {});
  EXPECT_EQ(entries, 1) << "a temporary file stayed behind";
}

TEST_F(SigningKeyFile, IsTheSameForAllWhoStartAtOnce) {
  std::vector<std::string> secrets(8);
  std::vector<std::thread> threads;
  for (auto& secret : secrets) {
    threads.emplace_back([&] { secret = load_or_make_signing_key(path()).value_or(SigningKey{}).secret; });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& secret : secrets) EXPECT_TRUE(secret == secrets.front() && !secret.empty());
}

TEST_F(SigningKeyFile, ThatIsBrokenIsRefusedWithoutShowingIt) {
  std::filesystem::create_directories(path().parent_path());
  ASSERT_TRUE(write_private_file(path(), "not/base64url+secret\n"));
  const auto key = load_or_make_signing_key(path());
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().detail.find("secret"), std::string::npos);
  EXPECT_NE(key.error().detail.find("consent.key"), std::string::npos);
}

TEST(SigningKey, ToleratesWhiteSpaceAroundItsText) {
  const auto key = parse_signing_key(" " + std::string(43, 'A') + "\r\n");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->secret, std::string(32, '\0'));
  EXPECT_EQ(key->id.size(), 4U);
}

TEST(SigningKey, ThatIsTooShortOrEmptyIsRefused) {
  EXPECT_FALSE(parse_signing_key(""));
  EXPECT_FALSE(parse_signing_key("AAAA"));
  EXPECT_FALSE(parse_signing_key(std::string(42, 'A')));
}

}  // namespace
}  // namespace portvakt::consent
