// Any bytes as a User-Agent: no crash, never past the bound of steps, names bounded.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "filters/agents/agent.h"
#include "filters/agents/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portvakt::agents;
  std::uint32_t steps = 0;
  const Agent agent = read_user_agent({reinterpret_cast<const char*>(data), size}, steps);
  if (steps > Matcher::kMaxSteps || agent.browser.size() > 64 || agent.version.size() > 8) std::abort();
  return 0;
}
