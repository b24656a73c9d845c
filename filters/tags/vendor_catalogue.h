// Whose is this URL, script or cookie? Answers from the vendor catalogue, which was read at start-up.
// Immutable and shared by all workers; lookups allocate nothing. Knows nothing of consent or of a site's own
// rules: that is TagPolicy. Must outlive every Verdict it gave.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/tags/vendor.h"
#include "proxy/http/url.h"

namespace portvakt::tags {

/// Whether a URL belongs to the page's own site (same registrable domain) or to somebody else.
enum class Party : std::uint8_t { First, Third };

/// A text of the catalogue that stands in an inline script.
struct SignatureHit {
  const Vendor* vendor = nullptr;
  const Placed* signature = nullptr;
};

class VendorCatalogue {
 public:
  /// `file` is what verdicts name as their source.
  VendorCatalogue(std::vector<Vendor> vendors, std::string file);
  ~VendorCatalogue();
  VendorCatalogue(const VendorCatalogue&) = delete;
  VendorCatalogue& operator=(const VendorCatalogue&) = delete;

  /// Third party: by host and path; the longest path wins, else the strictest purpose; an untouchable vendor
  /// beats all. First party: by the shapes of vendors that are served from the site itself.
  std::optional<Verdict> find_url(const http::ParsedUrl& url, Party party) const;
  /// A bare host, as named by preconnect hints or a script's text: the strictest vendor that it may belong
  /// to.
  std::optional<Verdict> find_host(std::string_view host) const;
  /// An inline script that loads or feeds a vendor: the strictest vendor whose signature is in it.
  std::optional<Verdict> find_inline(std::string_view script) const;
  /// Every signature in the script, each once; `hits` is added to.
  void find_signatures(std::string_view script, std::vector<SignatureHit>& hits) const;
  /// A cookie seen on the site's own host, by name. Names that live on vendors' domains are left out; of
  /// several vendors with one name, the exact name wins over a pattern, then the most lenient purpose: at
  /// first sight of a shared name the site must not lose its own cookie.
  std::optional<CookieVerdict> find_cookie(std::string_view name) const;

  const Vendor* vendor(std::string_view id) const;
  const std::vector<Vendor>& vendors() const { return vendors_; }
  const std::string& file() const { return file_; }

 private:
  struct Index;
  std::vector<Vendor> vendors_;
  std::string file_;
  std::unique_ptr<const Index> index_;
};

}  // namespace portvakt::tags
