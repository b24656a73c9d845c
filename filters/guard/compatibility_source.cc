#include "filters/guard/compatibility_source.h"

#include <string_view>

#include "filters/guard/script_packer.h"

namespace portvakt::guard {
namespace {

// Each is a function that is called at once: `a` are the answers, `t` tells of a choice. What a page has set
// under the same name stays.
constexpr std::string_view kCookiebot = R"js(
;(p => {
  var has_ = n => p.purposes.includes(n),
    consent_ = {
      necessary: true,
      get preferences() { return has_('functional'); },
      get statistics() { return has_('analytics'); },
      get marketing() { return has_('marketing'); },
      get method() { return p.asked ? 'explicit' : null; }
    },
    say_ = n => self.dispatchEvent(new Event(n)),
    tell_ = () => {
      say_('CookiebotOnConsentReady');
      if (p.asked) say_(p.purposes.length > 1 ? 'CookiebotOnAccept' : 'CookiebotOnDecline');
    };
  self.Cookiebot = {
    consent: consent_,
    get hasResponse() { return p.asked; },
    get consented() { return p.purposes.length > 1; },
    get declined() { return p.asked && p.purposes.length < 2; },
    show: p.open, renew: p.open, withdraw: p.open
  };
  document.addEventListener('portvakt:consent', tell_);
})(portvakt);
)js";

constexpr std::string_view kCookieConsent = R"js(
;(p => {
  var has_ = n => p.purposes.includes(n), first_ = true,
    state_ = () => ({categories: p.purposes}),
    say_ = n => self.dispatchEvent(new CustomEvent(n, {detail: {cookie: state_(), changedCategories: []}}));
  self.CookieConsent = {
    acceptedCategory: has_,
    validConsent: () => p.asked,
    getCookie: n => n ? state_()[n] : state_(),
    getUserPreferences: () => ({acceptedCategories: p.purposes, rejectedCategories: ['functional', 'analytics', 'marketing'].filter(n => !has_(n)), acceptType: p.purposes.length < 2 ? 'necessary' : p.purposes.length > 3 ? 'all' : 'custom'}),
    show: p.open, showPreferences: p.open, run: () => Promise.resolve()
  };
  document.addEventListener('portvakt:consent', () => {
    if (p.asked) say_(first_ ? 'cc:onConsent' : 'cc:onChange');
    first_ = !p.asked;
  });
})(portvakt);
)js";

constexpr std::string_view kKlaro = R"js(
;(p => {
  var watchers_ = new Set,
    has_ = n => p.purposes.includes(n),
    manager_ = {
      get confirmed() { return p.asked; },
      get consents() { return Object.fromEntries(['necessary', 'functional', 'analytics', 'marketing'].map(n => [n, has_(n)])); },
      getConsent: has_,
      watch: w => watchers_.add(w),
      unwatch: w => watchers_.delete(w)
    };
  self.klaro = {getManager: () => manager_, show: p.open};
  p.onchange(() => watchers_.forEach(w => {
    try { w.update(manager_, 'consents', manager_.consents); } catch (e) {}
  }));
})(portvakt);
)js";

constexpr std::string_view kOneTrust = R"js(
;(p => {
  var groups_ = {necessary: 'C0001', analytics: 'C0002', functional: 'C0003', marketing: 'C0004'},
    now_ = () => p.purposes.map(n => groups_[n] || n),
    set_ = () => self.OnetrustActiveGroups = self.OptanonActiveGroups = ',' + now_() + ',';
  self.OneTrust = {
    ToggleInfoDisplay: p.open,
    IsAlertBoxClosed: () => p.asked,
    OnConsentChanged: f => p.onchange(() => f(new CustomEvent('consent.onetrust', {detail: now_()})))
  };
  self.Optanon = self.OneTrust;
  set_();
  document.addEventListener('portvakt:consent', () => {
    set_();
    self.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', {detail: now_()}));
    try { self.OptanonWrapper && self.OptanonWrapper(); } catch (e) {}
  });
})(portvakt);
)js";

std::string_view source_of(config::ConsentDialect dialect) {
  switch (dialect) {
    case config::ConsentDialect::Cookiebot:
      return kCookiebot;
    case config::ConsentDialect::CookieConsent:
      return kCookieConsent;
    case config::ConsentDialect::Klaro:
      return kKlaro;
    case config::ConsentDialect::OneTrust:
      return kOneTrust;
  }
  return {};
}

}  // namespace

std::string compatibility_source(config::ConsentDialect dialect) {
  return pack_script(source_of(dialect));
}

}  // namespace portvakt::guard
