#include "config/load.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "config/checks.h"
#include "config/reader.h"
#include "tests/support/source_file.h"

namespace portvakt::config {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "portvakt-config-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& name, const std::string& bytes, fs::perms perms = fs::perms(0600)) const {
    std::ofstream(path_ / name) << bytes;
    fs::permissions(path_ / name, perms);
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const std::string kSite = "sites: [{name: a, hosts: [a.test], upstreams: [\"http://127.0.0.1:9000\"]}]\n";
const std::string kBase = "listen: [{address: 127.0.0.1:8080}]\n" + kSite;

std::string without(std::string text, const fs::path& folder) {
  const auto prefix = folder.string() + "/";
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
    text.erase(at, prefix.size());
  return text;
}

TEST(Load, ReadsAFileWithPathsFromItsFolder) {
  const Folder folder;
  folder.write("c.mmdb", "x");
  Diagnostics diagnostics;
  const auto model = load(folder.write("p.yaml", kBase + "geo: {country: c.mmdb}\n"), diagnostics);
  ASSERT_TRUE(model) << diagnostics.format();
  EXPECT_EQ(model->geo.country, folder.path() / "c.mmdb");
}

TEST(Load, SaysThatAFileIsMissingOrIsNone) {
  const Folder folder;
  Diagnostics diagnostics;
  EXPECT_FALSE(load(folder.path() / "none.yaml", diagnostics));
  EXPECT_FALSE(load(folder.path(), diagnostics));
  EXPECT_NE(diagnostics.format().find("none.yaml: error: the configuration file does not exist\n"),
            std::string::npos);
  EXPECT_NE(diagnostics.format().find(": error: the configuration file is not a file\n"), std::string::npos);
}

TEST(Load, TakesTheRedisUrlFromItsFile) {
  const Folder folder;
  folder.write("url", "rediss://:hunter2@db.test:6380/1\n");
  Diagnostics diagnostics;
  const auto model =
      load(folder.write("p.yaml", kBase + "log: {redis: {url: \"file:url\"}, retention: 7d}\n"), diagnostics);
  ASSERT_TRUE(model) << diagnostics.format();
  EXPECT_EQ(model->log.redis->url.value, "rediss://:hunter2@db.test:6380/1");
}

TEST(Load, DoesNotShowWhatAWrongSecretFileHolds) {
  const Folder folder;
  folder.write("url", "hunter2\n");
  Diagnostics diagnostics;
  EXPECT_FALSE(load(folder.write("p.yaml", kBase + "log: {redis: {url: \"file:url\"}, retention: 7d}\n"),
                    diagnostics));
  EXPECT_EQ(without(diagnostics.format(), folder.path()),
            "p.yaml:3:15: error: in `url`: the value is not the URL of a Redis server\n"
            "    log: {redis: {url: ***\n"
            "                  ^\n"
            "    option: log.redis.url\n"
            "    help: write redis://HOST:PORT/0, rediss:, unix:/PATH, redis+sentinel: or redis+cluster:\n");
}

TEST(Load, ReportsReadingChecksAndFilesInOneRun) {
  const Folder folder;
  Diagnostics diagnostics;
  EXPECT_FALSE(load(folder.write("p.yaml",
                                 "listen: [{address: 127.0.0.1:8080}, {address: 127.0.0.1:8080}]\n"
                                 "wokers: 2\n"
                                 "geo: {country: none.mmdb}\n" +
                                     kSite),
                    diagnostics));
  EXPECT_EQ(without(diagnostics.format(), folder.path()),
            "p.yaml:1:38: error: this address is already used by `listen[0].address`\n"
            "    listen: [{address: 127.0.0.1:8080}, {address: 127.0.0.1:8080}]\n"
            "                                         ^\n"
            "    option: listen[1].address\n"
            "    help: choose another port\n"
            "p.yaml:2:1: error: unknown option `wokers`\n"
            "    wokers: 2\n"
            "    ^\n"
            "    option: wokers\n"
            "    help: did you mean `workers`?\n"
            "p.yaml:3:7: error: `none.mmdb` does not exist\n"
            "    geo: {country: none.mmdb}\n"
            "          ^\n"
            "    option: geo.country\n"
            "    help: relative paths begin at the configuration file's folder\n");
}

TEST(FileChecks, WantCertificatesListsAndLocalesToBeThere) {
  const Folder folder;
  folder.write("cert.pem", "x");
  fs::create_directory(folder.path() / "sub");
  folder.write("key.pem", "x", fs::perms(0644));
  Diagnostics diagnostics;
  const auto text =
      "listen: [{address: 127.0.0.1:8443, tls: {certificates: [{certificate: cert.pem, key: key.pem}, "
      "{certificate: cert.pem, key: none.pem}]}}]\n"
      "locales: cert.pem\nvendors_file: sub\n"
      "consent: {signing_keys: [file:made-on-first-start.key]}\n"
      "sites: [{name: a, hosts: [a.test], upstreams: [\"http://127.0.0.1:9000\"], "
      "lists: [{file: none.txt, purpose: analytics}]}]\n";
  EXPECT_FALSE(load(folder.write("p.yaml", text), diagnostics));
  std::string texts;
  for (const auto& one : diagnostics.all()) texts += one.path + ": " + one.text + "\n";
  EXPECT_EQ(without(texts, folder.path()),
            "listen[0].tls.certificates[0].key: every user of this machine can read `key.pem`\n"
            "listen[0].tls.certificates[1].key: `none.pem` does not exist\n"
            "vendors_file: `sub` is not a file\n"
            "locales: `cert.pem` is not a folder\n"
            "sites[0].lists[0].file: `none.txt` does not exist\n");
}

TEST(FileChecks, DoNotWaitForAPipe) {
  const Folder folder;
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  Diagnostics diagnostics;
  EXPECT_FALSE(load(folder.path() / "pipe", diagnostics));
  EXPECT_FALSE(load(folder.write("p.yaml", kBase + "log: {redis: {url: \"file:pipe\"}}\n"), diagnostics));
  EXPECT_EQ(diagnostics.errors(), 2U);
}

TEST(Examples, ReadAndCheckWithoutAFault) {
  std::size_t seen = 0;
  for (const auto& file : fs::directory_iterator(test::source_file("config/examples"))) {
    std::ifstream in(file.path());
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    Diagnostics diagnostics;
    const auto model = read(text, file.path().filename().string(), "/etc/portvakt", diagnostics);
    ASSERT_TRUE(model) << diagnostics.format();
    check_options(*model, diagnostics);
    EXPECT_EQ(diagnostics.format(), "");
    ++seen;
  }
  EXPECT_GE(seen, 3U);
}

TEST(QuickModel, IsOneSiteForAnyHost) {
  const auto model = quick_model("http://127.0.0.1:9000", "127.0.0.1:0");
  ASSERT_TRUE(model);
  ASSERT_EQ(model->sites.size(), 1U);
  EXPECT_EQ(model->sites[0].name, "site");
  EXPECT_EQ(model->sites[0].hosts, std::vector<std::string>{"*"});
  EXPECT_EQ(model->sites[0].upstreams[0].address.port, 9000);
  EXPECT_EQ(model->listeners[0].address.tcp.port, 0);
  EXPECT_EQ(model->consent.signing_keys.size(), 1U);
  Diagnostics diagnostics;
  check_options(*model, diagnostics);
  EXPECT_EQ(diagnostics.format(), "");
}

TEST(QuickModel, ExplainsAWrongUpstreamOrAddress) {
  EXPECT_EQ(quick_model("127.0.0.1:9000").error().detail,
            "`127.0.0.1:9000` is not an upstream (write http://127.0.0.1:9000)");
  EXPECT_EQ(quick_model("http://a.test", "8080").error().kind, ErrorKind::Invalid);
}

}  // namespace
}  // namespace portvakt::config
