// What the site holds back whatever visitors choose stays away after "accept all": a vendor whose agreement
// is not signed, and everything on a sensitive page, also when another page is open beside it. The same pages
// straight from nginx ask both vendors, so that a page that could not leak would be noticed.
import assert from 'node:assert/strict';

import {answerBanner} from './chromium.mjs';
import {vendorHosts} from './dynamic_pages.mjs';
import {heldSite} from './stage.mjs';

const usual = '/dynamic/image.html';
const sensitive = '/dynamic/inner-html.html';
const address = path => `http://${heldSite}${path}`;

async function quiet(recorder) {
  const began = Date.now();
  recorder.lastAt = began;
  while (Date.now() - recorder.lastAt < 700 && Date.now() - began < 20_000)
    await new Promise(resolve => setTimeout(resolve, 50));
}

// The kinds of vendors that were asked while `paths` were open side by side.
async function asked(context, recorder, paths) {
  await quiet(recorder);
  recorder.take();
  const pages = [];
  for (const path of paths) {
    const page = await context.newPage();
    await page.goto(address(path), {waitUntil: 'load', timeout: 60_000});
    pages.push(page);
  }
  await quiet(recorder);
  const {requests} = recorder.take();
  for (const page of pages) await page.close();
  return Object.keys(vendorHosts)
      .filter(
          kind => requests.some(
              ({host, target}) =>
                  host === vendorHosts[kind] && paths.some(path => target.includes(path.slice(9, -5)))));
}

async function afterAcceptAll({lanes: [{guarded, direct, recorder}]}, paths, expected) {
  const plain = await direct.newContext({ignoreHTTPSErrors: true});
  assert.deepEqual(await asked(plain, recorder, paths), ['analytics', 'marketing'], 'without Portvakt');
  await plain.close();
  const context = await guarded.newContext({ignoreHTTPSErrors: true});
  await answerBanner(context, address(usual), 'accept-all');
  assert.deepEqual(await asked(context, recorder, paths), expected);
  await context.close();
}

// The usual page tells others that a choice was made; the sensitive one must not begin to load then.
async function besideAnother({lanes: [{guarded, recorder}]}) {
  const context = await guarded.newContext({ignoreHTTPSErrors: true});
  await answerBanner(context, address(usual), 'accept-all');
  await quiet(recorder);
  recorder.take();
  const page = await context.newPage();
  await page.goto(address(sensitive));
  const other = await context.newPage();
  await other.goto(address(usual));
  await quiet(recorder);
  const {requests} = recorder.take();
  const vendors = requests.filter(({host}) => Object.values(vendorHosts).includes(host));
  assert.ok(vendors.length > 0, 'the usual page has loaded');
  assert.deepEqual(vendors.filter(({target}) => target.includes('inner-html')), []);
  await context.close();
}

async function declared({lanes: [{guarded}]}) {
  const context = await guarded.newContext({ignoreHTTPSErrors: true});
  const page = await context.newPage();
  await page.goto(address('/.privacy/declaration.json'));
  const {vendors} = JSON.parse(await page.evaluate(() => document.body.innerText));
  const vendor = vendors.find(({id}) => id === 'google-analytics-4');
  assert.equal(vendor.agreement, 'none');
  assert.equal(vendor.held, 'agreement');
  await context.close();
}

export const group = stage => ['held back', {
  tests: [
    [
      'a vendor without agreement is not released on accept-all',
      () => afterAcceptAll(stage, [usual], ['marketing'])
    ],
    ['a sensitive page loads nothing on accept-all', () => afterAcceptAll(stage, [sensitive], [])],
    ['a sensitive page loads nothing while another page is open', () => besideAnother(stage)],
    ['the declaration says what is held back and why', () => declared(stage)],
  ],
}];
