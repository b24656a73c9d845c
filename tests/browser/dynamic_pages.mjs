// Pages whose own scripts contact two vendors while they run, each by another way: one vendor needs consent
// to analytics, the other to marketing. `script` gets `url`, which ends in the page's name; cookies and
// storage leave `left` behind, the kinds that were kept.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

export const vendorHosts = {
  analytics: 'www.google-analytics.com',
  marketing: 'bat.bing.com'
};

const element = (tag, set) => `const e = document.createElement('${tag}'); ${set}; document.body.append(e);`;
const markup = set => `const e = document.createElement('div'); document.body.append(e); ${set}`;

export const dynamicPages = {
  'spa-script': {script: element('script', 'e.src = url')},
  'set-attribute': {script: element('script', `e.setAttribute('src', url)`)},
  'set-attribute-ns': {script: element('img', `e.setAttributeNS(null, 'src', url)`)},
  'attribute-node': {
    script: element('img', `const a = document.createAttribute('src'); a.value = url; e.setAttributeNode(a)`)
  },
  'image': {script: `new Image().src = url;`},
  'srcset': {script: element('img', `e.srcset = '/none.png 9x, ' + url + ' 1x'`)},
  'iframe': {script: element('iframe', 'e.src = url')},
  'stylesheet': {script: element('link', `e.rel = 'stylesheet'; e.href = url`)},
  'preload': {script: element('link', `e.rel = 'preload'; e.as = 'script'; e.href = url`)},
  'prefetch': {script: element('link', `e.rel = 'prefetch'; e.href = url`)},
  'audio': {script: `document.body.append(new Audio(url));`},
  'poster': {script: element('video', 'e.poster = url')},
  'inner-html': {script: markup('e.innerHTML = `<p><img src="${url}"></p>`;')},
  'outer-html': {script: markup('e.outerHTML = `<img alt="" src=${url}>`;')},
  'adjacent-html':
      {script: markup(`e.insertAdjacentHTML('beforeend', '<iframe src="' + url + '"></iframe>');`)},
  'fragment': {
    script: markup(
        'e.append(document.createRange().createContextualFragment(`<script src="${url}"></scr` + `ipt>`));')
  },
  'parser': {
    script: markup(
        'e.append(new DOMParser().parseFromString(`<img src="${url}">`, "text/html").body.firstChild);')
  },
  'template': {
    script: markup(
        'const t = document.createElement("template"); t.innerHTML = `<img src="${url}">`; e.append(t.content.cloneNode(true));')
  },
  'document-write': {script: 'document.write(`<scr` + `ipt src="${url}"></scr` + `ipt>`);'},
  'write-in-pieces': {
    script:
        'document.write("<p>a < b</p><scr"); document.write(`ipt src="${url.slice(0, 12)}`); document.write(`${url.slice(12)}"></scr`, `ipt>`);'
  },
  'fetch': {script: `fetch(url, {mode: 'no-cors'}).catch(() => {});`},
  'fetch-request': {script: `fetch(new Request(url, {mode: 'no-cors'})).catch(() => {});`},
  'xhr': {script: `const x = new XMLHttpRequest(); x.open('GET', url); x.onerror = () => {}; x.send();`},
  'beacon': {script: `navigator.sendBeacon(url, 'x');`},
  'beacon-on-unload': {script: `addEventListener('pagehide', () => navigator.sendBeacon(url, 'x'));`},
  'web-socket': {script: `new WebSocket(url.replace('http', 'ws')).onerror = () => {};`},
  'event-source': {script: `const s = new EventSource(url); s.onerror = () => s.close();`},
  'form': {
    script: `const f = document.createElement('form'), i = document.createElement('iframe');
      i.name = f.target = 'f' + url.length; f.action = url; document.body.append(i, f); f.submit();`
  },
  'blank-frame-fetch':
      {script: element('iframe', '') + ` e.contentWindow.fetch(url, {mode: 'no-cors'}).catch(() => {});`},
  'blank-frame-write': {
    script: element('iframe', '') +
        ' e.contentDocument.open(); e.contentDocument.write(`<img src="${url}">`); e.contentDocument.close();'
  },
  'blank-frame-image': {script: element('iframe', '') + ` new e.contentWindow.Image().src = url;`},
  'srcdoc': {
    script: element(
        'iframe', 'e.srcdoc = `<!DOCTYPE html><body><script>new Image().src = "${url}"</scr` + `ipt>`')
  },
  'srcdoc-markup': {script: markup('e.innerHTML = `<iframe srcdoc="<img src=\'${url}\'>"></iframe>`;')},
  'worker': {script: `new Worker('/dynamic/own-worker.js').postMessage(url);`},
  'shared-worker': {script: `new SharedWorker('/dynamic/own-shared-worker.js').port.postMessage(url);`},
  'blob-worker': {
    script:
        `const b = URL.createObjectURL(new Blob(['fetch("' + url + '", {mode: "no-cors"}).catch(() => {})'],
      {type: 'text/javascript'})); new Worker(b); URL.revokeObjectURL(b);`
  },
  'service-worker': {
    script: `navigator.serviceWorker.register('/dynamic/own-service-worker.js?' + encodeURIComponent(url),
      {scope: '/dynamic/' + url.split('/')[2] + '/'});`
  },
  'cookie': {
    script: `document.cookie = (analytics ? '_ga' : '_fbp') + '=1; path=/';`,
    left: `['_ga', '_fbp'].map(n => document.cookie.includes(n + '='))`
  },
  'cookie-store': {
    script: `cookieStore.set(analytics ? '_ga' : '_fbp', '1');`,
    left: `['_ga', '_fbp'].map(n => document.cookie.includes(n + '='))`
  },
  'storage': {
    script: `localStorage.setItem(analytics ? 'plausible_ignore' : 'ld_session_origin', '1');`,
    left: `['plausible_ignore', 'ld_session_origin'].map(n => localStorage.getItem(n) !== null)`
  },
  'nonce-policy': {
    policy: `script-src 'nonce-b3du' 'strict-dynamic'; object-src 'none'; base-uri 'none'`,
    script: element('script', 'e.src = url')
  },
  'trusted-types': {
    policy: `require-trusted-types-for 'script'; trusted-types page`,
    script: `const trust = window.trust ??= trustedTypes.createPolicy('page', {createHTML: s => s});` +
        markup('e.innerHTML = trust.createHTML(`<b>kept</b><img src="${url}">`);')
  },
};

