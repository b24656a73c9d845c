// A site as `rewrite` and `explain` see it: its tag policy, without sockets, keys or visitors.
#pragma once

#include <memory>

#include "config/model.h"
#include "filters/consent/consent_state.h"
#include "filters/tags/tag_policy.h"
#include "proxy/commands/commands.h"
#include "proxy/http/url.h"

namespace portvakt::commands {

struct PageSite {
  config::Site site;
  std::unique_ptr<tags::VendorCatalogue> catalogue;
  std::unique_ptr<tags::TagPolicy> policy;
  consent::ConsentState consent;
  http::ParsedUrl url;  // the page's own address

  tags::PageFacts facts() const { return {url.scheme, url.host, url.path}; }
};

/// Null when something is wrong; it was told on standard error, and `exit_code` says what kind it was.
std::unique_ptr<PageSite> open_page_site(const PageOptions& options, int& exit_code);

}  // namespace portvakt::commands
