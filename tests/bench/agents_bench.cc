// What reading a User-Agent costs, cold and out of the cache: agents_bench [FILE], one text a line. Build it
// with `scripts/build release agents_bench`.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "filters/agents/agent_cache.h"

namespace {

using namespace portvakt;

double cpu_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// What visits a site: current browsers, robots, an app, nonsense.
std::vector<std::string> usual_texts() {
  return {
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
      "Safari/537.36",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
      "Safari/537.36 Edg/130.0.0.0",
      "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      "Version/18.1 Mobile/15E148 Safari/604.1",
      "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
      "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
      "Mobile/21F90 [FBAN/FBIOS;FBAV/468.0.0.37.69;]",
      "something that nobody has heard of/1.0"};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> texts;
  if (argc > 1) {
    std::ifstream in(argv[1]);
    for (std::string line; std::getline(in, line);) texts.push_back(line);
  } else {
    texts = usual_texts();
  }
  const std::size_t rounds = 1 + 200'000 / texts.size();
  std::size_t read = 0;
  double before = cpu_microseconds();
  for (std::size_t i = 0; i < rounds; ++i) {
    for (const auto& text : texts) read += agents::read_user_agent(text).browser.size();
  }
  const double count = static_cast<double>(rounds * texts.size());
  std::printf("cold: %.2f us CPU a text\n", (cpu_microseconds() - before) / count);
  agents::AgentCache cache;
  before = cpu_microseconds();
  for (std::size_t i = 0; i < rounds; ++i) {
    for (const auto& text : texts) read += cache.read(text).browser.size();
  }
  std::printf("cached: %.3f us CPU a text (%llu misses, %zu texts, %zu)\n",
              (cpu_microseconds() - before) / count, static_cast<unsigned long long>(cache.misses()),
              texts.size(), read % 7);
}
