// What Portvakt does to a message. A filter is made once per site and snapshot, shared by all workers and
// const: what it learns goes into the exchange's Notes. It decides when a head has come, and pays per chunk
// only if it put a transform into the body's way. Filters see requests in their order and responses in the
// opposite order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filters/body_transform.h"
#include "filters/notes.h"
#include "filters/question.h"
#include "proxy/base/address.h"
#include "proxy/base/clock.h"
#include "proxy/base/result.h"
#include "proxy/http/message.h"

namespace portvakt::agents {
class AgentCache;
}
namespace portvakt::events {
class EventBudget;
}

namespace portvakt::visitor {
class OrganisationCrowds;
}

namespace portvakt::filters {

enum class Step {
  Continue,     // the next filter's turn
  CollectBody,  // call on_request again when the request's body (at most kMaxCollectedBody bytes) is here
  /// Take RequestContext::question to the desk, and call on_request again with the answer. Only for a request
  /// that the filter answers itself, and whose body it has collected or does not want.
  Ask,
  Replied,  // RequestContext::reply holds the answer; later filters and the upstream do not see the request
};

inline constexpr std::size_t kMaxCollectedBody = 16 * 1024;

/// An answer of Portvakt's own.
struct Reply {
  http::ResponseHead head;
  std::string body;
};

struct RequestContext {
  http::RequestHead& head;
  Notes& notes;
  const Clock& clock;
  /// The address of the socket's peer: full, in memory only. Empty for a Unix socket. The visitor filter
  /// replaces it by the client's own when the peer is a trusted proxy, and clears it when it has made the
  /// TruncatedIp.
  std::optional<IpAddress>& client;
  bool tls = false;
  /// Set when a filter asked for it with CollectBody and it is whole.
  std::optional<std::string> body;
  Reply reply;
  /// Set by a filter that returns Step::Ask.
  std::optional<Question> question{};
  /// Set for the filter that asked, when it is called again. Every question is answered, if only by
  /// Unavailable.
  std::optional<Answer> answer{};
  /// The worker's; null: every text is read anew.
  agents::AgentCache* agents = nullptr;
  /// The worker's; null: no operator is common.
  visitor::OrganisationCrowds* crowds = nullptr;
  /// The worker's; null: there is no bound.
  events::EventBudget* events = nullptr;
};

struct ResponseContext {
  const http::RequestHead& request;
  http::ResponseHead& head;
  http::BodyLength length;
  Notes& notes;
  const Clock& clock;
  bool tls = false;
  /// In body order: the first gets the upstream's bytes.
  std::vector<std::unique_ptr<BodyTransform>> transforms;
};

class Filter {
 public:
  virtual ~Filter() = default;
  virtual Step on_request(RequestContext&) const { return Step::Continue; }
  /// Early hints (103), reduced to their Link fields: takes out what may not be loaded yet or at all.
  virtual void on_hints(ResponseContext&) const {}
  /// An error from an enforcing filter makes the exchange answer 502: nothing unfiltered leaves.
  virtual Result<void> on_response(ResponseContext&) const { return {}; }
};

}  // namespace portvakt::filters
