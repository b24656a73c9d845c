// Runs a guard text in a small stand-in for a browser's window and checks what gets through.
// node guard_script_test.mjs FILE CASE: exit 0, or the failed assertion on standard error.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import vm from 'node:vm';

const [file, name] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');

// A window as far as the guard looks at it. `seen` lists what reached the network or the cookie jar.
function makeWindow({lacking = []} = {}) {
  const seen = [];
  class EventTarget {
    dispatchEvent(event) {
      (this.events ??= []).push(event);
      return true;
    }
    addEventListener(type, listener) { (this.listeners ??= []).push([type, listener]); }
  }
  class Element extends EventTarget {
    constructor(localName) {
      super();
      this.localName = localName;
    }
    setAttribute(n, v) { seen.push(`${this.localName} ${n.toLowerCase()} ${v}`); }
    insertAdjacentHTML(place, v) { seen.push(`${place} ${v}`); }
    set innerHTML(v) { seen.push(`html ${v}`); }
  }
  const windowObject = {Element};
  const element = (type, tag, ...properties) => {
    const C = class extends Element {
      constructor() { super(tag); }
    };
    for (const property of properties) {
      Object.defineProperty(C.prototype, property, {
        configurable: true,
        enumerable: true,
        get() { return this['_' + property] ?? ''; },
        set(v) {
          this['_' + property] = String(v);
          seen.push(`${tag} ${property} ${v}`);
        },
      });
    }
    windowObject[`HTML${type}Element`] = C;
  };
  element('Script', 'script', 'src');
  element('Image', 'img', 'src', 'srcset');
  element('IFrame', 'iframe', 'src', 'srcdoc');
  element('Link', 'link', 'href');
  class Document extends EventTarget {
    readyState = 'loading';
    baseURI = 'https://www.example.test/page';
    currentScript = {text: 'own text', nonce: 'abc'};
    write(text) { seen.push(text); }
    querySelector() { return null; }
    getElementById() { return null; }
    get cookie() { return 'jar'; }
    set cookie(v) { seen.push('cookie ' + v); }
  }
  class XMLHttpRequest {
    events = [];
    get readyState() { return 0; }
    open(method, url) { seen.push('xhr ' + url); }
    send() { seen.push('send'); }
    dispatchEvent(event) { this.events.push(event); }
  }
  class WebSocket {
    static OPEN = 1;
    constructor(url) { seen.push('socket ' + url); }
  }
  class Storage {
    setItem(key) { seen.push('item ' + key); }
  }
  class Navigator {
    sendBeacon(url) {
      seen.push('beacon ' + url);
      return true;
    }
  }
  class CookieStore {
    set(n) {
      seen.push('store ' + (n.name ?? n));
      return Promise.resolve();
    }
  }
  class BroadcastChannel {
    constructor() { windowObject.bell = this; }
    postMessage() { seen.push('bell'); }
  }
  Object.assign(windowObject, {
    Document,
    XMLHttpRequest,
    WebSocket,
    Storage,
    Navigator,
    CookieStore,
    BroadcastChannel,
    URL,
    Proxy,
    atob,
    EventTarget: globalThis.EventTarget,
    Event,
    ProgressEvent: Event,
    CustomEvent: class {
      constructor(type, init) {
        this.type = type;
        this.detail = init.detail;
      }
    },
    setTimeout: (f) => {
      windowObject.timers.push(f);
    },
    timers: [],
    location: {hostname: 'www.example.test', assign: (to) => seen.push('go ' + to)},
    fetch: (r) => {
      seen.push('fetch ' + (r.url ?? r));
      return Promise.resolve(windowObject.answer);
    },
  });
  windowObject.document = new Document();
  windowObject.navigator = new Navigator();
  windowObject.self = windowObject;
  for (const missing of lacking) delete windowObject[missing];
  return {w: windowObject, seen};
}

