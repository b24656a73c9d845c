#include "filters/guard/worker_script.h"

#include <memory>
#include <utility>

#include "filters/html/page_headers.h"
#include "proxy/http/content_coding.h"

namespace portvakt::guard {
namespace {

class Prefix : public filters::BodyTransform {
 public:
  explicit Prefix(std::string text) : text_(std::move(text)) {}

  void write(std::string_view bytes) override {
    send_text();
    next().write(bytes);
  }
  void end(const http::HeaderMap& trailers) override {
    send_text();
    next().end(trailers);
  }
  void abort(const Error& error) override { next().abort(error); }

 private:
  void send_text() {
    if (!text_.empty()) next().write(std::exchange(text_, {}));
  }

  std::string text_;
};

}  // namespace

bool asks_for_worker(const http::RequestHead& request) {
  const auto destination = request.headers.find("Sec-Fetch-Dest").value_or("");
  return destination == "worker" || destination == "sharedworker" || destination == "serviceworker" ||
         request.headers.find("Service-Worker") == "script";
}

void ask_for_plain_script(http::HeaderMap& request) {
  for (const auto* name : {"If-None-Match", "If-Modified-Since", "If-Range", "Range"}) request.remove(name);
  request.set("Accept-Encoding", "identity");
}

bool put_before_script(filters::ResponseContext& context, std::string guard) {
  auto& headers = context.head.headers;
  for (const auto* name : {"ETag", "Last-Modified"}) headers.remove(name);
  headers.set("Cache-Control", "private, no-cache");
  const auto coding = http::parse_content_coding(headers.find("Content-Encoding").value_or(""));
  if (coding != http::Coding::Identity) return false;
  if (context.length.none) return true;
  html::drop_body_descriptions(headers);
  context.length.bytes.reset();
  context.transforms.push_back(std::make_unique<Prefix>(std::move(guard) + "\n"));
  return true;
}

}  // namespace portvakt::guard
