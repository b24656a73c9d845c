// Under every kind of Content-Security-Policy the banner shows and works, the guard guards, the page's own
// script runs, and the browser complains of nothing.
import assert from 'node:assert/strict';

import {guardedPages, vendorHost} from './policies.mjs';
import {guardedSite} from './stage.mjs';

const complaint = /content security policy|trusted ?type|violates/i;

async function holds(stage, name) {
  const {guarded, recorder} = stage.lanes[0];
  const context = await guarded.newContext({viewport: {width: 1280, height: 800}, ignoreHTTPSErrors: true});
  try {
    const page = await context.newPage();
    const messages = [];
    page.on('console', message => messages.push(message.text()));
    page.on('pageerror', error => messages.push(`violates: ${error.message}`));
    const url = `http://${guardedSite}/${name}.html`;
    const askedVendor = async load => {
      recorder.take();
      await load();
      assert.equal(await page.title(), 'ran', 'the page\'s own script runs');
      await page.evaluate(() => new Promise(done => requestIdleCallback(done)));
      return recorder.take().requests.filter(({host}) => host === vendorHost).length;
    };
    assert.equal(await askedVendor(() => page.goto(url)), 0, 'held back before a choice');
    assert.equal(await page.evaluate(() => window.portvakt?.asked), false, 'the guard is active');
    const position = await page.locator('#portvakt').evaluate(section => getComputedStyle(section).position);
    assert.equal(position, 'fixed', 'the banner has its style');
    assert.equal(await askedVendor(() => choose(page, 'reject-all')), 0, 'held back after a no');
    await context.clearCookies();
    await page.goto(url);
    assert.equal(await askedVendor(() => choose(page, 'accept-all')), 1, 'let through after a yes');
    // Where a policy forbids requests, the browser says so, and the form goes its own way.
    const forbidden = text =>
        name === 'no-requests' && /connect-src|Refused to connect|Connecting to/.test(text);
    assert.deepEqual(messages.filter(text => complaint.test(text) && !forbidden(text)), []);
    await page.click('[data-portvakt=open]');
    await page.waitForSelector('h1');
    assert.ok(page.url().includes('/.privacy/'), 'and the way back leads there');
  } finally { await context.close(); }
}

// In a frame that may do nothing there is no banner, and the page in it is held back like any other.
async function holdsInSandbox(stage) {
  const {guarded, recorder} = stage.lanes[0];
  const context = await guarded.newContext({ignoreHTTPSErrors: true});
  try {
    const page = await context.newPage();
    await page.goto(`http://${guardedSite}/none.html`);
    recorder.take();
    for (const sandbox of ['', 'allow-scripts', 'allow-scripts allow-same-origin']) {
      const frame = await page.evaluateHandle(
          value => new Promise(done => {
            const element = document.createElement('iframe');
            element.setAttribute('sandbox', value);
            element.src = '/inline.html';
            element.onload = () => done(element);
            document.body.append(element);
          }),
          sandbox);
      const inner = await frame.asElement().contentFrame();
      assert.equal(await inner.locator('#portvakt').count(), 0, sandbox);
    }
    await page.evaluate(() => new Promise(done => requestIdleCallback(done)));
    assert.equal(recorder.take().requests.filter(({host}) => host === vendorHost).length, 0);
  } finally { await context.close(); }
}

// The page comes again with the way back on it.
async function choose(page, choice) {
  await page.click(`#portvakt button[name=choice][value=${choice}]`);
  await page.waitForSelector('[data-portvakt=open]', {state: 'visible'});
  await page.waitForLoadState('load');
}

export const group = stage => ['content security policy', {
  prepare: async () => stage,
  tests: [
    ...Object.keys(guardedPages)
        .map(name => [`banner and guard work under "${name}"`, () => holds(stage, name)]),
    ['sandboxed frames are held back and not asked', () => holdsInSandbox(stage)]
  ],
}];
