// What was learned about one exchange, by the filter that learned it, for the filters after it and for the
// access record. Everything here is already minimised: nothing in it is more than the record may hold. Owned
// by the exchange.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filters/consent/consent_receipt.h"
#include "filters/consent/consent_state.h"
#include "filters/events/page_event.h"
#include "filters/purposes.h"
#include "filters/sighting.h"
#include "filters/visitor/truncated_ip.h"

namespace portvakt::consent {
struct Locale;
}

namespace portvakt::filters {

struct Notes {
  // visitor: who is asking, minimised
  visitor::TruncatedIp ip;
  std::string country;          // ISO 3166-1 alpha-2, empty if unknown
  std::string network;          // the network operator's name, empty if unknown
  bool rare_network = false;    // too few come from it for its name to stand without analytics consent
  std::string browser;          // family such as "Firefox"
  std::string browser_version;  // major version
  std::string os;
  std::string_view device;    // desktop | phone | tablet | bot | other
  bool open_browser = false;  // the browser's name is what the sender wrote: not without analytics consent
  std::string path;           // scrubbed path and allow-listed query
  std::string referrer;       // scrubbed
  std::string campaign;       // utm fields, scrubbed

  // consent: what may be done
  consent::ConsentState consent;
  bool sensitive = false;  // a page on which no vendor's tag runs: `consent` is then reduced to that
  const consent::Locale* locale = nullptr;  // the texts for this visitor, the snapshot's; null: English
  /// A page's own script asks for the page again after a choice: what it was made for so far. Such an answer
  /// is marked (tags/update_handler.h) and is no page view.
  std::optional<consent::ConsentState> update_from;
  std::optional<consent::ConsentReceipt> receipt;  // set by the exchange that carried a choice
  std::string erased_visitor;                      // whose records are to go, by the visitor's own wish
  std::vector<std::string> set_cookies;  // Set-Cookie values that Portvakt itself adds to the answer

  std::optional<events::PageEvent> event;  // set by the exchange that told one, with analytics consent

  // page: what the HTML filter puts into a document, gathered by the filters before it
  std::string head_insertion;  // before any other script
  std::string body_insertion;  // first thing in body
  /// Told the language that the page itself states, before the body begins: writes body_insertion anew in it
  /// and sets the locale. May be empty.
  std::function<void(std::string_view)> speak;
  /// Lets those insertions through a policy that the document itself states; may be empty.
  std::function<std::string(std::string_view)> extend_policy;
  bool page_tells_events = false;  // the page's script sends to its own site
  std::string style_nonce;         // that style elements of ours must carry; may be empty
  std::string page_class;          // what this visitor's pages differ by, in their validators
  bool validator_passed = false;   // the upstream was asked with a page's validator of this class
  bool is_document = false;        // the answer is an HTML page

  // tags and cookies: what was held back
  std::vector<std::string> held_vendors;  // catalogue ids, each once, at most kMaxHeldVendors
  std::array<std::uint32_t, kMaxPurposes> tags_held{};
  std::array<std::uint32_t, kMaxPurposes> request_cookies_held{};
  std::array<std::uint32_t, kMaxPurposes> response_cookies_held{};

  std::vector<Sighting> sightings;  // for the site's inventory, each name once, at most kMaxSightings
  static constexpr std::size_t kMaxSightings = 48;
  /// Null: it was not seen yet in this exchange.
  Sighting* find_sighting(SeenKind kind, std::string_view name) {
    for (auto& known : sightings) {
      if (known.kind == kind && known.name == name) return &known;
    }
    return nullptr;
  }
  void see(Sighting sighting) {
    if (auto* known = find_sighting(sighting.kind, sighting.name)) {
      known->held = known->held || sighting.held;
      if (sighting.lifetime != kUnknownLifetime) known->lifetime = sighting.lifetime;
    } else if (sightings.size() < kMaxSightings) {
      sightings.push_back(std::move(sighting));
    }
  }

  static constexpr std::size_t kMaxHeldVendors = 32;
  void hold_vendor(const std::string& id) {
    for (const auto& known : held_vendors) {
      if (known == id) return;
    }
    if (held_vendors.size() < kMaxHeldVendors) held_vendors.push_back(id);
  }
};

}  // namespace portvakt::filters
