#include "proxy/http/request_target.h"

#include "proxy/base/ascii.h"

namespace portvakt::http {

std::string canonical_target(std::string_view target) {
  std::string out;
  out.reserve(target.size());
  for (const char c : target) {
    if (static_cast<unsigned char>(c) < 0x80) {
      out.push_back(c);
    } else {
      out += "%" + ascii::hex(std::string_view(&c, 1));
    }
  }
  return out;
}

}  // namespace portvakt::http
