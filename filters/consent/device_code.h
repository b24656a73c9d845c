// The code by which another device takes over a visitor's choice: 60 random bits for people to type, and the
// seal around what is kept under it. Whoever sees the place where it is kept learns neither the code nor the
// cookies, and cannot put anything of his own there: what is sealed carries its own signature. Bound to the
// site and to our key. Const; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "filters/consent/consent_settings.h"

namespace portvakt::consent {

/// `k3f7-9qmw-x2ah`: three groups of Crockford's base32, in lower case.
std::string make_device_code();
/// A code as somebody typed it: case, spaces, hyphens and the letters that look like digits do not matter.
std::optional<std::string> read_device_code(std::string_view typed);

/// A request's number: 80 random bits, 16 characters of a–z and 2–7; and how it is shown and read.
std::string make_request_number();
std::string show_request_number(std::string_view number);
std::string read_request_number(std::string_view typed);

class DeviceCodeSeal {
 public:
  explicit DeviceCodeSeal(const ConsentSettings& settings);

  /// What the sealed text is kept under.
  std::string place(std::string_view code) const;
  std::string seal(std::string_view code, std::string_view text) const;
  std::optional<std::string> open(std::string_view code, std::string_view sealed) const;

 private:
  std::string stream(std::string_view code, std::size_t bytes) const;

  std::string label_;  // site
  std::string secret_;
};

}  // namespace portvakt::consent
