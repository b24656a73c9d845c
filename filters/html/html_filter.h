// Decides which answers are pages, and has those rewritten: decode, rewrite, encode. Makes sure that a page
// can be read (codings, ranges), that no shared cache mixes visitors, and that what a changed body must lose
// is lost. What to change is told by the element handler and the notes' insertions. Enforcing: a page that
// cannot be read leaves under a policy that lets it contact nobody else. Immutable, any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "filters/filter.h"
#include "filters/html/rewriter.h"
#include "proxy/http/media_type.h"

namespace portvakt::html {

struct HtmlFilterSettings {
  /// Makes the handler of one page. Request and notes outlive it.
  std::function<std::unique_ptr<ElementHandler>(const http::RequestHead&, filters::Notes&)> make_handler;
  /// Changes whenever the same page could come out otherwise for the same visitor: part of every page's
  /// validator.
  std::string edition;
  /// Somebody is held back even from visitors who granted everything.
  bool always_holds = false;
  /// Nothing is changed, the handler only counts.
  bool observe = false;
};

class HtmlFilter : public filters::Filter {
 public:
  explicit HtmlFilter(HtmlFilterSettings settings) : settings_(std::move(settings)) {}

  filters::Step on_request(filters::RequestContext& context) const override;
  Result<void> on_response(filters::ResponseContext& context) const override;

 private:
  std::string page_class(const filters::Notes& notes) const;
  void rewrite(filters::ResponseContext& context, const http::MediaType& type) const;

  HtmlFilterSettings settings_;
};

}  // namespace portvakt::html
