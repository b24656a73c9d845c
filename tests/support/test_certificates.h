// Certificates made while a test runs, in a folder that goes away with the object: nothing secret lies in the
// source tree and nothing expires there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "proxy/net/tls_settings.h"

namespace portvakt::test {

class TestCertificates {
 public:
  enum class Key : std::uint8_t { Ecdsa, Rsa };
  struct Wish {
    std::vector<std::string> names;  // DNS names, or addresses; the first is the subject, too
    Key key = Key::Ecdsa;
    int days = 2;  // negative: it ended so long ago
    bool authority = false;
  };

  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  /// Self-signed. The files are called after `file`; making them again replaces them, key included.
  net::CertificateFiles make(const std::string& file, const Wish& wish) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace portvakt::test
