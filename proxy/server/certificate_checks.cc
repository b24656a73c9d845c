#include "proxy/server/certificate_checks.h"

#include <algorithm>
#include <ctime>
#include <string>

#include "proxy/base/ascii.h"
#include "proxy/net/tls_certificate.h"

namespace portvakt::server {
namespace {

using Severity = Diagnostic::Severity;

std::string date_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm when{};
  ::gmtime_r(&time, &when);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &when)};
}

/// `host` is of a site: a name, `*.name` or `*`.
bool fits_host(const std::string& name, const std::string& host) {
  if (host == "*" || net::name_covers(name, host)) return true;
  return host.starts_with("*.") && ascii::contains(name, ".") && name.ends_with(host.substr(1));
}

bool fits_any_site(const net::CertificateFacts& facts, const config::Model& model) {
  return std::ranges::any_of(model.sites, [&](const config::Site& site) {
    return std::ranges::any_of(site.hosts, [&](const std::string& host) {
      return host == "*" ||
             std::ranges::any_of(facts.names, [&](const std::string& name) { return fits_host(name, host); });
    });
  });
}

void check_facts(const net::CertificateFacts& facts, const std::string& path, const config::Model& model,
                 Diagnostics& diagnostics) {
  const auto warn = [&](std::string text, std::string suggestion) {
    diagnostics.add(model.places.at(path, Severity::Warning, std::move(text), std::move(suggestion)));
  };
  const std::int64_t now = std::time(nullptr);
  if (facts.expires <= now) {
    warn("this certificate expired on " + date_of(facts.expires), "renew it");
  } else if (facts.not_before > now) {
    warn("this certificate is not valid before " + date_of(facts.not_before), "look at the machine's clock");
  }
  if (facts.names.empty()) {
    warn("this certificate names no host in its subjectAltName: browsers refuse it",
         "ask for one with the sites' names");
  } else if (!fits_any_site(facts, model)) {
    warn("this certificate covers no host of any site; its first name is `" + facts.names.front() + "`",
         "add the host to a site or remove the certificate");
  }
}

}  // namespace

std::vector<net::CertificateFiles> certificate_files(const config::Listener& listener) {
  std::vector<net::CertificateFiles> files;
  for (const auto& pair : listener.certificates) files.push_back({pair.certificate, pair.key});
  return files;
}

bool check_certificates(const config::Model& model, Diagnostics& diagnostics) {
  bool usable = true;
  for (std::size_t i = 0; i < model.listeners.size(); ++i) {
    const auto list = "listen[" + std::to_string(i) + "].tls.certificates[";
    const auto files = certificate_files(model.listeners[i]);
    for (std::size_t k = 0; k < files.size(); ++k) {
      const auto path = list + std::to_string(k) + "].certificate";
      const auto facts = net::inspect_certificate(files[k]);
      if (facts) {
        check_facts(*facts, path, model, diagnostics);
      } else {
        usable = false;
        diagnostics.add(model.places.at(path, Severity::Error, facts.error().detail));
      }
    }
  }
  return usable;
}

}  // namespace portvakt::server
