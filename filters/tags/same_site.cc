#include "filters/tags/same_site.h"

#include <libpsl.h>

#include "proxy/base/ascii.h"

namespace portvakt::tags {
namespace {

/// The last two labels: without agreeing there, no two names share a registrable domain.
std::string_view last_two_labels(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

bool is_number(std::string_view host) {
  return host.ends_with(']') || ascii::is_digit(host.back());
}

std::string registrable_domain(std::string_view host) {
  const std::string name(host);
  const char* domain = psl_registrable_domain(psl_builtin(), name.c_str());
  return domain == nullptr ? std::string() : std::string(domain);
}

}  // namespace

bool is_same_site(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.empty() || b.empty() || is_number(a) || is_number(b)) return false;
  if (last_two_labels(a) != last_two_labels(b)) return false;
  const std::string domain = registrable_domain(a);
  return !domain.empty() && domain == registrable_domain(b);
}

}  // namespace portvakt::tags
