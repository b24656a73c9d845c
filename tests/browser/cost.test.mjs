// What the banner costs a page: bytes, requests, time, layout. Figures are printed; bounds of time are wide,
// because other work on the machine counts too.
import assert from 'node:assert/strict';
import {gzipSync} from 'node:zlib';

import {choiceSite, demoSite, slowSite} from './stage.mjs';

const page = name => `http://${choiceSite}/choice/${name}.html`;
const part = (text, from, to) => {
  const begin = text.indexOf(from);
  return begin < 0 ? '' : text.slice(begin, text.indexOf(to, begin) + to.length);
};
const ours = text => ({
  guard: part(text, '<script>(function', '</script>'),
  banner: part(text, '<style>@layer portvakt', '</style>') +
      part(text, '<section id="portvakt"', '</section>') + part(text, '<nav id="portvakt-open"', '</nav>')
});
const zipped = text => gzipSync(text, {level: 6}).length;

// The page as it comes, without and with what the banner adds.
function added(text) {
  const {banner, guard} = ours(text);
  assert.ok(banner && guard, 'both are there');
  let without = text;
  for (const piece
           of [part(text, '<style>@layer portvakt', '</style>'),
               part(text, '<section id="portvakt"', '</section>'),
               part(text, '<nav id="portvakt-open"', '</nav>')])
    without = without.replace(piece, '');
  return {within: zipped(text) - zipped(without), alone: zipped(banner)};
}

async function weighsLittle(stage) {
  const context = await stage.lanes[0].guarded.newContext();
  const tab = await context.newPage();
  const asked = [];
  tab.on('request', request => asked.push(request.url()));
  const before = added(await (await tab.goto(page('bare'))).text());
  assert.deepEqual(asked, [page('bare')], 'no request before a choice');
  await tab.click('#portvakt button[value=accept-all]');
  await tab.waitForSelector('#portvakt-open');
  const after = added(await (await tab.goto(page('bare'))).text());
  const script = await tab.evaluate(() => fetch('/.privacy/update.js').then(answer => answer.text()));
  await context.close();
  console.log(`       before a choice ${before.alone} bytes (${before.within} within the page), after ${
      after.alone} (${after.within}); the script that comes with a choice ${zipped(script)}`);
  assert.ok(before.alone <= 3000 && after.alone <= 600);
}

// 20 pages that come in small pieces, each held up a little: nothing moves.
async function shiftsNothing(stage) {
  const context = await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}});
  const shifts = [];
  for (let run = 0; run < 20; ++run) {
    const tab = await context.newPage();
    await tab.addInitScript(() => {
      window.moved = 0;
      new PerformanceObserver(list => list.getEntries().forEach(one => (moved += one.value)))
          .observe({type: 'layout-shift', buffered: true});
    });
    await tab.goto(`http://${slowSite}/`, {waitUntil: 'load'});
    await tab.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    shifts.push(await tab.evaluate(() => moved));
    assert.ok(await tab.isVisible('#portvakt'));
    await tab.close();
  }
  await context.close();
  console.log(`       layout shift in ${shifts.filter(Boolean).length} of 20 pages`);
  assert.deepEqual(shifts.filter(Boolean), []);
}

// The page's own largest part stays the largest, and is not painted later than with an answer.
async function delaysNothing(stage) {
  const context = await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}});
  const tab = await context.newPage();
  const largest = async () => {
    const times = [];
    for (let i = 0; i < 7; ++i) {
      await tab.goto(`http://${demoSite}/`, {waitUntil: 'load'});
      const [inBanner, time] = await tab.evaluate(
          () =>
              new Promise(done => new PerformanceObserver(list => {
                                    const {element, startTime} = list.getEntries().at(-1);
                                    done([element?.closest('#portvakt, #portvakt-open') !== null, startTime]);
                                  }).observe({type: 'largest-contentful-paint', buffered: true})));
      assert.equal(inBanner, false, 'the largest paint is the page\'s own');
      times.push(time);
    }
    return times.sort((a, b) => a - b)[3];
  };
  const asking = await largest();
  await tab.click('#portvakt button[value=reject-all]');
  await tab.waitForSelector('#portvakt-open');
  const answered = await largest();
  await context.close();
  console.log(`       largest paint after ${asking.toFixed(0)} ms with the banner, ${
      answered.toFixed(0)} ms with an answer`);
  assert.ok(asking < 3 * answered + 500);
}

// How much longer the browser's main thread is busy with scripts on a page with the banner than on the same
// page after an answer: the guard is on both.
async function runsNoScript(stage) {
  const context = await stage.lanes[0].guarded.newContext();
  const tab = await context.newPage();
  const session = await context.newCDPSession(tab);
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', {rate: 4});
  const scripts = async () => {
    const times = [];
    for (let i = 0; i < 11; ++i) {
      await tab.goto(page('bare'));
      times.push(await busy(session));
    }
    return times.sort((a, b) => a - b)[5] * 1000;
  };
  const asking = await scripts();
  const elements =
      await tab.evaluate(() => document.querySelectorAll('#portvakt script, #portvakt [onclick]').length);
  await tab.click('#portvakt button[value=reject-all]');
  await tab.waitForSelector('#portvakt-open');
  const answered = await scripts();
  await context.close();
  console.log(`       script at 4x throttle: ${asking.toFixed(1)} ms with the banner, ${
      answered.toFixed(1)} ms with an answer`);
  assert.equal(elements, 0, 'the banner has no script of its own before somebody chooses');
}

// Since the page began.
const busy = async session => {
  const {metrics} = await session.send('Performance.getMetrics');
  return metrics.find(({name}) => name === 'ScriptDuration').value;
};

export const group = stage => ['cost', {
  prepare: async () => stage,
  tests: [
    ['at most 3,000 bytes before a choice, 600 after, and no request', weighsLittle],
    ['no layout shift on 20 slow pages', shiftsNothing],
    ['the largest paint is the page\'s own', delaysNothing],
    ['no script of its own', runsNoScript],
  ],
}];