function run(options) {
  const made = makeWindow(options);
  vm.runInContext(source, vm.createContext(made.w));
  made.ready = () => made.w.document.listeners?.forEach(([type, f]) => type === 'DOMContentLoaded' && f());
  made.tick = () => made.w.timers.splice(0).forEach((f) => f());
  return made;
}

/// Which of these addresses an image may be loaded from.
function passing(made, ...addresses) {
  return addresses.filter((address) => {
    made.seen.length = 0;
    new made.w.HTMLImageElement().src = address;
    return made.seen.length > 0;
  });
}

const cases = {
  api() {
    const {w, seen, ready} = run();
    assert.deepEqual([...w.portvakt.purposes], ['necessary']);
    assert.equal(w.portvakt.asked, false);
    w.portvakt.purposes.push('marketing');
    assert.deepEqual([...w.portvakt.purposes], ['necessary'], 'a copy is given out');
    assert.throws(() => {
      'use strict';
      w.portvakt.asked = true;
    });
    w.portvakt.open();
    assert.deepEqual(seen, ['go /.privacy/']);
    ready();
    assert.equal(w.document.events[0].type, 'portvakt:consent');
    assert.deepEqual([...w.document.events[0].detail.purposes], ['necessary']);
  },
  elements() {
    const made = run();
    const {w, seen, tick} = made;
    const script = new w.HTMLScriptElement();
    script.src = 'https://stats.test/a.js';
    assert.deepEqual(seen, []);
    assert.equal(script.src, '');
    tick();
    assert.equal(script.events[0].type, 'error');
    script.src = '/own.js';
    script.setAttribute('SRC', 'https://stats.test/b.js');
    script.setAttribute('src', 'https://other.test/c.js');
    script.setAttribute('data-src', 'https://stats.test/b.js');
    const image = new w.HTMLImageElement();
    image.srcset = '/a.png 1x, https://x.ads.test/b.png 2x';
    image.srcset = '/a.png 1x, https://cdn.test/b.png 2x';
    new w.HTMLIFrameElement().src = 'https://ads.test/frame';
    new w.HTMLLinkElement().href = 'https://ads.test/style.css';
    assert.deepEqual(seen, [
      'script src /own.js', 'script src https://other.test/c.js', 'script data-src https://stats.test/b.js',
      'img srcset /a.png 1x, https://cdn.test/b.png 2x'
    ]);
  },
  async requests() {
    const {w, seen, tick} = run();
    for (const held
             of ['https://stats.test/x', {url: 'https://stats.test/x'}, new URL('https://stats.test/x')])
      await assert.rejects(w.fetch(held), /TypeError/, 'as when the network refuses');
    await w.fetch('/api');
    const request = new w.XMLHttpRequest();
    request.open('GET', 'https://stats.test/x');
    request.send();
    tick();
    assert.equal(request.readyState, 4);
    assert.deepEqual(request.events.map(({type}) => type), ['readystatechange', 'error', 'loadend']);
    request.open('GET', '/api');
    assert.equal(request.readyState, 0);
    request.send();
    assert.equal(w.navigator.sendBeacon('https://stats.test/x', 'd'), true);
    w.navigator.sendBeacon('/own', 'd');
    const socket = new w.WebSocket('wss://stats.test/');
    const ended = [];
    socket.onerror = ({type}) => ended.push(type);
    socket.addEventListener('close', ({type}) => ended.push(type));
    socket.send('x');
    tick();
    assert.deepEqual(ended, ['error', 'close']);
    assert.ok(new w.WebSocket('wss://own.test/') instanceof w.WebSocket);
    assert.equal(w.WebSocket.OPEN, 1);
    assert.deepEqual(seen, [
      'fetch /api', 'xhr https://stats.test/x', 'xhr /api', 'send', 'beacon /own', 'socket wss://own.test/'
    ]);
  },
  async cookies() {
    const {w, seen} = run();
    for (const text
             of ['_ga=1; path=/', ' _ga_X =1', '_fbp=1', 'a.bc=1', 'own=1', 'axb=1', '_gax=1', 'x=_ga=1']) {
      w.document.cookie = text;
    }
    const store = new w.CookieStore();
    await store.set('_ga', '1');
    await store.set({name: '_fbp', value: '1'});
    await store.set('own', '1');
    const storage = new w.Storage();
    for (const key of ['sid', 'sid2', '_ga', 'a.b']) storage.setItem(key, '1');
    assert.deepEqual(seen, [
      'cookie own=1', 'cookie axb=1', 'cookie _gax=1', 'cookie x=_ga=1', 'store own', 'item sid2', 'item _ga',
      'item a.b'
    ]);
    assert.equal(w.document.cookie, 'jar');
  },
  globals() {
    const {w, tick} = run();
    let called = 0;
    w.gtag('event', 'x', {event_callback: () => ++called});
    w.dataLayer.push({event: 'y', eventCallback: () => ++called});
    w.fbq('track', 'PageView');
    tick();
    assert.equal(called, 2, 'pages wait for these');
    assert.equal(w.dataLayer.length, 1);
    w.mixpanel.people.set({a: 1});
    w.mixpanel.track('x');
    assert.equal(w.mixpanel.then, undefined, 'not a promise');
    w.gtag = () => 'own';
    assert.equal(w.gtag(), 'own', 'pages may bring their own');
  },
  addresses() {
    const made = run();
    assert.deepEqual(
        passing(
            made, 'https://ads.test/', 'https://a.b.ads.test/', 'https://pay.ads.test/',
            'https://badads.test/', '//STATS.test/x', 'https://sub.stats.test/', 'https://stats.test./',
            '\thttps:\\\\stats.test/', 'https://shared.test/map', 'https://shared.test/ads/x',
            'https://tm.test/js?id=G-1', 'data:image/png,x', '/stats.test', 'wss://stats.test/',
            'https://user@stats.test/', 'https://stats.test.evil/', 'https://www.g.no/ads/x',
            'https://www.g.no/adsl', 'https://shared.test/adsl', '/js/m.js', '/g/collect?x',
            '/x?tid=G-ABCD&v=2', '/x?tid=G-ABCD', 'https://sub.example.test/g/collect',
            'https://else.test/g/collect'),
        [
          'https://pay.ads.test/', 'https://badads.test/', 'https://sub.stats.test/',
          'https://shared.test/map', 'data:image/png,x', '/stats.test', 'https://stats.test.evil/',
          'https://www.g.no/adsl', 'https://shared.test/adsl', '/x?tid=G-ABCD', 'https://else.test/g/collect'
        ]);
  },
  // A browser that lacks nearly everything must not see an exception, nor lose what works.
  bare() {
    const all = [
      'XMLHttpRequest', 'Navigator', 'CookieStore', 'BroadcastChannel', 'Proxy', 'fetch', 'CustomEvent',
      'HTMLImageElement', 'HTMLIFrameElement', 'HTMLLinkElement', 'WebSocket', 'Storage', 'ProgressEvent',
      'Document'
    ];
    for (const missing of [[], ...all.map((n) => [n]), all]) {
      const {w, seen, ready} = run({lacking: missing});
      ready();
      assert.equal(w.portvakt.asked, false);
      new w.HTMLScriptElement().src = 'https://stats.test/x';
      assert.deepEqual(seen, [], missing.join());
      w.gtag('x');
    }
  },
  // What pages pass in may be anything; the guard hands on what it cannot read.
  hostile() {
    const {w, seen} = run();
    const thrower = {toString() { throw new Error('mine'); }};
    assert.throws(() => {
      new w.HTMLImageElement().src = thrower;
    }, /mine/, 'the page sees its own error alone');
    new w.HTMLImageElement().src = 'https://[broken';
    w.fetch(undefined ?? 'x:y');
    new w.HTMLScriptElement().setAttribute('src', '');
    assert.equal(seen.at(-1), 'script src ');
  },
  analytics() {
    const made = run();
    const {w, ready} = made;
    assert.deepEqual(
        passing(
            made, 'https://stats.test/', 'https://ads.test/', 'https://tm.test/js?id=G-1',
            'https://tm.test/js?id=AW-1234'),
        ['https://stats.test/', 'https://tm.test/js?id=G-1']);
    assert.equal(w.gtag, undefined, 'no stand-in where the real one may come');
    assert.equal(typeof w.fbq, 'function');
    ready();
    assert.equal(w.dataLayer.at(-1).event, 'consent_update');
  },
  async everything() {
    const made = run();
    const {w, seen} = made;
    made.tick();
    assert.deepEqual([...seen], ['bell'], 'other pages of the site are told');
    assert.equal(
        passing(made, 'https://stats.test/', 'https://ads.test/', 'https://shared.test/ads').length, 3);
    assert.equal(w.fbq, undefined);
    w.answer = {
      json: () => Promise.resolve({purposes: ['necessary', 'analytics']}),
      text: () => Promise.resolve('')
    };
    seen.length = 0;
    w.bell.onmessage();
    await new Promise((done) => setTimeout(done, 0));
    assert.deepEqual(
        seen, ['fetch /.privacy/state.json', 'fetch /.privacy/update.js'], 'the server is asked');
  },
  vendors() {
    const made = run();
    assert.deepEqual(
        passing(made, 'https://stats.test/', 'https://ads.test/', 'https://shared.test/ads'),
        ['https://stats.test/', 'https://shared.test/ads']);
  },
  markup() {
    const {w, seen} = run();
    const write = (...texts) => {
      seen.length = 0;
      for (const text of texts) w.document.write(text);
      return seen.join('|');
    };
    const same = [
      '<p class="a">1 < 2 & "x"</p>', '<a href="https://stats.test/">x</a>', '<img src=/own.png>',
      '<img alt="src=">',
      '<script>var s = "https://stats.test/"; if (a<b) c>d;</scr' +
          'ipt>'
    ];
    for (const text of same) assert.equal(write(text), text);
    assert.equal(write('<img src="https://stats.test/a">'), '<img data-portvakt-src="https://stats.test/a">');
    assert.equal(write('<IMG/SRC=//stats.test/a>'), '<IMG/data-portvakt-src=//stats.test/a>');
    assert.equal(
        write('<iframe src=\'&#104;ttps:&#x2f;/stats.test\'>'),
        '<iframe data-portvakt-src=\'&#104;ttps:&#x2f;/stats.test\'>');
    assert.equal(
        write('<img srcset="/a 1x, https://x.ads.test/b 2x">'),
        '<img data-portvakt-srcset="/a 1x, https://x.ads.test/b 2x">');
    assert.equal(
        write('<scr', 'ipt src="https://sta', 'ts.test/a"></scr', 'ipt>x'),
        '||<script data-portvakt-src="https://stats.test/a">|</script>x');
    const text = `<script>if (a<b) {/* don't */}</scr` +
        'ipt>';
    assert.equal(write(text), text, 'a lone quote in a script is not a tag that goes on');
    const element = new w.HTMLImageElement();
    element.innerHTML = '<b><img src=https://ads.test/1></b>';
    element.insertAdjacentHTML('beforeend', '<img src=https://ads.test/2>');
    assert.deepEqual(seen.slice(-2), [
      'html <b><img data-portvakt-src=https://ads.test/1></b>',
      'beforeend <img data-portvakt-src=https://ads.test/2>'
    ]);
    new w.HTMLIFrameElement().srcdoc = '<img src=https://ads.test/3>';
    assert.equal(
        seen.at(-1),
        'iframe srcdoc <script nonce="abc">own text</scr' +
            'ipt><img data-portvakt-src=https://ads.test/3>');
  },
  observing() {
    const made = run();
    assert.equal(made.w.portvakt.asked, true);
    assert.equal(passing(made, 'https://stats.test/', 'https://ads.test/').length, 2);
    assert.equal(made.w.gtag, undefined);
    made.w.document.cookie = '_ga=1';
    assert.equal(made.seen.at(-1), 'cookie _ga=1');
  },
};

await cases[name]();
