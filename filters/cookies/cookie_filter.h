// Holds back every cookie whose purpose the visitor has not granted: on requests it is cut out of `Cookie`,
// on responses its `Set-Cookie` is dropped, and with a document's answer the browser is told to forget those
// that it still holds. In observe mode it counts and changes nothing. Enforcing: a cookie that cannot be read
// is held back. Comes after the consent filter on requests. Immutable, any thread; what the settings point to
// outlives it.
#pragma once

#include <utility>

#include "config/model.h"
#include "filters/cookies/cookie_policy.h"
#include "filters/filter.h"
#include "proxy/http/cookie.h"

namespace portvakt::cookies {

struct CookieSettings {
  CookiePolicy policy;
  config::Mode mode = config::Mode::Standard;
};

class CookieFilter : public filters::Filter {
 public:
  explicit CookieFilter(CookieSettings settings) : settings_(std::move(settings)) {}

  filters::Step on_request(filters::RequestContext& context) const override;
  Result<void> on_response(filters::ResponseContext& context) const override;

 private:
  void see_set(filters::Notes& notes, const http::SetCookie& cookie, bool held) const;
  bool observes() const { return settings_.mode == config::Mode::Observe; }

  CookieSettings settings_;
};

}  // namespace portvakt::cookies
