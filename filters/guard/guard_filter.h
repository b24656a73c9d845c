// Sets what the browser itself enforces: puts the guard script before every other script of a document or
// worker, lets
// our script and style through the site's Content-Security-Policy, refuses third parties by policy in strict
// mode and for documents that are not HTML, and takes vendors out of response fields (Link, Refresh,
// reporting). On responses it comes after the filters that fill Notes::head_insertion and before the HTML
// filter. Enforcing. Immutable, any thread.
#pragma once

#include <string>
#include <vector>

#include "config/model.h"
#include "filters/filter.h"
#include "filters/guard/content_security_policy.h"
#include "filters/guard/guard_script.h"
#include "filters/guard/strict_policy.h"

namespace portvakt::tags {
class TagPolicy;
}

namespace portvakt::guard {

struct GuardSettings {
  config::Mode mode = config::Mode::Standard;
  /// From make_script_settings(). Its `holds` is set by the filter, from `mode`.
  GuardScriptSettings script;
  /// Inline texts of others (the banner's) that the site's policy must let through.
  std::vector<std::string> extra_scripts;
  std::vector<std::string> extra_styles;
  /// Strict mode: hosts that may be loaded from whatever the visitor chose (`js.stripe.com`, `*.klarna.com`).
  std::vector<std::string> allowed_hosts;
  /// Judges URLs in headers. May be null; outlives the filter.
  const tags::TagPolicy* policy = nullptr;
};

class GuardFilter : public filters::Filter {
 public:
  explicit GuardFilter(GuardSettings settings);

  filters::Step on_request(filters::RequestContext& context) const override;
  void on_hints(filters::ResponseContext& context) const override;
  Result<void> on_response(filters::ResponseContext& context) const override;

 private:
  void guard_page(filters::ResponseContext& context) const;
  GuardScript::Text script_text(const filters::Notes& notes) const;
  void guard_worker(filters::ResponseContext& context) const;

  config::Mode mode_;
  const tags::TagPolicy* policy_;
  StrictPolicy strict_;
  GuardScript script_;
  OwnInline others_;
};

}  // namespace portvakt::guard
