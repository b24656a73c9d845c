// Reads inline scripts for traces of vendors: addresses written in them, and signatures that stand alone. A
// reader of text, not of JavaScript: what a script computes at run time is the guard's business.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "filters/tags/vendor_catalogue.h"
#include "proxy/http/url.h"

namespace portvakt::tags {

/// An address in a script, and where its host stands. `//host/path`, `"host"` and `'.host/path'` are found,
/// also with slashes written `\/`, `\u002F` or `\x2F`.
struct ScriptAddress {
  http::ParsedUrl url;
  std::size_t host_begin = 0;
  std::size_t host_end = 0;
};

class AddressScanner {
 public:
  explicit AddressScanner(std::string_view script) : script_(script) {}
  /// Null after the last one. The address is good until the next call.
  const ScriptAddress* next();

 private:
  void read_tail(std::size_t at);

  std::string_view script_;
  std::size_t at_ = 0;
  ScriptAddress found_;
};

/// The signature at this place is not a piece of a longer word.
bool stands_alone(std::string_view script, std::size_t begin, std::size_t end);

/// A long signature speaks for itself, a short one needs a second of the same vendor.
bool is_evidence(const SignatureHit& hit, const std::vector<SignatureHit>& hits);

/// Naming the host means loading from it. Hosts that pages also link to (social networks, video sites) must
/// be named with a path that loads something.
bool loads_when_named(const Verdict& verdict, std::string_view path);

}  // namespace portvakt::tags
