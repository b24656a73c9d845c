// What one visitor has granted on one site, now, and how that came about. A value: copied, compared, no I/O.
// Unknown means no: a fresh state grants `necessary` alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "filters/purposes.h"
#include "proxy/base/clock.h"

namespace portvakt::consent {

enum class ConsentSource : std::uint8_t {
  RegionDefault,  // nothing chosen: what the region allows
  Gpc,            // Sec-GPC: 1 lowered the region's default
  DoNotTrack,     // DNT: 1 did, where the operator heeds it
  Banner,         // a button of the banner
  Preferences,    // the privacy page
};

struct ConsentState {
  filters::PurposeSet granted;
  /// The visitor chose here, and the choice still stands (signature, expiry, policy version).
  bool chosen = false;
  ConsentSource source = ConsentSource::RegionDefault;
  /// When the choice was made; the epoch when there is none.
  WallTime given_at{};
  /// The policy version chosen under; empty when there is no choice.
  std::string policy_version;
  /// 128 random bits as base64url; empty unless the visitor granted analytics.
  std::string visitor_id;
  /// Vendors decided apart from their purpose, by catalogue id.
  std::vector<std::string> vendors_granted;
  std::vector<std::string> vendors_refused;

  bool grants(filters::Purpose purpose) const { return granted.has(purpose); }
  friend bool operator==(const ConsentState&, const ConsentState&) = default;
};

/// The contract's word for a source, as receipts carry it: `default`, `gpc`, `dnt`, `banner`, `preferences`.
std::string_view source_name(ConsentSource source);

}  // namespace portvakt::consent
