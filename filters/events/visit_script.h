// The script that tells what a visitor with analytics consent does on a page: clicks that lead away,
// downloads, forms, navigation inside the page, time in the foreground. At most 1 KB compressed. It asks
// `window.portvakt` before every message, so that it falls silent in the moment consent is withdrawn.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::events {

/// Beneath the site's consent path; a name that no blocker of advertisements knows, and no bait for one.
inline constexpr std::string_view kNotePath = "note";

/// The text between `<script>` and its end tag; one for all pages of a site.
std::string visit_script(std::string_view consent_path);

}  // namespace portvakt::events
