#include "proxy/net/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include "proxy/base/address.h"
#include "proxy/base/ascii.h"
#include "proxy/base/file.h"
#include "proxy/net/tls_handles.h"

namespace portvakt::net {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::size_t kLongestChain = 16;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

/// No prompt: nobody sits before the terminal of a service.
int no_password(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 0;
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  const auto* data = ASN1_STRING_get0_data(bytes);
  const int length = ASN1_STRING_length(bytes);
  if (length == 4) return IpAddress::v4({data[0], data[1], data[2], data[3]}).reveal();
  if (length != 16) return {};
  std::array<std::uint8_t, 16> v6;
  std::copy_n(data, v6.size(), v6.begin());
  return "[" + IpAddress::v6(v6).reveal() + "]";
}

std::vector<std::string> names_of(const X509* leaf) {
  std::vector<std::string> names;
  auto* alternatives =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* one = sk_GENERAL_NAME_value(alternatives, i);
    std::string name;
    if (one->type == GEN_IPADD) {
      name = address_text(one->d.iPAddress);
    } else if (one->type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName));
      name = ascii::lower({text, static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName))});
    }
    // A zero byte inside would end the name early for those who read it as C text.
    if (!name.empty() && name.find('\0') == std::string::npos) names.push_back(std::move(name));
  }
  GENERAL_NAMES_free(alternatives);
  return names;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  std::tm when{};
  return ASN1_TIME_to_tm(time, &when) == 1 ? timegm(&when) : 0;
}

Result<void> read_chain(const CertificateFiles& files, LoadedCertificate& into) {
  const auto named = "certificate " + files.certificate.string();
  const auto text = read_file(files.certificate, kLargestFile);
  if (!text) return failure(ErrorKind::Invalid, "cannot read " + named + ": " + text.error().detail);
  const BioPtr in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  into.leaf.reset(PEM_read_bio_X509_AUX(in.get(), nullptr, nullptr, nullptr));
  if (!into.leaf) return failure(ErrorKind::Invalid, named + " is not in PEM: " + openssl_reason());
  ERR_clear_error();
  while (X509Ptr next{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    into.chain.push_back(std::move(next));
    if (into.chain.size() > kLongestChain)
      return failure(ErrorKind::Invalid, named + ": its chain is too long");
  }
  // The file's end is told as an error of its own.
  const bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const auto reason = openssl_reason();
  if (!whole) return failure(ErrorKind::Invalid, named + ": its chain cannot be read: " + reason);
  return {};
}

Result<void> read_key(const CertificateFiles& files, LoadedCertificate& into) {
  const auto named = "key " + files.key.string();
  const auto text = read_file(files.key, kLargestFile);
  if (!text) return failure(ErrorKind::Invalid, "cannot read " + named + ": " + text.error().detail);
  const BioPtr in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  bool encrypted = false;
  into.key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, &encrypted));
  if (into.key) return {};
  const auto reason = openssl_reason();
  return failure(ErrorKind::Invalid, encrypted
                                         ? named + " is encrypted: it must be readable without a password"
                                         : named + " cannot be used: " + reason);
}

}  // namespace

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason != nullptr ? reason : "unknown reason";
  ERR_clear_error();
  return text;
}

Result<LoadedCertificate> load_certificate(const CertificateFiles& files) {
  LoadedCertificate loaded;
  if (auto read = read_chain(files, loaded); !read) return tl::unexpected(read.error());
  if (auto read = read_key(files, loaded); !read) return tl::unexpected(read.error());
  if (X509_check_private_key(loaded.leaf.get(), loaded.key.get()) != 1) {
    ERR_clear_error();
    return failure(ErrorKind::Invalid, "key " + files.key.string() + " does not belong to certificate " +
                                           files.certificate.string());
  }
  loaded.file = files.certificate.string();
  loaded.facts.names = names_of(loaded.leaf.get());
  loaded.facts.not_before = seconds_of(X509_get0_notBefore(loaded.leaf.get()));
  loaded.facts.expires = seconds_of(X509_get0_notAfter(loaded.leaf.get()));
  return loaded;
}

Result<CertificateFacts> inspect_certificate(const CertificateFiles& files) {
  return load_certificate(files).map([](LoadedCertificate loaded) { return std::move(loaded.facts); });
}

std::string certificate_host(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    const auto address = IpAddress::parse(authority.substr(1, end == authority.npos ? end : end - 1));
    return address ? "[" + address->reveal() + "]" : ascii::lower(authority);
  }
  auto host = authority.substr(0, authority.rfind(':'));
  if (host.ends_with('.')) host.remove_suffix(1);
  return ascii::lower(host);
}

bool name_covers(std::string_view name, std::string_view host) {
  if (name == host) return !name.empty();
  if (!name.starts_with("*.")) return false;
  const auto dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 && host.substr(dot) == name.substr(1);
}

}  // namespace portvakt::net
