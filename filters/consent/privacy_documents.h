// The machine-readable privacy documents as JSON texts. They name purposes and vendors, never the visitor:
// scripts of the site may read them. No state.
#pragma once

#include <string>

#include "filters/consent/consent_settings.h"
#include "filters/consent/consent_state.h"

namespace portvakt::consent {

/// `2026-11-22`, UTC.
std::string iso_date(WallTime time);
/// `2026-11-22T12:00:00Z`.
std::string iso_time(WallTime time);

std::string state_document(const ConsentSettings& settings, const ConsentState& state);
std::string declaration_document(const ConsentSettings& settings);
/// Of a choice that stands.
std::string receipt_document(const ConsentSettings& settings, const ConsentState& state);
/// W3C Global Privacy Control, section "GPC Support Resource".
std::string gpc_document();

}  // namespace portvakt::consent
