// What the store keeps of a record: less than the record holds. No address, no query; assets only as numbers;
// who came only where analytics was granted. The views are into the record. Pure functions; no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "insights/day.h"
#include "insights/source.h"

namespace portvakt::insights {

/// Stored as numbers: never renumber.
enum class RequestKind : std::uint8_t {
  PageView = 0,
  Other = 1,      // assets, forms, errors, our own pages
  Bot = 2,        // declared itself
  Download = 3,   // a file that people keep
  ViewEvent = 4,  // a navigation inside a page, told by its script: consenting visitors alone
};

/// What a consenting visitor did. Stored as numbers: never renumber.
enum class HitKind : std::uint8_t {
  View = 0,       // a page was requested
  ViewEvent = 1,  // or shown by a script
  Outbound = 2,
  Download = 3,
  Form = 4,
  Leave = 5,
};

/// With what and from where somebody came.
struct Surroundings {
  std::string_view country;
  std::string_view organisation;
  std::string_view browser;
  std::string_view browser_version;  // major
  std::string_view system;
  std::string_view device;
};

struct RequestFacts {
  std::string_view site;
  std::int64_t time = 0;  // milliseconds since 1970
  RequestKind kind = RequestKind::Other;
  int status = 0;
  bool consented = false;   // analytics was granted
  bool banner = false;      // the page asked for a choice
  std::optional<bool> gpc;  // empty: the record does not say
  std::string_view path;    // of page views, downloads, bots, and of what was not found or elsewhere
  std::string referrer;     // a host; `/` for the site itself; empty: none was sent
  std::string_view campaign;
  Surroundings surroundings;
  std::string_view visitor;  // only of page views, and only if consented
  std::vector<std::string_view> held;
};

struct EventFacts {
  std::string_view site;
  std::int64_t time = 0;
  HitKind kind = HitKind::ViewEvent;
  std::string_view path;
  std::string_view target;
  std::int64_t milliseconds = -1;  // -1: not told
  Surroundings surroundings;
  std::string_view screen;
  std::string_view visitor;
};

struct ConsentFacts {
  std::string_view site;
  std::int64_t time = 0;
  std::string_view choice;
  std::string_view how;
  std::string_view purposes;
  std::string_view policy;
  std::string_view text;
  std::string_view language;
  std::string_view region;
  std::string_view page;
  std::int64_t milliseconds = -1;  // to the choice; -1: not told
  bool withdrawn = false;          // it took back what stood before
};

struct ErasureFacts {
  std::string_view site;
  std::string_view subject;
  std::int64_t before = 0;
};

/// Empty: the record lacks what every record of ours has, or must not be kept.
std::optional<RequestFacts> read_request(const SourceRecord& record);
std::optional<EventFacts> read_event(const SourceRecord& record);
std::optional<ConsentFacts> read_consent(const SourceRecord& record);
std::optional<ErasureFacts> read_erasure(const SourceRecord& record);

/// A path that names a page and not an asset: no extension, or one of pages'. Records do not say what an
/// answer was.
bool is_page_path(std::string_view path);
/// The first part of a path: `/products` of `/products/lamp` and of `/products`; `/` of `/`.
std::string_view section_of(std::string_view path);
bool is_not_found(int status);
bool is_redirect(int status);
bool grants_analytics(std::string_view purposes);

}  // namespace portvakt::insights
