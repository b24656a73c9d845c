#include "filters/consent/consent_state.h"

namespace portvakt::consent {

std::string_view source_name(ConsentSource source) {
  switch (source) {
    case ConsentSource::RegionDefault:
      return "default";
    case ConsentSource::Gpc:
      return "gpc";
    case ConsentSource::DoNotTrack:
      return "dnt";
    case ConsentSource::Banner:
      return "banner";
    case ConsentSource::Preferences:
      return "preferences";
  }
  return "default";
}

}  // namespace portvakt::consent
