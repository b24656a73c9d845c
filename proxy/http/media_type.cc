#include "proxy/http/media_type.h"

#include "proxy/base/ascii.h"

namespace portvakt::http {

MediaType parse_media_type(std::string_view content_type) {
  MediaType out;
  const auto parts = ascii::split(content_type, ';');
  if (parts.empty() || content_type.starts_with(';')) return out;
  out.essence = ascii::lower(parts[0]);
  for (std::size_t i = 1; i < parts.size() && out.charset.empty(); ++i) {
    if (!ascii::istarts_with(parts[i], "charset=")) continue;
    auto value = parts[i].substr(8);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
      value = value.substr(1, value.size() - 2);
    out.charset = ascii::lower(value);
  }
  return out;
}

}  // namespace portvakt::http
