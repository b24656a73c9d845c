// The first bytes choose the cuts, the rest is a page. Whatever the cuts, output and events are those of the
// whole page; without a handler the output is the page; a page that was rewritten to nothing-left-to-do stays
// as it is. without a handler the output is the page.
#include <cstdlib>
#include <string>
#include <string_view>

#include "filters/html/rewriter.h"
#include "tests/filters/html/page_handler.h"

namespace {

using portvakt::html::BodyInsertion;
using portvakt::html::Insertions;
using portvakt::html::Interest;
using portvakt::html::PageHandler;
using portvakt::html::rewrite;
using portvakt::html::Rewritten;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t first = 1 + data[0];
  const std::size_t piece = 1 + data[1] % 64;
  const std::string_view page(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Insertions insertions{"<script>guard</script>", "<div>banner</div>", BodyInsertion::Always};

  PageHandler whole;
  const Rewritten expected = rewrite(page, whole, insertions);
  PageHandler cut;
  const Rewritten result = rewrite(page, cut, insertions, first, piece);
  require(result.failed == expected.failed);
  require(result.failed || (result.page == expected.page && cut.events() == whole.events()));

  PageHandler nobody{Interest{}};
  const Rewritten untouched = rewrite(page, nobody, {}, first, piece);
  require(untouched.failed || untouched.page == page);
  return 0;
}