const files = {
  'own-worker.js': `onmessage = ({data}) => fetch(data, {mode: 'no-cors'}).catch(() => {});`,
  'own-shared-worker.js':
      `onconnect = ({ports: [p]}) => p.onmessage = ({data}) => fetch(data, {mode: 'no-cors'}).catch(() => {});`,
  'own-service-worker.js': `addEventListener('install', e => e.waitUntil(
    fetch(decodeURIComponent(location.search.slice(1)), {mode: 'no-cors'}).catch(() => {})));`,
};

export function writeDynamicPages(root) {
  const folder = join(root, 'dynamic');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const [name, {script}] of Object.entries(dynamicPages)) {
    const calls = Object.entries(vendorHosts)
                      .map(([kind, host]) => `run('https://${host}/${name}', ${kind === 'analytics'});`);
    writeFileSync(
        join(folder, `${name}.js`), `const run = (url, analytics) => { ${script} };\n${calls.join('\n')}\n`);
    writeFileSync(
        join(folder, `${name}.html`),
        `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${name}</title></head>\n` +
            `<body><main><h1>${name}</h1></main>\n<script nonce="b3du" src="${
                name}.js"></script></body>\n</html>\n`);
  }
}

export const dynamicLocations = () =>
    Object.entries(dynamicPages)
        .filter(([, {policy}]) => policy)
        .map(
            ([name, {policy}]) =>
                `location = /dynamic/${name}.html { add_header Content-Security-Policy "${policy}"; }`)
        .join('\n');
