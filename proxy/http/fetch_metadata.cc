#include "proxy/http/fetch_metadata.h"

#include <algorithm>
#include <array>

#include "proxy/base/ascii.h"

namespace portvakt::http {
namespace {

/// Without Fetch metadata: whoever accepts HTML, or anything, and is not a script that says so.
bool would_take_a_document(const RequestHead& request) {
  if (request.headers.has("X-Requested-With")) return false;
  const auto accepted = request.headers.find("Accept");
  return !accepted || ascii::contains(*accepted, "text/html") || ascii::contains(*accepted, "*/*");
}

bool may_navigate(const RequestHead& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "POST";
}

}  // namespace

bool may_be_page(const RequestHead& request) {
  const auto dest = request.headers.find("Sec-Fetch-Dest");
  if (!dest) return true;
  static constexpr std::array<std::string_view, 14> kNeverPages = {
      "audio",  "audioworklet",  "font",         "image", "manifest", "paintworklet", "report",
      "script", "serviceworker", "sharedworker", "style", "track",    "video",        "worker"};
  return std::ranges::find(kNeverPages, *dest) == kNeverPages.end();
}

bool asks_for_document(const RequestHead& request) {
  const auto dest = request.headers.find("Sec-Fetch-Dest");
  if (dest == "iframe" || dest == "frame") return may_navigate(request);
  return asks_for_top_document(request);
}

bool asks_for_top_document(const RequestHead& request) {
  if (!may_navigate(request)) return false;
  if (const auto dest = request.headers.find("Sec-Fetch-Dest")) return *dest == "document";
  return would_take_a_document(request);
}

bool asks_for_subresource(const RequestHead& request) {
  const auto dest = request.headers.find("Sec-Fetch-Dest");
  return dest && *dest != "document";
}

}  // namespace portvakt::http
