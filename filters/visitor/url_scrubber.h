// URLs as a record may keep them: without queries (but for an allow-list), click identifiers, and whatever
// looks like a person or a secret: e-mail addresses, phone numbers, Nordic identity numbers, card numbers,
// tokens; also when written percent-encoded, once or twice. Bounded length, printable ASCII only. Immutable,
// any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portvakt::visitor {

class UrlScrubber {
 public:
  static constexpr std::size_t kMaxLength = 512;

  /// `query_allow`: names of query parameters that may stay, with their values scrubbed.
  explicit UrlScrubber(std::vector<std::string> query_allow = {});

  /// A request's target in origin-form.
  std::string scrub_target(std::string_view target) const;
  /// A Referer: the path (without query) when `own_site`, else the origin alone. Empty if it is not an
  /// http(s) URL.
  std::string scrub_referrer(std::string_view referrer, bool own_site) const;
  /// The utm fields of a query, as `source=x&medium=y&…` in a fixed order; empty without any.
  std::string find_campaign(std::string_view query) const;

 private:
  std::string scrub_query(std::string_view query) const;

  std::vector<std::string> query_allow_;
};

}  // namespace portvakt::visitor
