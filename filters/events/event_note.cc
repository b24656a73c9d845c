#include "filters/events/event_note.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"
#include "proxy/http/url.h"

namespace portvakt::events {
namespace {

constexpr std::size_t kLines = 5;
constexpr std::size_t kMaxDigits = 9;
constexpr std::array<std::string_view, 5> kScreens = {"xs", "s", "m", "l", "xl"};

enum class Target { None, Origin, Path, Either };

struct Kind {
  std::string_view name;
  Target target;
  bool seconds;
};
constexpr std::array<Kind, 5> kKinds = {{{"view", Target::None, false},
                                         {"outbound", Target::Origin, false},
                                         {"download", Target::Path, false},
                                         {"form", Target::Either, false},
                                         {"leave", Target::None, true}}};

tl::unexpected<Error> refusal() {
  return failure(ErrorKind::Malformed, "not a note of an event", ErrorSide::Client);
}

bool is_path(std::string_view text) {
  return text.starts_with('/') && !text.starts_with("//") &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; });
}

/// True if the target is one that the event may have; it then stands scrubbed in `event`.
bool read_target(std::string_view text, Target wanted, const visitor::UrlScrubber& scrubber,
                 PageEvent& event) {
  if (wanted == Target::None) return text.empty();
  if (wanted != Target::Origin && is_path(text)) {
    event.target = scrubber.scrub_target(text.substr(0, text.find('?')));
    return true;
  }
  if (wanted == Target::Path) return false;
  event.target = scrubber.scrub_referrer(text, false);
  return !event.target.empty();
}

}  // namespace

Result<PageEvent> read_note(std::string_view text, const visitor::UrlScrubber& scrubber) {
  if (text.size() > kMaxNote) return refusal();
  std::array<std::string_view, kLines> lines;
  for (std::size_t i = 0; i < kLines; ++i) {
    const auto end = text.find('\n');
    if ((end == std::string_view::npos) != (i + 1 == kLines)) return refusal();
    lines[i] = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  const auto kind = std::ranges::find(kKinds, lines[0], &Kind::name);
  const auto screen = std::ranges::find(kScreens, lines[1]);
  if (kind == kKinds.end() || screen == kScreens.end()) return refusal();
  PageEvent event;
  event.name = kind->name;
  event.screen = *screen;
  const auto seconds = ascii::parse_uint(lines[2]);
  if (lines[2].empty() == kind->seconds || lines[2].size() > kMaxDigits) return refusal();
  if (kind->seconds && !seconds) return refusal();
  if (kind->seconds)
    event.seconds = static_cast<std::uint32_t>(std::min<std::uint64_t>(*seconds, kMaxSeconds));
  if (!is_path(lines[3])) return refusal();
  event.path = scrubber.scrub_target(lines[3]);
  if (!read_target(lines[4], kind->target, scrubber, event)) return refusal();
  return event;
}

}  // namespace portvakt::events
