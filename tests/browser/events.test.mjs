// What visitors with analytics consent do on a page arrives once, and nothing of anybody else.
import assert from 'node:assert/strict';
import {gzipSync} from 'node:zlib';

import {readRecords, Redis} from '../../scripts/lib/redis.mjs';
import {eventually} from '../e2e/support/suite.mjs';

import {away} from './event_pages.mjs';
import {guardedSite, savedSite} from './stage.mjs';

const home = `http://${savedSite}/events.html`;
// A browser without a head calls itself one, and robots are told of nothing.
const person =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

async function eventsOf(stage) {
  const redis = await Redis.open({port: stage.redis.port, host: '127.0.0.1'});
  try {
    return await readRecords(redis, 'saved', 'events');
  } finally { redis.close(); }
}

const told = events => events.map(({event, path, target}) => [event, path, target].filter(Boolean).join(' '));

// A window of its own; links that lead away are not followed.
async function visit(stage, choice, body) {
  const context =
      await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}, userAgent: person});
  try {
    const tab = await context.newPage();
    for (const places of [`${away}/**`, '**/files/**'])
      await context.route(places, route => route.fulfill({status: 204}));
    await tab.goto(home);
    if (choice) {
      await tab.click(`#portvakt button[name=choice][value=${choice}]`);
      await tab.waitForSelector('[data-portvakt=open]', {state: 'visible'});
      // The script comes with the next page.
      await tab.reload();
    }
    await body(tab, context);
  } finally { await context.close(); }
}

async function doEverything(tab) {
  await tab.click('#out');
  await tab.click('#file');
  await tab.click('#form button');
  await tab.evaluate(() => history.pushState({}, '', '/events.html?step=2'));
  await tab.evaluate(() => history.pushState({}, '', '/second'));
  await tab.goBack();
}

async function arriveOnce(stage) {
  const before = (await eventsOf(stage)).length;
  let size = 0;
  await visit(stage, 'accept-all', async tab => {
    const script = await tab.evaluate(
        () => [...document.scripts]
                  .map(s => s.text)
                  .find(text => text.includes('sendBeacon') && text.includes('auxclick')));
    size = gzipSync(script, {level: 9}).length;
    await doEverything(tab);
    await tab.goto(`http://${savedSite}/1.html`);
  });
  let events = [];
  await eventually('the events', async () => {
    events = (await eventsOf(stage)).slice(before);
    return events.filter(({event}) => event === 'leave').length >= 4;
  });
  const count = word => told(events).filter(text => text === word).length;
  for (const word
           of [`outbound /events.html ${away}`, 'download /events.html /files/manual.pdf',
               'form /events.html /send', 'view /second']) {
    assert.equal(count(word), 1, `${word} arrives once: ${told(events)}`);
  }
  assert.equal(count('view /events.html'), 2, 'there and back again');
  assert.ok(events.every(({visitor, screen, purposes, browser}) => visitor && screen && purposes && browser));
  assert.equal(new Set(events.map(({visitor}) => visitor)).size, 1);
  assert.ok(events.filter(({event}) => event === 'leave').every(({seconds}) => /^\d+$/.test(seconds)));
  assert.ok(!JSON.stringify(events).includes('who=') && !JSON.stringify(events).includes('copy='));
  assert.ok(size <= 1024, `${size} bytes`);
  console.log(`       ${events.length} events, each once; the script is ${size} bytes compressed`);
}

async function noneWithout(stage) {
  const before = (await eventsOf(stage)).length;
  for (const choice of [null, 'reject-all']) {
    await visit(stage, choice, async tab => {
      const sent = [];
      tab.on('request', request => request.url().endsWith('/.privacy/note') && sent.push(request.url()));
      assert.ok(!(await tab.content()).includes('auxclick'), 'no script');
      await doEverything(tab);
      await tab.goto(`http://${savedSite}/1.html`);
      assert.deepEqual(sent, []);
    });
  }
  assert.equal((await eventsOf(stage)).length, before);
}

// Consent is withdrawn in another tab while this page stands open.
async function noneAfter(stage) {
  await visit(stage, 'accept-all', async (tab, context) => {
    const sent = [];
    tab.on('request', request => request.url().endsWith('/.privacy/note') && sent.push(request.url()));
    await tab.click('#out');
    await eventually('the first click was told', async () => sent.length === 1);
    const other = await context.newPage();
    await other.goto(`http://${savedSite}/.privacy/`);
    await other.click('button[name=choice][value=reject-all]');
    await other.goto(home);
    await eventually(
        'this page heard of it', () => tab.evaluate(() => !window.portvakt.purposes.includes('analytics')));
    const before = sent.length;
    await tab.bringToFront();
    await doEverything(tab);
    await tab.goto(`http://${savedSite}/1.html`);
    assert.equal(sent.length, before, 'nothing was sent any more');
  });
}

// The script runs and is let speak under the site's own policy.
async function underPolicies(stage) {
  for (const name of ['guarded', 'nonce', 'hash', 'fallback', 'dynamic', 'meta']) {
    const context = await stage.lanes[0].guarded.newContext({userAgent: person});
    try {
      const tab = await context.newPage();
      const complaints = [];
      tab.on(
          'console',
          message => /content security policy/i.test(message.text()) && complaints.push(message.text()));
      await tab.goto(`http://${guardedSite}/${name}.html`);
      await tab.click('#portvakt button[name=choice][value=accept-all]');
      await tab.waitForSelector('[data-portvakt=open]', {state: 'visible'});
      // The script comes with the next page.
      await tab.reload();
      const told = tab.waitForRequest(request => request.url().endsWith('/.privacy/note'));
      await tab.evaluate(() => history.pushState({}, '', '/elsewhere'));
      assert.match((await told).postData(), /^(leave|view)\n/, name);
      assert.deepEqual(complaints, [], name);
    } finally { await context.close(); }
  }
}

export const group = stage => ['events', {
  prepare: async () => stage,
  tests: [
    ['each event arrives once', () => arriveOnce(stage)],
    ['the script works under every policy of the site', () => underPolicies(stage)],
    ['none without consent', () => noneWithout(stage)],
    ['none after consent was withdrawn', () => noneAfter(stage)],
  ],
}];
