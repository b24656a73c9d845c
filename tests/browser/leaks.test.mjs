// What leaves a real browser: every page is loaded straight from nginx (twice: what differs is chance), then
// through Portvakt with no choice made, after "reject all", and after "accept all".
import assert from 'node:assert/strict';

import {root} from '../e2e/support/processes.mjs';

import {answerBanner, visit} from './chromium.mjs';
import {demoSite, savedSite} from './stage.mjs';
import {Catalogue} from './vendors.mjs';

const states = ['none', 'reject', 'accept'];
const viewport = {
  width: 1280,
  height: 5000
};

// Random numbers in paths (`;ord=5700717748`) would make each load differ from every other.
const line = ({host, target}) => `${host}${target.split('?')[0].replace(/\d{5,}/g, '#')}`;
const lines = (catalogue, seen, wanted) =>
    new Set(seen.requests.filter(({host, target}) => wanted(catalogue.find(host, target))).map(line));
const trackers = (catalogue, seen) =>
    lines(catalogue, seen, vendor => vendor && vendor.purpose !== 'necessary');
const payments = (catalogue, seen) => lines(catalogue, seen, vendor => vendor?.payment);
const without = (set, other) => [...set].filter(item => !other.has(item));
const both = (one, other) => new Set([...one].filter(item => other.has(item)));

// Vendors to which a connection was opened ahead of any request, as preconnect does.
function connectedOnly(catalogue, seen) {
  const asked = new Set(seen.requests.map(({host}) => host));
  return [...seen.touched].filter(
      host => !asked.has(host) && !['necessary', undefined].includes(catalogue.find(host, '/')?.purpose));
}

// A set of lines the baseline always makes (`sure`) and one that it may make (`possible`).
function baseline(catalogue, runs) {
  const sets = runs.map(run => trackers(catalogue, run));
  return {
    sure: both(...sets),
    possible: new Set(sets.flatMap(set => [...set])),
    payments: both(...runs.map(run => payments(catalogue, run))),
    errors: new Set(runs.flatMap(run => run.errors)),
    loaded: runs.every(run => run.loaded)
  };
}

async function contextsByState(lane) {
  const contexts = {};
  for (const state of states) {
    contexts[state] = await lane.guarded.newContext({viewport, ignoreHTTPSErrors: true});
    if (state === 'none') continue;
    for (const site of [demoSite, savedSite])
      await answerBanner(
          contexts[state], `http://${site}${site === demoSite ? '/' : '/guarded.html'}`, `${state}-all`);
  }
  return contexts;
}

async function observePage(url, catalogue, {recorder}, direct, contexts) {
  const page = {
    url,
    base: baseline(catalogue, [await visit(direct, url, recorder), await visit(direct, url, recorder)])
  };
  for (const [state, context] of Object.entries(contexts)) {
    const seen = await visit(context, url, recorder);
    page[state] = {
      trackers: trackers(catalogue, seen),
      payments: payments(catalogue, seen),
      errors: seen.errors.filter(error => !page.base.errors.has(error)),
      connected: connectedOnly(catalogue, seen)
    };
  }
  return page;
}

// Each lane takes the next page when it is done with one.
export async function observe(stage) {
  const catalogue = new Catalogue(root);
  const pages = [];
  const queue = stage.pages.map((url, place) => ({url, place}));
  await Promise.all(stage.lanes.map(async lane => {
    const direct = await lane.direct.newContext({viewport, ignoreHTTPSErrors: true});
    const contexts = process.env.BASELINE_ONLY ? {} : await contextsByState(lane);
    for (let next = queue.shift(); next; next = queue.shift())
      pages[next.place] = await observePage(next.url, catalogue, lane, direct, contexts);
    for (const context of [direct, ...Object.values(contexts)]) await context.close();
  }));
  return {pages: pages.filter(page => page.base.loaded), catalogue};
}

