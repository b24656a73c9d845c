// Content-Type read as far as decisions need it (RFC 9110 section 8.3.1).
#pragma once

#include <string>
#include <string_view>

namespace portvakt::http {

struct MediaType {
  std::string essence;  // lower-cased type/subtype; empty if there is none
  std::string charset;  // lower-cased, without quotes; empty if there is none
};

MediaType parse_media_type(std::string_view content_type);

}  // namespace portvakt::http
