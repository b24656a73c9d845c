// Clicks, downloads, forms and time of visitors with analytics consent: puts the script into their pages and
// takes what it tells. The consent state stands in the notes, so it comes after the consent filter, which
// lets the one path pass. Enforcing: without analytics consent there is no script, and what is told
// nevertheless is not kept. Const, shared by all workers.
#pragma once

#include <string>
#include <vector>

#include "filters/filter.h"
#include "filters/visitor/url_scrubber.h"

namespace portvakt::events {

struct EventSettings {
  std::string consent_path = "/.privacy/";
  std::vector<std::string> query_allow;  // as for records
};

class EventFilter : public filters::Filter {
 public:
  explicit EventFilter(const EventSettings& settings);

  filters::Step on_request(filters::RequestContext& context) const override;

 private:
  filters::Step take(filters::RequestContext& context) const;

  std::string path_;
  std::string element_;  // the script, in its tags
  visitor::UrlScrubber scrubber_;
};

}  // namespace portvakt::events
