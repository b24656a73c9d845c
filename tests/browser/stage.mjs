// What the browser tests stand on: demo site and saved pages in nginx, Portvakt before them, Redis, the
// recorder, and two browsers: one that reaches nginx itself (the baseline) and one that reaches Portvakt.
import {copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Portvakt} from '../e2e/support/portvakt.mjs';
import {DemoOrigin, RedisServer, root, temporaryFolder} from '../e2e/support/processes.mjs';

import {launch} from './chromium.mjs';
import {Recorder} from './recorder.mjs';

export const demoSite = 'www.fjordverk.test';
export const savedSite = 'saved.test';
export const guardedSite = 'guarded.test';
const sites = [demoSite, savedSite, guardedSite];
const demoPages = [
  '/', '/nyheter.html', '/kasse.html', '/kontakt.html', '/produkter.html', '/en/', '/en/news.html',
  '/en/checkout.html'
];
const guardedPage =
    '<!DOCTYPE html>\n<html lang="en">\n<head><title>Guarded</title><meta charset="utf-8"></head>\n' +
    '<body><main><h1>Guarded</h1><p>By policy.</p></main></body>\n</html>\n';

const policy =
    `default-src 'self'; script-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; ` +
    `require-trusted-types-for 'script'`;

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
  const stage = {folder: temporaryFolder(), recorder: new Recorder()};
  await stage.recorder.start(stage.folder);
  const saved = join(stage.folder, 'saved');
  mkdirSync(saved);
  const names = pickSavedPages(savedPages).map(({file}, i) => {
    copyFileSync(file, join(saved, `${i + 1}.html`));
    return `${i + 1}.html`;
  });
  writeFileSync(join(saved, 'guarded.html'), guardedPage);
  stage.origin = new DemoOrigin(stage.folder);
  const server = (port, name, more) =>
      `server { listen 127.0.0.1:${port}; server_name ${name}; root ${saved}; ${more} }\n`;
  await stage.origin.start({
    serverBlocks: port => server(port, savedSite, 'charset off;') +
        server(port, guardedSite, `add_header Content-Security-Policy "${policy}";`)
  });
  stage.redis = new RedisServer(stage.folder);
  await stage.redis.start();
  stage.portvakt = new Portvakt(stage.folder);
  const upstreams = [`http://127.0.0.1:${stage.origin.port}`];
  await stage.portvakt.configure({
    redis: stage.redis,
    sites: [
      {name: 'demo', hosts: [demoSite], upstreams}, {name: 'saved', hosts: [savedSite], upstreams},
      {name: 'guarded', hosts: [guardedSite], upstreams}
    ]
  });
  if (!process.env.BASELINE_ONLY) await stage.portvakt.start();
  stage.direct = await launch(sites, stage.origin.port, stage.recorder);
  stage.guarded = await launch(sites, stage.portvakt.port, stage.recorder);
  stage.pages = [
    ...demoPages.slice(0, ownPages).map(path => `http://${demoSite}${path}`),
    ...names.map(name => `http://${savedSite}/${name}`)
  ];
  return stage;
}

export async function closeStage(stage) {
  await stage.direct?.close();
  await stage.guarded?.close();
  await stage.portvakt?.stop();
  await stage.redis?.stop();
  await stage.origin?.stop();
  await stage.recorder?.stop();
}
