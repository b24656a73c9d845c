// The name under which a visitor's data is found again, erased and counted, without telling who it is: one
// way from the visitor id, different at each site. Whoever keeps records by person keeps subjects, never
// visitor ids. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::logs {

/// Characters of a subject.
inline constexpr std::size_t kSubjectSize = 22;

/// base64url of the first 16 bytes of SHA-256 over "portvakt subject", NUL, the site's name, NUL, the visitor
/// id.
std::string subject_of(std::string_view site, std::string_view visitor);

/// Whether `text` has the form of one.
bool is_subject(std::string_view text);

}  // namespace portvakt::logs
