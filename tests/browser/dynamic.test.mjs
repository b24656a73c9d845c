// What a page's own scripts do while it runs waits for consent too: in every state each page contacts exactly
// the vendors agreed to, and throws nothing that it does not throw without Portvakt. Straight from nginx each
// contacts both, so that a page that could not leak would be noticed.
import assert from 'node:assert/strict';

import {answerBanner} from './chromium.mjs';
import {dynamicPages, vendorHosts} from './dynamic_pages.mjs';
import {dynamicSite} from './stage.mjs';

const states = {
  none: [],
  reject: [],
  analytics: ['analytics'],
  accept: ['analytics', 'marketing']
};
const address = name => `http://${dynamicSite}/dynamic/${name}.html`;
const kinds = Object.keys(vendorHosts);
const refusal = /content security policy|trusted ?type|violates/i;

async function choose(context, state) {
  if (state === 'reject') await answerBanner(context, address('image'), 'reject-all');
  if (state === 'accept') await answerBanner(context, address('image'), 'accept-all');
  if (state !== 'analytics') return;
  const page = await context.newPage();
  await page.goto(address('image'));
  await page.click('#portvakt summary');
  await page.check('#portvakt input[value=analytics]');
  await Promise.all([
    page.waitForSelector('[data-portvakt=open]', {state: 'visible'}),
    page.click('#portvakt button[value=selected]')
  ]);
  await page.close();
}

async function quiet(recorder) {
  const began = Date.now();
  recorder.lastAt = began;
  while (Date.now() - recorder.lastAt < 700 && Date.now() - began < 20_000)
    await new Promise(resolve => setTimeout(resolve, 50));
}

// Opens the pages side by side and leaves them: {name: {asked: [kind …], errors}}.
async function watch(browser, recorder, names, state) {
  const context = await browser.newContext({ignoreHTTPSErrors: true});
  await choose(context, state);
  await quiet(recorder);
  recorder.take();
  const seen = {};
  for (let rest = names; rest.length > 0; rest = rest.slice(8)) {
    await Promise.all(rest.slice(0, 8).map(async name => {
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', error => errors.push(String(error.message).split('\n')[0]));
      page.on('console', message => {
        if (refusal.test(message.text())) errors.push(message.text());
      });
      await page.goto(address(name), {waitUntil: 'load', timeout: 60_000});
      seen[name] = {page, errors};
    }));
    await quiet(recorder);
    for (const name of rest.slice(0, 8)) {
      const {left} = dynamicPages[name];
      const {page} = seen[name];
      if (left) seen[name].left = await page.evaluate(left);
      await page.goto('about:blank');
      await page.close();
    }
  }
  await quiet(recorder);
  const {requests} = recorder.take();
  for (const name of names) {
    const asked = (kind, i) => seen[name].left?.[i] ||
        requests.some(
            ({host, target}) => host === vendorHosts[kind] && target.startsWith(`/${name}`) &&
                !/^[-a-z]/.test(target.slice(name.length + 1)));
    seen[name] = {asked: kinds.filter(asked), errors: seen[name].errors};
  }
  await context.close();
  return seen;
}

function judge({seen}, name) {
  assert.deepEqual(seen.direct[name].asked, kinds, 'without Portvakt both vendors are asked');
  for (const [state, granted] of Object.entries(states)) {
    assert.deepEqual(seen[state][name].asked, granted, `asked in state ${state}`);
    assert.deepEqual(
        seen[state][name].errors.filter(error => !seen.direct[name].errors.includes(error)), [],
        `errors in ${state}`);
  }
}

// What the guard adds to the time before the page's first script, on a processor four times slower. The
// figure is printed; the bound is wide, because other work on the machine counts too.
async function cost({lanes: [{guarded}]}) {
  const context = await guarded.newContext();
  const page = await context.newPage();
  await page.goto(address('image'));
  const guard = await page.evaluate(() => document.scripts[0].text);
  const timed = text =>
      `<!DOCTYPE html><script>var began = performance.now()</script><script>${text}</script>` +
      '<script>var took = performance.now() - began</script>';
  await page.route(
      '**/timed-*',
      route => route.fulfill(
          {contentType: 'text/html', body: timed(route.request().url().endsWith('guard') ? guard : '')}));
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', {rate: 4});
  const times = {guard: [], nothing: []};
  for (let i = 0; i < 11; ++i) {
    for (const [what, list] of Object.entries(times)) {
      await page.goto(`http://${dynamicSite}/timed-${what}`);
      list.push(await page.evaluate(() => took));
    }
  }
  await context.close();
  const [median, idle] = Object.values(times).map(list => list.sort((a, b) => a - b)[5]);
  console.log(`       the guard at 4x throttle: ${(median - idle).toFixed(1)} ms (median of 11), least ${
      times.guard[0].toFixed(1)} ms`);
  assert.ok(times.guard[0] < 50, `${times.guard[0]} ms`);
}

export const group = (stage, names = Object.keys(dynamicPages)) => ['dynamic pages', {
  prepare: async () => {
    const [one, other] = stage.lanes;
    const seen = {};
    const take = async (lane, browser, list) => {
      for (const state of list) seen[state] = await watch(browser, lane.recorder, names, state);
    };
    await Promise.all([
      take(one, one.direct, ['direct']).then(() => take(one, one.guarded, ['none', 'analytics'])),
      take(other, other.guarded, ['reject', 'accept'])
    ]);
    return {seen};
  },
  tests: [
    ...names.map(name => [`${name} waits for consent`, async shared => judge(shared, name)]),
    ['the guard takes little time', () => cost(stage)]
  ],
}];
