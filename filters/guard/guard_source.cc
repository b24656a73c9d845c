#include "filters/guard/guard_source.h"

#include <string_view>

#include "proxy/base/ascii.h"

namespace portvakt::guard {
namespace {

// Comment lines and indentation are left out of the page.
constexpr std::string_view kSource = R"js(
// It must never throw into the page: every step stands in a try of its own, and what a browser lacks is left as it is.
// No eval, no innerHTML: it works under any policy that lets it run.
(function (w, d, S) {
  'use strict';
  var P = S.p, asked = S.a, heard = [], O = Object, url = w.URL, later = w.setTimeout;
  function safe(f) { try { return f(); } catch (e) { } }
  function granted(p) { return P.indexOf(p) >= 0; }
  function define(o, n, g) { O.defineProperty(o, n, { get: g, enumerable: true }); }
  function each(o, f) { for (var p in o) o[p].split(' ').forEach(function (n) { if (n) f(n, p); }); }

  // The page's way to ask and to be told.
  safe(function () {
    var api = {
      open: function () {
        var e = d.querySelector('[data-portvakt=open]'), b = d.getElementById('portvakt');
        if (e) e.click(); else if (b) b.scrollIntoView(); else w.location.assign(S.u);
      },
      onchange: function (f) { if (typeof f == 'function') heard.push(f); }
    };
    define(api, 'purposes', function () { return P.slice(); });
    define(api, 'asked', function () { return asked; });
    O.defineProperty(w, 'portvakt', { value: O.freeze(api) });
  });
  function tell() {
    safe(function () { d.dispatchEvent(new CustomEvent('portvakt:consent', { detail: { purposes: P.slice(), asked: asked } })); });
    safe(function () { if (asked) (w.dataLayer = w.dataLayer || []).push({ event: 'consent_update', purposes: P.slice() }); });
  }
  safe(function () {
    if (d.readyState == 'loading') d.addEventListener('DOMContentLoaded', tell); else later(tell);
  });
  // Another page of the site was given a choice. It only rings; what was chosen is asked of the server, because a script
  // could ring too.
  safe(function () {
    var bell = new BroadcastChannel('portvakt'), get = w.fetch.bind(w);
    if (asked) bell.postMessage(0);
    bell.onmessage = function () {
      get(S.u + 'state.json', { credentials: 'same-origin' }).then(function (r) { return r.json(); }).then(function (s) {
        if (!Array.isArray(s.purposes) || '' + s.purposes == '' + P) return;
        P = s.purposes; asked = true; tell();
        heard.forEach(function (f) { safe(function () { f(P.slice()); }); });
      }, function () { });
    };
  });
  if (!S.h) return;

  // Whose is this address? Hosts are keys; a leading dot takes subdomains too. The most exact host that has something to
  // say decides, and there the longest path. '=' as a purpose means: let through.
  var M = O.create(null);
  each(S.h, function (n, p) {
    var i = n.indexOf('/'), h = i < 0 ? n : n.slice(0, i), q = i < 0 ? [''] : n.slice(i).split('?');
    (M[h] = M[h] || []).push([q[0], q[1] || '', p]);
  });
  for (var k in M) M[k].sort(function (a, b) { return (b[0] + b[1]).length - (a[0] + a[1]).length; });
  function held(a) {
    return safe(function () {
      if (a == null || a === '') return false;
      var u = new url(a, d.baseURI), h = u.hostname.replace(/\.$/, ''), s = h, i, r;
      if (!/^(http|ws)/.test(u.protocol) || h == w.location.hostname) return false;
      function ask(key) {
        r = M[key] || [];
        for (i = 0; i < r.length; i++) {
          if (!u.pathname.indexOf(r[i][0]) && u.search.indexOf(r[i][1]) >= 0) return r[i][2];
        }
      }
      var p = ask(h);
      while (!p && s) { p = ask('.' + s); i = s.indexOf('.'); s = i < 0 ? '' : s.slice(i + 1); }
      return !!p && p != '=' && !granted(p);
    }) || false;
  }
  function heldSet(v) {
    return ('' + v).split(/,\s/).some(function (c) { return held(c.trim().split(/\s/)[0]); });
  }

  // Elements: an address that is held back is never set; the element says "error", as when a network refuses.
  var T = { script: 'src', img: 'src srcset', iframe: 'src', link: 'href', embed: 'src', source: 'src srcset', object: 'data', video: 'src poster', audio: 'src', track: 'src', input: 'src' };
  function stops(e, n, v) {
    var t = T[e.localName];
    if (!t || (' ' + t + ' ').indexOf(' ' + n + ' ') < 0) return false;
    if (!(n == 'srcset' ? heldSet(v) : held(v))) return false;
    later(function () { safe(function () { e.dispatchEvent(new Event('error')); }); });
    return true;
  }
  function wrap(o, n, make) { safe(function () { if (typeof o[n] == 'function') o[n] = make(o[n]); }); }
  function wrapSet(c, n, stop) {
    safe(function () {
      var o = w[c].prototype, x = O.getOwnPropertyDescriptor(o, n);
      O.defineProperty(o, n, {
        configurable: true, enumerable: x.enumerable, get: x.get,
        set: function (v) { if (!stop(this, n, v)) x.set.call(this, v); }
      });
    });
  }
  each({ src: 'Script Image IFrame Embed Source Media Track Input', srcset: 'Image Source', href: 'Link', data: 'Object', poster: 'Video' },
    function (c, n) { wrapSet('HTML' + c + 'Element', n, stops); });
  wrap(Element.prototype, 'setAttribute', function (f) {
    return function (n, v) { if (!safe(stops.bind(0, this, ('' + n).toLowerCase(), v))) return f.apply(this, arguments); };
  });

  // Requests: answered here with nothing.
  wrap(w, 'fetch', function (f) {
    return function (r) {
      return held(r && r.url || r) ? Promise.resolve(new Response(null, { status: 204 })) : f.apply(this, arguments);
    };
  });
  wrap(w.XMLHttpRequest && w.XMLHttpRequest.prototype, 'open', function (f) {
    return function (m, a) {
      var x = [].slice.call(arguments);
      if (held(a)) x[1] = 'data:,';
      return f.apply(this, x);
    };
  });
  wrap(w.Navigator && w.Navigator.prototype, 'sendBeacon', function (f) {
    return function (a) { return held(a) || f.apply(this, arguments); };
  });

  // Cookies that scripts write.
  var C = [];
  each(S.c, function (n, p) {
    C.push([RegExp('^' + n.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*') + '$'), p]);
  });
  function heldCookie(n) { return C.some(function (c) { return !granted(c[1]) && c[0].test(n); }); }
  wrapSet('Document', 'cookie', function (e, n, v) {
    return safe(function () { return heldCookie(('' + v).split(/[=;]/)[0].trim()); });
  });
  wrap(w.CookieStore && w.CookieStore.prototype, 'set', function (f) {
    return function (n) { return heldCookie(n && n.name || n) ? Promise.resolve() : f.apply(this, arguments); };
  });

  // Stand-ins for globals that pages call. Callbacks that pages wait for (before they follow a link, say) are called.
  function call(x) {
    [].forEach.call(x, function (o) {
      if (!o || typeof o != 'object') return;
      [o.hitCallback, o.event_callback, o.eventCallback].forEach(function (f) { if (typeof f == 'function') later(f); });
    });
  }
  function stub() { call(arguments); }
  function object() {
    if (!w.Proxy) return stub;
    return new Proxy(function () { call(arguments); }, {
      get: function (t, n) { return n == 'then' || typeof n == 'symbol' ? t[n] : n in t ? t[n] : object(); }
    });
  }
  function queue() {
    var q = [];
    q.push = function () { call(arguments); return [].push.apply(q, arguments); };
    return q;
  }
  each(S.g, function (n, p) {
    safe(function () {
      var kind = n[0], name = n.slice(1);
      if (!granted(p) && !(name in w)) w[name] = kind == '[' ? queue() : kind == '{' ? object() : stub;
    });
  });
})
)js";

}  // namespace

std::string guard_source() {
  std::string out;
  for (const auto line : ascii::split(kSource, '\n')) {
    if (!line.starts_with("//")) out.append(line).append("\n");
  }
  out.pop_back();
  return out;
}

}  // namespace portvakt::guard
