// Any bytes as a page, whole and cut: no crash, and the same output.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "filters/html/rewriter.h"
#include "filters/tags/catalogue_reader.h"
#include "filters/tags/tag_handler.h"

namespace {

using namespace portvakt;

constexpr std::string_view kCatalogue = R"(vendors:
  - {id: v, name: V, purpose: marketing, kind: embed, country: NO, confidence: high, hosts: [v.no, "*.v.no", w.no/p],
     inline: ["v(", vendor_init], first_party: {paths: [/v.js], queries: [[id=V-]]}}
  - {id: p, name: P, purpose: necessary, payment: true, kind: payment, country: NO, confidence: high, hosts: [p.no]}
)";

const tags::TagPolicy& policy() {
  static Diagnostics diagnostics;
  static const auto catalogue = tags::parse_catalogue(kCatalogue, "fuzz.yaml", diagnostics);
  if (!catalogue) std::abort();
  static const tags::TagPolicy policy(*catalogue, {});
  return policy;
}

/// False if the rewriter refused the page, which may happen at any of its limits.
bool rewrite(std::string_view page, std::size_t cut, std::string& out) {
  const consent::ConsentState nothing;
  filters::Notes notes;
  const auto handler = tags::make_handler(policy(), nothing, {"https", "a.no", "/"}, notes);
  html::StringOutput output(out);
  html::Rewriter rewriter(*handler, {}, output);
  return rewriter.write(page.substr(0, cut)) && rewriter.write(page.substr(cut)) && rewriter.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view page(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string whole, cut;
  const bool done = rewrite(page, page.size(), whole);
  if (rewrite(page, std::min<std::size_t>(data[0], page.size()), cut) != done) std::abort();
  if (done && whole != cut) std::abort();
  return 0;
}
