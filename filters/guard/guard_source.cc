#include "filters/guard/guard_source.h"

#include "filters/guard/script_packer.h"

namespace portvakt::guard {
namespace {

// Written for script_packer.h: names with an underscore at their end get one letter in the page, and every
// statement ends in a semicolon. Nothing here may throw into the page: each step stands in a try of its own,
// and what a browser lacks is left as it is. No eval and no markup of our own, so it runs under any policy
// that lets it in. `w` and `d` are the realm that is guarded: frames get the same treatment, workers have no
// `d`. `S` is the consent class, which all realms of a page share, and what they keep together.
constexpr std::string_view kBeginning = R"js(
(function guard_(w, d, S) {
  'use strict';
  var O = Object, heard_ = [],
    safe_ = f => { try { return f(); } catch (e) {} },
    later_ = f => setTimeout(() => safe_(f)),
    nothing_ = () => {};

  // The page's way to ask and to be told.
  var tell_ = () => {
    safe_(() => d.dispatchEvent(new CustomEvent('portvakt:consent', {detail: {purposes: [...S.p], asked: S.a}})));
    safe_(() => S.a && (w.dataLayer = w.dataLayer || []).push({event: 'consent_update', purposes: [...S.p]}));
  };
  if (!S.q) {
    S.q = [];
    S.w = new WeakSet;
    S.b = new Map;
    S.o = w.location.hostname;
    safe_(() => S.t = (S.e = d.currentScript).text);
    safe_(() => O.defineProperty(w, 'portvakt', {value: O.freeze({
      get purposes() { return [...S.p]; },
      get asked() { return S.a; },
      open() {
        var e = d.querySelector('[data-portvakt=open]'), b = d.getElementById('portvakt');
        e ? e.click() : b ? b.scrollIntoView() : w.location.assign(S.u);
      },
      onchange(f) { heard_.push(f); }
    })}));
    safe_(() => d.readyState == 'loading' ? d.addEventListener('DOMContentLoaded', tell_) : later_(tell_));
  }

  // What purpose does a name need? The names of a class are a set of hashes (packed_names.h), unpacked when first asked.
  // Of the beginnings of a text that end at a border, the longest that is known decides; with a star, any beginning.
  var find_ = (text_, star_) => {
    var found_, hash_ = -2128831035, i, p,
      mix_ = (h, c) => Math.imul(h ^ c, 16777619),
      ask_ = h => found_ = S.m[h >>> 0] || found_;
    if (!S.m) {
      S.m = {};
      for (p in S.h) {
        var s = atob(S.h[p]), high_ = 0, at_ = 0, byte_ = k => s.charCodeAt(k);
        for (i = 0; high_ < 256; i++)
          byte_(s.length - 1 - (i >> 3)) >> i % 8 & 1
            ? S.m[((high_ * 256 + byte_(at_++)) * 256 + byte_(at_++)) * 256 + byte_(at_++)] = p
            : high_++;
      }
    }
    for (i = 0; i < text_.length;) {
      hash_ = mix_(hash_, text_.charCodeAt(i));
      ask_(mix_(hash_, star_));
      /^[^a-z\d]|^.([^a-z\d]|$)/i.test(text_.substr(i++, 2)) && ask_(hash_);
    }
    return found_;
  };
  // What hashes cannot say (a star within, parts of a query) is a pattern.
  var fits_ = (patterns_, text_) => {
    for (var p in patterns_) if ((patterns_[p] = RegExp(patterns_[p])).test(text_)) return p;
  };
  var refused_ = p => p && p != '=' && !S.p.includes(p);
  var heldName_ = (n, star_) => refused_(fits_(S.x, n) || find_(n, star_));
  // On the site's own hosts the shape of an address tells a vendor, elsewhere the host.
  var held_ = a => a && safe_(() => {
    var u = new URL(a, d ? d.baseURI : w.location), h = u.hostname.replace(/\.$/, ''), p = u.pathname;
    p = safe_(() => decodeURIComponent(p)) || p;
    return /^(http|ws)/.test(u.protocol) && refused_(('.' + h).endsWith('.' + S.o.replace(/^www\./, ''))
      ? find_(p) || fits_(S.y, p + u.search)
      : fits_(S.x, h + p + u.search) || find_(h.split('.').reverse().join('.') + '.' + p));
  });
)js";

constexpr std::string_view kElements = R"js(
  // Wraps a method or an accessor. `f` gets the object, the arguments, which it may change, and the way on.
  var wrap_ = (o, n, f) => safe_(() => {
    var x = O.getOwnPropertyDescriptor(o, n) || {value: o[n], writable: true, configurable: true},
      k = x.set ? 'set' : x.get ? 'get' : 'value', own_ = x[k];
    if (!own_) return;
    x[k] = function (...a) { return f(this, a, () => own_.apply(this, a)); };
    O.defineProperty(o, n, x);
  });
  var prototype_ = c => (w[c] || 0).prototype;
  var wrapAll_ = (names_, f) => names_.split(' ').map(n => {
    var [c, k] = n.split('.');
    wrap_(k ? prototype_(c) : w, k || c, f);
  });
  var refuse_ = () => {
    var p = Promise.reject(new TypeError('Failed to fetch'));
    p.catch(nothing_);
    return p;
  };

  // An address that is held back is never set; the element says "error", as when a network refuses.
  var loads_ = (tag_, n, v) => /^(src|(image)?srcset|data|poster|background|ping|(xlink:)?href)$/.test(n)
    && (n == 'ping' || !/^(a|area|base)$/i.test(tag_))
    && (/set|ping/.test(n) ? ('' + v).split(/,?\s/).find(held_) : held_(v) && v);
  var put_ = (e, n, a, k, go_) => {
    n = ('' + n).toLowerCase();
    if (n == 'srcdoc') a[k] = framed_(a[k]);
    var u = safe_(() => loads_(e.localName, n, a[k]));
    if (!u || S.w.has(e)) return go_();
    S.q.push({e, u, f: go_});
    later_(() => e.dispatchEvent(new Event('error')));
  };

  // Markup: in tags that would load, the attribute gets another name. Nothing else in it changes.
  // Where a page gives a trusted value, so does the guard; nobody else gets at its policy.
  var policy_, same_ = s => s,
    trust_ = (v, s, kind_) => '' + v === s ? v : !v || v.big ? s : safe_(() =>
      (policy_ = policy_ || w.trustedTypes.createPolicy('portvakt', {createHTML: same_, createScript: same_, createScriptURL: same_}))[kind_ || 'createHTML'](s)) || s,
    quoted_ = s => s.replace(/&/g, '&amp;').replace(/"/g, '&quot;'),
    plain_ = s => s.replace(/^["']|["']$/g, '').replace(/&(?:#(x?)([\da-f]+)|(amp|lt|gt|quot));?/gi,
      (m, x, c, n) => n ? {amp: '&', lt: '<', gt: '>', quot: '"'}[n] : String.fromCodePoint(parseInt(c, x ? 16 : 10))),
    markup_ = v => trust_(v, ('' + v).replace(/<([a-z][^\s\/>]*)(?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (t, tag_) =>
      t.replace(/([\s"'\/])([a-z:]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)/gi, (all_, gap_, n, is_, q) =>
        (n = n.toLowerCase()) == 'srcdoc' ? gap_ + n + '="' + quoted_(framed_(plain_(q))) + '"'
          : loads_(tag_, n, plain_(q)) ? gap_ + 'data-portvakt-' + n + is_ + q : all_))),
    // A frame made of markup is a realm of its own, which begins with a guard of its own.
    framed_ = v => trust_(v, '\x3cscript nonce="' + S.e.nonce + '">' + S.t + '\x3c/script>' + markup_(v));

  // A tag may come in pieces: what is not whole waits for the next piece.
  var waiting_ = '', write_ = (o, a, go_) => {
    if (S.k && safe_(() => S.k(a.join('')))) return;
    var v = a[0], s = waiting_ + a.join(''), i = s.search(/<(\/?[a-z](?:"[^"]*"|'[^']*'|[^>"'])*("[^"]*|'[^']*)?)?$/i);
    if (i < 0 || s.indexOf('>', i) > 0) i = s.length;
    waiting_ = s.slice(i);
    s = markup_(s.slice(0, i));
    a.splice(0, a.length, trust_(v, s));
    go_();
  };
)js";

constexpr std::string_view kHooks = R"js(
  var arm_ = () => {
  if (S.w.has(prototype_)) return;
  S.w.add(prototype_);
  if (d) {
    'Script.src Image.src.srcset IFrame.src.srcdoc Frame.src Embed.src Source.src.srcset Media.src Track.src Input.src Link.href.imageSrcset Object.data Video.poster Anchor.ping Body.background'.split(' ').map(c => {
      var [t, ...k] = c.split('.');
      k.map(n => wrap_(prototype_('HTML' + t + 'Element'), n, (e, a, go_) => put_(e, n, a, 0, go_)));
    });
    wrapAll_('Element.setAttribute', (e, a, go_) => put_(e, a[0], a, 1, go_));
    wrapAll_('Element.setAttributeNS', (e, a, go_) => put_(e, a[1], a, 2, go_));
    wrapAll_('Element.setAttributeNode Element.setAttributeNodeNS', (e, a, go_) => put_(e, a[0].name, [a[0].value], 0, go_));
    wrapAll_('Attr.value', (o, a, go_) => o.ownerElement ? put_(o.ownerElement, o.name, a, 0, go_) : go_());
    wrapAll_('Element.innerHTML Element.outerHTML ShadowRoot.innerHTML Range.createContextualFragment DOMParser.parseFromString Element.setHTMLUnsafe', (o, a, go_) => (a[0] = markup_(a[0]), go_()));
    wrapAll_('Element.insertAdjacentHTML', (o, a, go_) => (a[1] = markup_(a[1]), go_()));
    wrapAll_('Document.write Document.writeln', write_);
    wrapAll_('HTMLFormElement.submit', (e, a, go_) => held_(e.getAttribute('action')) || go_());
    // Frames and windows without an address of their own are ours to guard from their first moment.
    var enter_ = x => (safe_(() => x.portvakt || S.w.has(x.document) || guard_(x, S.w.add(x.document) && x.document, S)), x);
    wrapAll_('HTMLIFrameElement.contentWindow open', (o, a, go_) => enter_(go_()));
    wrapAll_('HTMLIFrameElement.contentDocument', (o, a, go_) => {
      var x = go_();
      x && enter_(x.defaultView);
      return x;
    });
    wrapAll_('Document.cookie', (o, a, go_) => safe_(() => heldName_(('' + a[0]).split(/[=;]/)[0].trim() + '=', 42)) || go_());
    wrapAll_('CookieStore.set', (o, a, go_) => safe_(() => heldName_((a[0].name || a[0]) + '=', 42)) ? Promise.resolve() : go_());
    wrapAll_('Storage.setItem', (o, a, go_) => safe_(() => heldName_(a[0] + '~')) || go_());
  }

  // Requests.
  wrapAll_('fetch ServiceWorkerContainer.register', (o, a, go_) => held_(a[0] && a[0].url || a[0]) ? refuse_() : go_());
  wrapAll_('XMLHttpRequest.open', (x, a, go_) => {
    S.w.has(x) && delete x.readyState;
    S.w[held_(a[1]) ? 'add' : 'delete'](x);
    go_();
  });
  wrapAll_('XMLHttpRequest.send', (x, a, go_) => S.w.has(x) ? later_(() => {
    O.defineProperty(x, 'readyState', {value: 4, configurable: true});
    ['readystatechange', 'error', 'loadend'].map(n => x.dispatchEvent(new ProgressEvent(n)));
  }) : go_());
  wrapAll_('Navigator.sendBeacon', (o, a, go_) => held_(a[0]) || go_());
  wrapAll_('importScripts', (o, a, go_) => (a.splice(0, a.length, ...a.filter(u => !held_(u))), go_()));
  // Workers that are made of text get the guard before it; those of the site's own address get it from the proxy.
  safe_(() => {
    wrap_(w.URL, 'createObjectURL', (o, a, go_) => {
      var u = go_();
      S.b.set(u, a[0]);
      return u;
    });
    wrap_(w.URL, 'revokeObjectURL', (o, a, go_) => (S.b.delete(a[0]), go_()));
  });
  'WebSocket EventSource WebTransport Worker SharedWorker Audio'.split(' ').map(n => safe_(() => {
    var own_ = w[n];
    w[n] = new Proxy(own_, {construct(c, a, t) {
      if (n == 'Audio') {
        var e = new own_;
        if (a[0]) e.src = a[0];
        return e;
      }
      var text_ = /W.*r$/.test(n) && S.t && S.b.get('' + a[0]), u;
      if (text_) {
        u = w.URL.createObjectURL(new Blob([S.t, '\n', text_], text_));
        a[0] = trust_(a[0], u, 'createScriptURL');
      }
      if (!held_(a[0])) return Reflect.construct(c, a, t);
      e = new EventTarget;
      e.port = e;
      e.readyState = 3;
      e.close = e.send = e.start = e.postMessage = e.terminate = nothing_;
      later_(() => ['error', 'close'].map(n => {
        u = new Event(n);
        e.dispatchEvent(u);
        e['on' + n] && e['on' + n](u);
      }));
      return e;
    }});
    if (n != 'Audio') own_.prototype.constructor = w[n];
  }));

  };

  // Stand-ins for globals that pages call. Callbacks that pages wait for (before they follow a link, say) are called.
  var call_ = a => a.map(o => o && ['hitCallback', 'event_callback', 'eventCallback'].map(k => o[k] && later_(o[k]))),
    stub_ = () => function (...a) { call_(a); },
    object_ = () => new Proxy(stub_(), {get: (t, n) => n in t || n == 'then' || n.big == null ? t[n] : object_()});
  // Those of purposes that are granted later make way for the real ones. A list keeps what was pushed.
  var stubs_ = [],
    unstub_ = () => stubs_ = stubs_.filter(([n, x, p]) => refused_(p) || w[n] === x && (Array.isArray(x) ? delete x.push : delete w[n]) && 0);
  for (let p in S.g) S.g[p].split(' ').map(k => safe_(() => {
    var n = k.slice(1), q = [];
    if (S.p.includes(p) || n in w) return;
    if (k[0] == '[') q.push = (...a) => (call_(a), [].push.apply(q, a));
    w[n] = k[0] == '[' ? q : k[0] == '{' ? object_() : stub_();
    stubs_.push([n, w[n], p]);
  }));
)js";

constexpr std::string_view kEnd = R"js(
  // A choice is taken on the page where it is made, by a script that comes when somebody chooses.
  if (d && !S.f) {
    S.f = 1;
    var get_ = w.fetch && w.fetch.bind(w), bell_, kit_,
      jar_ = safe_(() => O.getOwnPropertyDescriptor(w.Document.prototype, 'cookie')),
      ring_ = () => bell_ && bell_.postMessage(0),
      load_ = async () => kit_ || get_(S.u + 'update.js').then(r => r.text()).then(t => new Promise((f, fail_) => {
        var e = d.createElement('script');
        e.portvakt = k => f(kit_ = k({S, w, d, O, safe: safe_, later: later_, held: held_, heldName: heldName_, loads: loads_,
          trust: trust_, arm: arm_, unstub: unstub_, tell: tell_, heard: heard_, get: get_, ring: ring_, jar: jar_}));
        if (S.e.nonce) e.nonce = S.e.nonce;
        e.text = trust_(S, t, 'createScript');
        d.head.append(e);
        e.remove();
        fail_();
      }));
    d.addEventListener('submit', e => {
      var f = e.target, b = e.submitter;
      if (!get_ || !b || f.getAttribute('data-portvakt') != 'form') return;
      e.preventDefault();
      load_().then(k => k.choose(f, b)).catch(() => {
        f.removeAttribute('data-portvakt');
        // A form does not submit while it is submitting.
        later_(() => b.click());
      });
    });
    d.addEventListener('click', e => {
      var a = e.target.closest && e.target.closest('[data-portvakt=once]');
      a && load_().then(k => k.once(a)).catch(nothing_);
    });
    // Another page of the site was given a choice. It only rings; what was chosen is asked of the server, because a
    // script could ring too.
    later_(() => {
      bell_ = new BroadcastChannel('portvakt');
      S.a && ring_();
      bell_.onmessage = () => get_(S.u + 'state.json').then(r => r.json()).then(s =>
        Array.isArray(s.purposes) && ('' + s.purposes != S.p || !S.a) && load_().then(k => k.update(false, s))).catch(nothing_);
    });
  }
  S.h && arm_();
})
)js";

}  // namespace

std::string guard_source() {
  return pack_script(std::string(kBeginning) + std::string(kElements) + std::string(kHooks) +
                     std::string(kEnd));
}

}  // namespace portvakt::guard
