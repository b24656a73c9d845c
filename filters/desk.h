// Where exchanges take their questions. Behind it is a thread that may wait; whoever asks never does. It
// outlives the workers' exchanges.
#pragma once

#include <functional>
#include <memory>

#include "filters/question.h"

namespace portvakt::filters {

class Desk {
 public:
  /// Called once, on the desk's thread.
  using Tell = std::function<void(Answer)>;

  virtual ~Desk() = default;
  /// Any thread; returns at once. False: too many questions wait already, and `tell` is never called.
  /// A question that changes nothing is dropped when its turn comes and `asker` is gone.
  virtual bool ask(Question question, std::weak_ptr<const void> asker, Tell tell) = 0;
};

}  // namespace portvakt::filters
