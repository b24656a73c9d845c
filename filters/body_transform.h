// Body bytes flow through sinks: the upstream's codec writes into the first, the client's pipe is the last. A
// transform is a sink in front of a sink. Contract: write any number of times, then exactly one of end or
// abort. Bytes given to write are good only during the call.
#pragma once

#include <string_view>

#include "proxy/base/result.h"
#include "proxy/http/header_map.h"

namespace portvakt::filters {

class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual void write(std::string_view bytes) = 0;
  /// The body is whole.
  virtual void end(const http::HeaderMap& trailers) = 0;
  /// The body cannot be finished: the receiver must see that it was cut short.
  virtual void abort(const Error& error) = 0;
};

class BodyTransform : public BodySink {
 public:
  /// Once, before the first write; `next` outlives this transform's last call.
  void connect(BodySink& next) { next_ = &next; }
  /// The sender pauses: what can be told already should reach the receiver now. Passes the word on.
  virtual void flush() {
    if (auto* transform = dynamic_cast<BodyTransform*>(next_)) transform->flush();
  }

  /// Bytes that it keeps for this response, its working memory included.
  virtual std::size_t held() const { return 0; }

 protected:
  BodySink& next() { return *next_; }

 private:
  BodySink* next_ = nullptr;
};

}  // namespace portvakt::filters
