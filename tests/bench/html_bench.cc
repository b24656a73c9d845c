// CPU speed of the HTML rewriter over made-up pages, in pieces of 16 KiB: pass-through, tags, tags and inline
// scripts. A page file may be given instead. Prints MB per second of CPU time and heap allocations per page.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

#include "filters/html/rewriter.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace portvakt::html {
namespace {

constexpr std::size_t kPageBytes = 5'000'000;
constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr int kRounds = 20;

class CountingOutput : public Output {
 public:
  void write(std::string_view slice) override { bytes += slice.size(); }
  std::size_t bytes = 0;
};

class BenchHandler : public ElementHandler {
 public:
  explicit BenchHandler(Interest interest) : interest_(std::move(interest)) {}
  Interest interest() const override { return interest_; }
  Result<void> on_element(Element& element) override {
    const auto source = element.attribute(element.tag() == Tag::Link ? "href" : "src");
    if (source && source->starts_with("https://cdn.")) element.set_attribute("data-seen", "1");
    return {};
  }
  Result<void> on_text_element(Element& element, InlineText& text) override {
    if (text.text().find("gtag(") != std::string_view::npos) element.remove_with_content();
    return {};
  }

 private:
  Interest interest_;
};

std::string made_up_page() {
  std::string page = "<!doctype html><html lang=\"en\"><head><title>Page</title></head><body>\n";
  for (int n = 0; page.size() < kPageBytes; ++n) {
    page += "<div class=\"card card--wide col-md-6\" id=\"item-" + std::to_string(n) +
            "\">\n  <h2 class=\"title\">";
    page +=
        "A heading of some length</h2>\n  <p>Text goes here, with <b>bold</b> words and a <a "
        "href=\"/path/to/page?id=";
    page += std::to_string(n) +
            "\" class=\"link\">link</a> in it; it goes on for a while as texts do.</p>\n  <ul>";
    page += "<li><span>one</span></li><li><span data-x='y'>two</span></li></ul>\n";
    if (n % 3 == 0)
      page +=
          "<img class=\"pic\" src=\"https://cdn.example.test/i/p.jpg\" alt=\"picture\" width=300 "
          "height=200>\n";
    if (n % 8 == 0)
      page +=
          "<script>window.dataLayer=[];function f(a,b){if(a<b){return gtag('x',a);}for(var "
          "i=0;i<9;i++){b+=i}}</script>\n";
    if (n % 20 == 0)
      page +=
          "<svg viewBox=\"0 0 24 24\"><path d=\"M12 2a10 10 0 100 20 10 10 0 000-20z\"/></svg>\n<!-- a "
          "comment -->\n";
    page += "</div>\n";
  }
  return page + "</body></html>";
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void measure(const char* name, const std::string& page, const Interest& interest) {
  const std::size_t before = allocations;
  const double start = cpu_seconds();
  std::size_t written = 0;
  for (int round = 0; round < kRounds; ++round) {
    BenchHandler handler(interest);
    CountingOutput output;
    Rewriter rewriter(handler, {}, output);
    for (std::size_t at = 0; at < page.size(); at += kPieceBytes) {
      if (!rewriter.write(std::string_view(page).substr(at, kPieceBytes))) std::abort();
    }
    if (!rewriter.end()) std::abort();
    written += output.bytes;
  }
  const double seconds = cpu_seconds() - start;
  const double megabytes = static_cast<double>(page.size()) * kRounds / 1e6;
  std::printf("%-24s %8.0f MB/s, %zu allocations a page, %zu bytes out\n", name, megabytes / seconds,
              (allocations - before) / kRounds, written / kRounds);
}

int run(int argc, char** argv) {
  std::string page = made_up_page();
  if (argc > 1) {
    std::ifstream file(argv[1], std::ios::binary);
    page.assign(std::istreambuf_iterator<char>(file), {});
  }
  const TagSet tags = {Tag::Script, Tag::Iframe, Tag::Img, Tag::Link};
  measure("pass-through", page, {});
  measure("tags", page, {tags, {}, false, {}});
  measure("tags and attributes", page, {tags, {"style", "background", "ping"}, true, {}});
  measure("tags and inline scripts", page, {tags, {}, false, {Tag::Script}});
  return 0;
}

}  // namespace
}  // namespace portvakt::html

int main(int argc, char** argv) {
  return portvakt::html::run(argc, argv);
}
