// What the commonest loaders do next, so that holding back the loader can be seen to hold back what follows
// it.
const pixel = url => `new Image().src=${JSON.stringify(url)};`;
const script = url => `(function(){var s=document.createElement('script');s.async=true;s.src=${
    JSON.stringify(url)};document.head.appendChild(s)})();`;

const scripts = [
  [
    'www.googletagmanager.com', '/gtm.js',
    pixel('https://www.google-analytics.com/collect?v=1&tid=UA-1') +
        script('https://static.hotjar.com/c/hotjar-1.js?sv=6')
  ],
  [
    'www.googletagmanager.com', '/gtag/js',
    pixel('https://region1.google-analytics.com/g/collect?v=2&tid=G-1')
  ],
  ['www.google-analytics.com', '/', pixel('https://www.google-analytics.com/j/collect?v=1')],
  ['ssl.google-analytics.com', '/ga.js', pixel('https://ssl.google-analytics.com/__utm.gif?utmwv=5')],
  ['connect.facebook.net', '/', pixel('https://www.facebook.com/tr/?id=1&ev=PageView')],
  ['snap.licdn.com', '/', pixel('https://px.ads.linkedin.com/collect?v=2&pid=1')],
  ['static.hotjar.com', '/', script('https://script.hotjar.com/modules.js')],
  ['bat.bing.com', '/bat.js', pixel('https://bat.bing.com/action/0?ti=1')],
  [
    'js.stripe.com', '/v3',
    'window.Stripe=function(){return{}};(function(){function f(){' +
        'var i=document.createElement("iframe");i.hidden=true;i.src="https://js.stripe.com/v3/controller.html";' +
        'document.body.appendChild(i)}document.body?f():addEventListener("DOMContentLoaded",f)})();'
  ],
];

export function standIn(host, target) {
  const ran = /^\/ran\/(?:slow-)?(\d+)/.exec(target);
  if (ran) return `(window.ran = window.ran || []).push('${ran[1]}');`;
  const found = scripts.find(([name, prefix]) => name === host && target.startsWith(prefix));
  return found ? found[2] : '/* stand-in */';
}
