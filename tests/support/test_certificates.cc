#include "tests/support/test_certificates.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

#include "proxy/base/address.h"

namespace portvakt::test {
namespace {

using FilePtr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
constexpr long kDay = 24 * 60 * 60;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    if (!text.empty()) text += ",";
    text += (IpAddress::parse(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

void describe(X509* certificate, EVP_PKEY* key, const TestCertificates::Wish& wish) {
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), std::min(-kDay, (wish.days - 1) * kDay));
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.days * kDay);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.names.front().c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  add_extension(certificate, NID_subject_alt_name, alternatives(wish.names));
  if (wish.authority) add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
}

}  // namespace

TestCertificates::TestCertificates() {
  std::string name = testing::TempDir() + "portvakt-tls-XXXXXX";
  folder_ = ::mkdtemp(name.data());
}

TestCertificates::~TestCertificates() {
  std::filesystem::remove_all(folder_);
}

net::CertificateFiles TestCertificates::make(const std::string& file, const Wish& wish) const {
  const net::CertificateFiles files{folder_ / (file + ".pem"), folder_ / (file + ".key")};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      wish.key == Key::Rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  describe(certificate.get(), key.get(), wish);
  const FilePtr out(std::fopen(files.certificate.c_str(), "we"), std::fclose);
  EXPECT_EQ(PEM_write_X509(out.get(), certificate.get()), 1);
  const FilePtr secret(std::fopen(files.key.c_str(), "we"), std::fclose);
  EXPECT_EQ(PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  return files;
}

}  // namespace portvakt::test
