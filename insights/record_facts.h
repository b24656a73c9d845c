// What the store keeps of a record: less than the record holds. No time of day, no address, no query; assets
// only as numbers; who came only where analytics was granted. Pure functions; no state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "insights/day.h"
#include "insights/source.h"

namespace portvakt::insights {

/// Stored as numbers: never renumber.
enum class RequestKind : std::uint8_t {
  PageView = 0,
  Other = 1,  // assets, forms, errors, our own pages
  Bot = 2,    // declared itself
};

struct RequestFacts {
  std::string site;
  Day day = 0;
  RequestKind kind = RequestKind::Other;
  int status = 0;
  bool consented = false;  // analytics was granted
  std::string path;        // of page views, and of what was not found
  std::string country;
  std::string browser;
  std::string device;
  std::string referrer;  // a host; `/` for the site itself; empty: none was sent
  std::string purposes;
  std::string visitor;  // only if consented
  std::vector<std::string> held;
};

struct ConsentFacts {
  std::string site;
  Day day = 0;
  bool consented = false;  // to analytics
  std::string choice;
  std::string purposes;
  std::string region;
  std::string language;
  std::string policy;
};

/// Empty: the record lacks what every record of ours has.
std::optional<RequestFacts> read_request(const SourceRecord& record);
std::optional<ConsentFacts> read_consent(const SourceRecord& record);

/// A path that names a page and not an asset: no extension, or one of pages'. Records do not say what an
/// answer was.
bool is_page_path(std::string_view path);

}  // namespace portvakt::insights
