#include "filters/html/rewriter.h"

#include "filters/html/page.h"

namespace portvakt::html {

/// What the page refers to, so that it may be built once and stay where it is.
struct Rewriter::State {
  State(ElementHandler& handler, Insertions own, Output& output)
      : interest(handler.interest()),
        insertions(std::move(own)),
        page(handler, interest, insertions, output, Page::Part::Whole) {}

  Interest interest;
  Insertions insertions;
  Page page;
};

Rewriter::Rewriter(ElementHandler& handler, Insertions insertions, Output& output)
    : handler_(handler), state_(std::make_unique<State>(handler, std::move(insertions), output)) {}

Rewriter::~Rewriter() = default;

Result<void> Rewriter::write(std::string_view bytes) {
  return state_->page.write(bytes);
}

Result<void> Rewriter::end() {
  if (Result<void> ended = state_->page.end(); !ended) return ended;
  return handler_.on_end();
}

std::size_t Rewriter::held() const {
  return state_->page.held();
}

bool Rewriter::changed() const {
  return state_->page.changed();
}

}  // namespace portvakt::html
