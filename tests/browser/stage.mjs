// What the browser tests stand on: demo site and saved pages in nginx, Portvakt before them, Redis, the
// lanes that work side by side, each with a recorder of its own and two browsers: one that reaches nginx
// itself (the baseline) and one that reaches Portvakt.
import {copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {join} from 'node:path';

import {Portvakt} from '../e2e/support/portvakt.mjs';
import {DemoOrigin, RedisServer, root, temporaryFolder} from '../e2e/support/processes.mjs';

import {writeChoicePages} from './choice_pages.mjs';
import {launch} from './chromium.mjs';
import {dynamicLocations, writeDynamicPages} from './dynamic_pages.mjs';
import {writeEventPages} from './event_pages.mjs';
import {guardedLocations, writeGuardedPages} from './policies.mjs';
import {Recorder} from './recorder.mjs';

export const demoSite = 'www.fjordverk.test';
export const savedSite = 'saved.test';
export const guardedSite = 'guarded.test';
export const dynamicSite = 'dynamic.test';
export const heldSite = 'held.test';
export const choiceSite = 'www.choice.test';
// Everything that a banner can hold.
const choiceConsent = {
  policy_url: '/policy',
  vendors: ['youtube', 'hotjar'],
  authority: {name: 'Datatilsynet', url: 'https://www.datatilsynet.no/'},
  compatibility: ['cookiebot', 'cookieconsent', 'klaro', 'onetrust']
};
const lanes = 2;
export const slowSite = 'slow.test';
const sites = [slowSite, demoSite, savedSite, guardedSite, dynamicSite, choiceSite, heldSite];
const demoPages = [
  '/', '/nyheter.html', '/kasse.html', '/kontakt.html', '/produkter.html', '/en/', '/en/news.html',
  '/en/checkout.html'
];

// Saved pages of real sites, those that name the most known trackers first.
function pickSavedPages(count) {
  const folder = join(root, 'tests/browser/node_modules/htmlparser-benchmark/files');
  const marks = [
    'google-analytics.com', 'googletagmanager.com', 'doubleclick.net', 'connect.facebook.net',
    'facebook.com/', 'quantserve.com', 'scorecardresearch.com', 'platform.twitter.com', 'googletagservices',
    'chartbeat', 'omtrdc', 'optimizely', 'newrelic', 'youtube.com/embed', 'googlesyndication', 'addthis',
    'ajax.googleapis.com'
  ];
  return readdirSync(folder)
      .filter(name => name.endsWith('.html') && statSync(join(folder, name)).size < 700_000)
      .sort()
      .map(name => {
        const text = readFileSync(join(folder, name), 'latin1');
        return {file: join(folder, name), hits: marks.filter(mark => text.includes(mark)).length};
      })
      .sort((a, b) => b.hits - a.hits)
      .slice(0, count);
}

export async function openStage({savedPages, ownPages = demoPages.length}) {
  const stage = {folder: temporaryFolder(), lanes: []};
  const saved = join(stage.folder, 'saved');
  mkdirSync(saved);
  const names = pickSavedPages(savedPages).map(({file}, i) => {
    copyFileSync(file, join(saved, `${i + 1}.html`));
    return `${i + 1}.html`;
  });
  writeGuardedPages(saved);
  writeEventPages(saved);
  writeDynamicPages(saved);
  writeChoicePages(saved);
  stage.origin = new DemoOrigin(stage.folder);
  const server = (port, name, more) =>
      `server { listen 127.0.0.1:${port}; server_name ${name}; root ${saved}; ${more} }\n`;
  await stage.origin.start({
    serverBlocks: port => server(port, savedSite, 'charset off;') +
        server(port, guardedSite, guardedLocations()) + server(port, dynamicSite, dynamicLocations()) +
        server(port, heldSite, '') + server(port, choiceSite, '')
  });
  stage.redis = new RedisServer(stage.folder);
  await stage.redis.start();
  stage.slow = await startSlowOrigin();
  stage.portvakt = new Portvakt(stage.folder);
  const upstreams = [`http://127.0.0.1:${stage.origin.port}`];
  await stage.portvakt.configure({
    redis: stage.redis,
    sites: [
      {name: 'demo', hosts: [demoSite], upstreams}, {name: 'saved', hosts: [savedSite], upstreams},
      {name: 'guarded', hosts: [guardedSite], upstreams}, {name: 'dynamic', hosts: [dynamicSite], upstreams},
      {
        name: 'held',
        hosts: [heldSite],
        upstreams,
        agreements: {'google-analytics-4': 'none'},
        hold: {paths: ['/dynamic/inner-html.html']}
      },
      {name: 'choice', hosts: [choiceSite], upstreams, consent: choiceConsent},
      {name: 'slow', hosts: [slowSite], upstreams: [`http://127.0.0.1:${stage.slow.address().port}`]}
    ]
  });
  if (!process.env.BASELINE_ONLY) await stage.portvakt.start();
  for (let i = 0; i < lanes; ++i) stage.lanes.push(await openLane(stage));
  stage.pages = [
    ...demoPages.slice(0, ownPages).map(path => `http://${demoSite}${path}`),
    ...names.map(name => `http://${savedSite}/${name}`)
  ];
  return stage;
}

// A page in small pieces, each a little later than the one before.
async function startSlowOrigin() {
  const html =
      '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Slow</title></head><body><main>' +
      `<h1>Slow</h1>${'<p>A paragraph that comes a little later.</p>\n'.repeat(40)}</main></body></html>`;
  const server = http.createServer((request, response) => {
    response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8'});
    let at = 0;
    const timer = setInterval(() => {
      response.write(html.slice(at, at += 120));
      if (at >= html.length) clearInterval(timer), response.end();
    }, 15);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function openLane({folder, origin, portvakt}) {
  const recorder = new Recorder();
  await recorder.start(folder);
  const [direct, guarded] =
      await Promise.all([origin, portvakt].map(({port}) => launch(sites, port, recorder)));
  return {recorder, direct, guarded};
}

export async function closeStage(stage) {
  for (const {direct, guarded, recorder} of stage.lanes) {
    await Promise.all([direct.close(), guarded.close()]);
    await recorder.stop();
  }
  await stage.portvakt?.stop();
  stage.slow?.close();
  stage.slow?.closeAllConnections?.();
  await stage.redis?.stop();
  await stage.origin?.stop();
}
