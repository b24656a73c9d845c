// The message by which a page's script tells an event: five lines, event, screen class, seconds, path and
// target, of which the last three may be empty. Anything else is refused as a whole. Pure, any thread.
#pragma once

#include <string_view>

#include "filters/events/page_event.h"
#include "filters/visitor/url_scrubber.h"
#include "proxy/base/result.h"

namespace portvakt::events {

inline constexpr std::size_t kMaxNote = 4096;
/// A page that was looked at for longer counts as that long.
inline constexpr std::uint32_t kMaxSeconds = 24 * 3600;

Result<PageEvent> read_note(std::string_view text, const visitor::UrlScrubber& scrubber);

}  // namespace portvakt::events