function table({pages}) {
  const shown = [
    ['page', 'baseline', 'none', 'reject', 'accept'],
    ...pages.map(
        page =>
            [page.url.replace('http://', ''), page.base.sure.size,
             ...states.map(state => page[state]?.trackers.size ?? '-')])
  ];
  const sum = column => shown.slice(1).reduce((total, row) => total + (Number(row[column]) || 0), 0);
  shown.push([`all ${pages.length} pages`, sum(1), sum(2), sum(3), sum(4)]);
  console.log('       distinct requests to vendors that need consent');
  for (const [name, ...figures] of shown)
    console.log(
        `       ${String(name).padEnd(38)}${figures.map(figure => String(figure).padStart(10)).join('')}`);
}

function noneLeaves(state) {
  return ({pages}) => {
    const leaks = pages.flatMap(page => [...page[state].trackers].map(line => `${page.url}: ${line}`));
    assert.deepEqual(leaks, []);
  };
}

function noConnection({pages}) {
  const touched = pages.flatMap(
      page => ['none', 'reject'].flatMap(
          state => page[state].connected.map(host => `${page.url} ${state}: ${host}`)));
  assert.deepEqual(touched, []);
}

function allBack({pages}) {
  assert.deepEqual(
      pages.flatMap(
          page =>
              without(page.base.sure, page.accept.trackers).map(line => `${page.url}: ${line} is missing`)),
      []);
  assert.deepEqual(
      pages.flatMap(
          page =>
              without(page.accept.trackers, page.base.possible).map(line => `${page.url}: ${line} is new`)),
      []);
}

function paymentsUntouched({pages}) {
  const changed = pages.flatMap(
      page => states.flatMap(
          state => [...without(page.base.payments, page[state].payments),
                    ...without(page[state].payments, page.base.payments)]
                       .map(line => `${page.url} ${state}: ${line}`)));
  assert.deepEqual(changed, []);
  assert.ok(pages.some(page => page.base.payments.size > 0), 'a page with a payment vendor was among them');
}

function noNewErrors({pages}) {
  assert.deepEqual(
      pages.flatMap(
          page => states.flatMap(state => page[state].errors.map(error => `${page.url} ${state}: ${error}`))),
      []);
}

// Matomo under the site's own path is seen in nginx's log only.
async function firstPartyTracker({stage}) {
  const asked = async prepare => {
    const context = await stage.lanes[0].guarded.newContext({viewport});
    await prepare(context);
    const before = stage.origin.requests().length;
    await visit(context, `http://${demoSite}/produkter.html`, stage.lanes[0].recorder);
    await context.close();
    return stage.origin.requests().slice(before).filter(line => line.includes('/stats/matomo.php')).length;
  };
  assert.equal(await asked(async () => {}), 0);
  assert.equal(await asked(context => answerBanner(context, `http://${demoSite}/`, 'reject-all')), 0);
  assert.equal(await asked(context => answerBanner(context, `http://${demoSite}/`, 'accept-all')), 1);
}

export const group = stage => ['pages in Chromium', {
  prepare: async () => {
    const observed = await observe(stage);
    table(observed);
    return {...observed, stage};
  },
  tests: [
    [
      'enough pages loaded',
      ({pages}) => assert.ok(pages.length >= Math.min(38, stage.pages.length * 0.75), `${pages.length} pages`)
    ],
    ['before a choice no vendor that needs consent is asked', async shared => noneLeaves('none')(shared)],
    ['after reject all no vendor that needs consent is asked', async shared => noneLeaves('reject')(shared)],
    ['without consent no connection to such a vendor is opened', async shared => noConnection(shared)],
    ['after accept all every vendor request is back and none is new', async shared => allBack(shared)],
    ['payment vendors get the same requests in every state', async shared => paymentsUntouched(shared)],
    ['no page has a JavaScript error that it did not have', async shared => noNewErrors(shared)],
    ['a tracker under a first-party path waits for consent', firstPartyTracker],
  ].map(([name, body]) => [name, async shared => body(shared)]),
}];
