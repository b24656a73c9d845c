// Any bytes as a configuration file: no crash, no exception, a model exactly when there is no error, and
// messages that a terminal can show.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/checks.h"
#include "config/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  portvakt::Diagnostics diagnostics;
  portvakt::config::Model model;
  const bool good = portvakt::config::read_into(model, text, "fuzz.yaml", "/", diagnostics);
  if (good != !diagnostics.has_errors()) std::abort();
  if (good && (model.sites.empty() || model.listeners.empty())) std::abort();
  portvakt::config::check_options(model, diagnostics);
  for (const char c : diagnostics.format()) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) std::abort();
  }
  return 0;
}
