// Who is asking, minimised: takes the client's address from its connection, looks up country and network,
// truncates, and forgets it. Then fills the record's visitor fields and tells the upstream no more than the
// site allows. The first filter on every request, also of sites with `filter: off`. Enforcing: what it does
// not understand is removed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"
#include "filters/filter.h"
#include "filters/visitor/geo.h"
#include "filters/visitor/ip_truncation.h"
#include "filters/visitor/trusted_proxies.h"
#include "filters/visitor/url_scrubber.h"

namespace portvakt::visitor {

struct VisitorSettings {
  TrustedProxies trusted;
  IpTruncation truncation;
  /// What the upstream is told of the client's address.
  config::ClientAddress client_address = config::ClientAddress::Truncated;
  /// The site's own host names; a Referer from these, or from the requested host, is the site's own.
  std::vector<std::string> hosts;
  /// Query parameters that may be kept in the record.
  std::vector<std::string> query_allow;
  /// May be null; outlives the filter.
  const Geo* geo = nullptr;
};

class VisitorFilter : public filters::Filter {
 public:
  explicit VisitorFilter(VisitorSettings settings);

  filters::Step on_request(filters::RequestContext& context) const override;

 private:
  /// The client and the trusted proxies after it, as the upstream may know them.
  std::vector<std::string> upstream_hops(const ClientOrigin& origin) const;
  bool is_own(std::string_view referrer, const http::RequestHead& head) const;
  void note_place(const IpAddress& client, const filters::RequestContext& context) const;
  static void note_browser(const filters::RequestContext& context);
  void note_urls(const http::RequestHead& head, filters::Notes& notes) const;

  VisitorSettings settings_;
  UrlScrubber scrubber_;
};

}  // namespace portvakt::visitor
