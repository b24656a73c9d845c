// Consent cookies from anywhere: without the key nothing is a choice, and what decodes encodes to itself.
#include <cstdlib>

#include "filters/consent/consent_cookie.h"

namespace {

using portvakt::WallTime;
using namespace portvakt::consent;

ConsentSettings settings() {
  ConsentSettings site;
  site.site = "example";
  site.keys = {SigningKey::from_secret(std::string(kSigningKeyBytes, 'k'))};
  site.offered.push_back(*site.names.add("research"));
  site.vendors = {{"youtube", "YouTube", portvakt::filters::kFunctional, "US", ""}};
  return site;
}

void require(bool held) {
  if (!held) std::abort();
}

/// A state that the input spells out, so that well-signed values are met too.
ConsentState state_from(const unsigned char* bytes, std::size_t size, WallTime now) {
  ConsentState state;
  state.chosen = true;
  state.source = size > 0 && (bytes[0] & 1) != 0 ? ConsentSource::Preferences : ConsentSource::Banner;
  state.granted = portvakt::filters::PurposeSet::from_bits(size > 1 ? bytes[1] & 31U : 0);
  state.given_at = now;
  state.policy_version = "1";
  if (state.grants(portvakt::filters::kAnalytics)) state.visitor_id = "AAECAwQFBgcICQoLDA0ODw";
  if (size > 2 && (bytes[2] & 1) != 0) state.vendors_granted = {"youtube"};
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  static const ConsentCookie cookie(settings());
  const WallTime now{std::chrono::seconds(1'800'000'000)};
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  if (const auto state = cookie.decode(input, now)) require(cookie.encode(*state) == input);

  const auto state = state_from(bytes, size, now);
  auto value = cookie.encode(state);
  require(cookie.decode(value, now) == state);
  if (size > 4) {
    value[bytes[3] % value.size()] = static_cast<char>(bytes[4]);
    const auto changed = cookie.decode(value, now);
    require(!changed || *changed == state);
  }
  return 0;
}
