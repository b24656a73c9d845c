#include "filters/guard/guard_update_source.h"

#include "filters/guard/script_packer.h"

namespace portvakt::guard {
namespace {

// Written for script_packer.h, as the guard is (guard_source.cc), which hands in what is named first.
constexpr std::string_view kRelease = R"js(
document.currentScript.portvakt(({S, w, d, O, safe, later, held, heldName, loads, trust, arm, unstub, tell, heard, get, ring, jar}) => {
  // A copy that the browser takes for new: scripts run, everything loads.
  var placed_ = new WeakSet, mark_ = 'data-portvakt-held',
    fresh_ = m => {
      if (m.localName != 'script') return d.importNode(m, true);
      var e = d.createElement('script');
      [...m.attributes].map(a => e.setAttribute(a.name, a.name == 'src' ? trust(S, a.value, 'createScriptURL') : a.value));
      if (S.e.nonce) e.nonce = S.e.nonce;
      e.async = m.hasAttribute('async');
      e.text = trust(S, m.text, 'createScript');
      placed_.add(e);
      return e;
    };
  // What is at this place of the page as it is now. What the old page had not, and what is ours, does not count.
  var twin_ = (e, from_) => {
    if (e == from_.documentElement || e == from_.head || e == from_.body) return d[e == from_.head ? 'head' : e == from_.body ? 'body' : 'documentElement'];
    if (e.id) return d.getElementById(e.id);
    var p = e.parentNode && twin_(e.parentNode, from_),
      like_ = x => x.localName == e.localName && !/^portvakt/.test(x.id) && x != S.e && !placed_.has(x) && !x.matches('.portvakt-embed') && !(x.hasAttribute(mark_) && x.getAttribute(mark_) != '~');
    return p && [...p.children].filter(like_)[[...e.parentNode.children].filter(like_).indexOf(e)];
  };
  var insert_ = (m, from_) => {
    var how_ = m.getAttribute(mark_), next_ = m, e, at_ = how_ == '~' ? twin_(m, from_)
      : how_ && d.querySelector('.portvakt-embed[data-vendor="' + how_ + '"]');
    m.removeAttribute(mark_);
    if (how_ == '~') {
      if (!at_) return;
      [...m.attributes].map(a => a.name == 'nonce' || at_.getAttribute(a.name) == a.value || at_.setAttribute(a.name, a.value));
      if (m.localName == 'style') at_.textContent = m.textContent;
      return;
    }
    e = fresh_(m);
    m.setAttribute(mark_, '');
    placed_.add(e);
    if (at_) {
      at_.replaceWith(e);
    } else {
      while ((next_ = next_.nextElementSibling) && (next_.hasAttribute(mark_) || !(at_ = twin_(next_, from_))));
      at_ && at_.parentNode ? at_.parentNode.insertBefore(e, at_) : (m.parentNode && twin_(m.parentNode, from_) || d.body).append(e);
    }
    // The next one waits for a script as it would in a page.
    return e.src && e.localName == 'script' && !e.async && /^(|module|.*(java|ecma)script.*)$/i.test(e.type) && new Promise(f => e.onload = e.onerror = f);
  };
  // What a released script writes comes behind it: a whole page must not be written over.
  var writeBehind_ = s => {
    var e = d.currentScript;
    if (!e || !placed_.has(e)) return;
    var t = d.createElement('template');
    t.innerHTML = trust(S, s);
    [...t.content.querySelectorAll('script')].map(x => x.replaceWith(fresh_(x)));
    e.after(t.content);
    return true;
  };
  var restore_ = () => [...d.querySelectorAll('[data-portvakt-src],[data-portvakt-srcset],[data-portvakt-href],[data-portvakt-poster],[data-portvakt-data]')].map(e =>
    [...e.attributes].map(a => {
      var n = a.name.slice(14);
      if (!/^data-portvakt-(src|srcset|href|poster|data)$/.test(a.name) || loads(e.localName, n, a.value)) return;
      e.removeAttribute(a.name);
      e.setAttribute(n, n == 'src' && e.localName == 'script' ? trust(S, a.value, 'createScriptURL') : a.value);
      e.localName == 'script' && e.replaceWith(fresh_(e));
    }));
)js";

constexpr std::string_view kWithdraw = R"js(
  // What vendors left behind. Nobody can see with which domain and path a cookie was set.
  var forget_ = () => {
    ['localStorage', 'sessionStorage'].map(k => safe(() => O.keys(w[k]).map(n => heldName(n + '~') && w[k].removeItem(n))));
    safe(() => jar.get.call(d).split(/;\s*/).map(c => {
      var n = c.split('=')[0], h = w.location.hostname.split('.'), path_ = '';
      heldName(n + '=', 42) && w.location.pathname.split('/').map(p => {
        path_ += (path_.endsWith('/') ? '' : '/') + p;
        [path_, path_ + '/'].map(x => ['', ...h.map((y, i) => '; domain=' + h.slice(i).join('.'))].map(y =>
          jar.set.call(d, n + '=; max-age=0; path=' + x.replace(/\/+$/, x == path_ ? '' : '/').replace(/^$/, '/') + y)));
      });
    }));
  };
  // Style of ours passes by its hash or by the nonce that ours in the head has.
  var dressed_ = e => ([...e.querySelectorAll('style')].map(s => s.nonce = (S.e.nextElementSibling || 0).nonce || ''), e);
  // Frames of a vendor that is not allowed any more give way to their placeholders.
  var close_ = from_ => {
    var live_ = [...d.querySelectorAll('iframe,embed,object,.portvakt-embed')].filter(e => e.matches('.portvakt-embed') || held(e.src || e.data)),
      made_ = from_ ? from_.querySelectorAll('.portvakt-embed') : [];
    live_.map((e, i) => {
      if (e.matches('.portvakt-embed')) return;
      live_.length == made_.length ? e.replaceWith(dressed_(d.importNode(made_[i], true))) : e.remove();
    });
  };
)js";

constexpr std::string_view kUpdate = R"js(
  // The banner gives way to the way back.
  var answer_ = (from_, own_) => {
    var old_ = d.getElementById('portvakt') || d.getElementById('portvakt-open'), new_ = from_ && from_.getElementById('portvakt-open');
    if (!old_) return;
    if (!new_) return old_.id == 'portvakt' && old_.remove();
    var e = d.importNode(new_, true), said_ = e.querySelector('[role=status]'), text_ = said_.textContent;
    said_.textContent = '';
    dressed_(e);
    old_.replaceWith(e);
    if (!own_) return;
    e.querySelector('a').focus({preventScroll: true});
    // A status is read out when it changes.
    later(() => said_.textContent = text_);
  };
  var take_ = s => {
    S.p = s.p || s.purposes;
    S.a = true;
    if (!s.p) return;
    ['h', 'x', 'y', 'g', 'v'].map(k => S[k] = s[k]);
    S.m = 0;
    unstub();
    S.h && arm();
  };
  var update_ = async (own_, state_) => {
    var text_ = '', was_ = '' + S.p + S.v, from_, found_, m;
    await safe(async () => {
      if (!d.querySelector('form[data-portvakt=form]')) return;
      var r = await get(w.location.href, {cache: 'no-store', headers: {'Portvakt-Update': [...S.p, ...S.v || []] + ''}});
      if (r.ok && !r.redirected) text_ = await r.text();
    }).catch(() => {});
    found_ = /\x3cscript[^>]* id="portvakt-class"[^>]*>([^\x3c]*)\x3c/.exec(text_);
    take_(found_ ? JSON.parse(found_[1]) : state_ || await (await get(S.u + 'state.json')).json());
    if (found_) from_ = new DOMParser().parseFromString(trust(S, text_), 'text/html');
    answer_(from_, own_);
    if ('' + S.p + S.v != was_) {
      forget_();
      safe(() => close_(from_));
    }
    tell();
    heard.map(f => safe(() => f([...S.p])));
    // Where the browser was told not to let anything in, the tags start with the next page.
    if (!S.i) return;
    for (m of from_ ? from_.querySelectorAll('[' + mark_ + ']') : []) m.closest('noscript,template') || m.matches('meta,base') || await safe(() => insert_(m, from_));
    S.q = S.q.sort((a, b) => a.e.compareDocumentPosition(b.e) & 2 || -1).filter(x => held(x.u) || safe(x.f));
    safe(restore_);
  };
  var choose_ = (f, b) => {
    var body = new URLSearchParams(new FormData(f));
    body.set(b.name, b.value);
    return get(f.getAttribute('action'), {method: 'POST', body, headers: {Accept: 'application/json'}}).then(r => {
      if (!r.ok) throw r;
      ring();
      update_(true).catch(() => w.location.reload());
    });
  };
  var once_ = a => {
    var box_ = a.closest('.portvakt-embed'), r = box_.getBoundingClientRect(), f = d.createElement('iframe');
    S.w.add(f);
    f.title = box_.querySelector('b').textContent;
    f.allowFullscreen = true;
    f.width = r.width;
    f.height = r.height;
    f.style.border = 0;
    f.src = decodeURIComponent(escape(atob(a.value)));
    box_.replaceWith(f);
    f.focus();
  };
  S.k = writeBehind_;
  return {choose: choose_, once: once_, update: update_};
});
)js";

}  // namespace

std::string guard_update_source() {
  return pack_script(std::string(kRelease) + std::string(kWithdraw) + std::string(kUpdate));
}

}  // namespace portvakt::guard
