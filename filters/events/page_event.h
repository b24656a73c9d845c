// What a page's script told of a visitor with analytics consent, minimised: ready for the record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portvakt::events {

struct PageEvent {
  std::string_view name;  // view | outbound | download | form | leave
  std::string path;       // of the page, scrubbed
  std::string target;     // scrubbed: an origin, or a path of the site; empty for view and leave
  std::optional<std::uint32_t> seconds;  // of leave: since the page last came to the foreground
  std::string_view screen;               // xs | s | m | l | xl

  friend bool operator==(const PageEvent&, const PageEvent&) = default;
};

}  // namespace portvakt::events
