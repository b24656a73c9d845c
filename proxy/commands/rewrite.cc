#include <array>
#include <cstdio>

#include "filters/html/rewriter.h"
#include "filters/tags/tag_handler.h"
#include "proxy/commands/page_site.h"

namespace portvakt::commands {
namespace {

class StandardOutput : public html::Output {
 public:
  void write(std::string_view slice) override { std::fwrite(slice.data(), 1, slice.size(), stdout); }
};

}  // namespace

int rewrite(const PageOptions& options) {
  int exit_code = kExitOk;
  const auto page = open_page_site(options, exit_code);
  if (!page) return exit_code;
  filters::Notes notes;
  const auto handler = tags::make_handler(*page->policy, page->consent, page->facts(), notes);
  StandardOutput output;
  html::Rewriter rewriter(*handler, {}, output);
  std::array<char, 16384> chunk;
  Result<void> written;
  while (written && !std::feof(stdin)) {
    const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), stdin);
    written = rewriter.write({chunk.data(), count});
  }
  if (written) written = rewriter.end();
  if (written) return kExitOk;
  std::fprintf(stderr, "portvakt: the page cannot be rewritten: %s\n", written.error().detail.c_str());
  return kExitFaults;
}

}  // namespace portvakt::commands
