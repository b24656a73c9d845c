// What visitors send to the privacy pages: form fields, codes and numbers as typed, the cookie of frozen
// data. Nothing is read twice as different things, and what is kept is printable.
#include <cstdlib>

#include "filters/consent/device_code.h"
#include "filters/consent/form_post.h"
#include "filters/consent/frozen_cookie.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

portvakt::consent::ConsentSettings settings() {
  portvakt::consent::ConsentSettings settings;
  settings.site = "example";
  settings.keys = {
      portvakt::consent::SigningKey::from_secret(std::string(portvakt::consent::kSigningKeyBytes, 'k'))};
  return settings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace portvakt::consent;
  static const FrozenCookie cookie(settings());
  static const DeviceCodeSeal seal(settings());
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  require(!cookie.decode(input, portvakt::WallTime{std::chrono::days{20'000}}));
  const auto text = typed_text(form_field(input, "words"), 100);
  require(text.size() <= 100);
  for (const char c : text) require(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  if (const auto code = read_device_code(input)) require(read_device_code(*code) == code);
  const auto number = read_request_number(input);
  require(number.empty() || read_request_number(show_request_number(number)) == number);
  require(*seal.open("code", seal.seal("code", input)) == input);
  seal.open("code", input);
  return 0;
}
