// Any bytes as a note of an event: no crash, and what is taken is bounded and printable.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "filters/events/event_note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portvakt;
  static const visitor::UrlScrubber scrubber({"page"});
  const auto event = events::read_note({reinterpret_cast<const char*>(data), size}, scrubber);
  if (!event) return 0;
  const auto printable = [](const std::string& text) {
    return text.size() <= visitor::UrlScrubber::kMaxLength &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  };
  if (!printable(event->path) || !printable(event->target)) std::abort();
  if (event->seconds.value_or(0) > events::kMaxSeconds) std::abort();
  return 0;
}
