// The banner and the privacy page as visitors meet them: with and without JavaScript, checked by
// axe-core.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {root} from '../e2e/support/processes.mjs';

import {demoSite} from './stage.mjs';

const home = `http://${demoSite}/`;
const shots = join(root, 'build/shots');
const button = choice => `#portvakt button[name=choice][value=${choice}]`;
const axe = readFileSync(join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');

async function withPage(stage, options, body) {
  const context = await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}, ...options});
  const page = await context.newPage();
  try {
    await body(page, context);
  } finally { await context.close(); }
}

async function withoutScript(stage) {
  await withPage(stage, {javaScriptEnabled: false}, async (page, context) => {
    await page.goto(`${home}nyheter.html?a=1`);
    assert.ok(await page.isVisible(button('accept-all')) && await page.isVisible(button('reject-all')));
    await page.click(button('reject-all'));
    assert.equal(page.url(), `${home}nyheter.html?a=1`);
    assert.equal(await page.locator(button('accept-all')).count(), 0, 'it does not ask again');
    assert.ok(await page.isVisible('[data-portvakt=open]'), 'there is a way back');
    const rejected = await consentCookie(context);
    await page.goto(`${home}.privacy/`);
    await page.click('button[name=choice][value=accept-all]');
    assert.notEqual(await consentCookie(context), rejected);
    await page.goto(home);
    assert.ok((await page.content()).includes('https://bat.bing.com/action/0'));
    await page.goto(`${home}.privacy/`);
    await page.click('button[name=choice][value=reject-all]');
    await page.goto(home);
    assert.ok(!(await page.content()).includes('src="https://bat.bing.com/action/0'));
  });
}

const consentCookie = async context =>
    (await context.cookies()).find(cookie => cookie.name === 'portvakt')?.value;

async function withScript(stage) {
  await withPage(stage, {}, async (page, context) => {
    await page.goto(home);
    assert.deepEqual(
        await page.evaluate(() => [window.portvakt?.asked, window.portvakt?.purposes]),
        [false, ['necessary']]);
    await page.click(button('accept-all'));
    await page.waitForSelector('[data-portvakt=open]');
    assert.ok(await consentCookie(context));
    assert.deepEqual(
        await page.evaluate(() => [window.portvakt?.asked, window.portvakt?.purposes]),
        [true, ['necessary', 'functional', 'analytics', 'marketing']]);
    assert.ok(await page.isVisible('[data-portvakt=open]'));
  });
}

// From any page, with nothing open: how many clicks until the choice stands.
async function asEasyToTakeBack(stage) {
  for (const javaScriptEnabled of [true, false]) {
    await withPage(stage, {javaScriptEnabled}, async page => {
      const clicks = async (selector, done) => {
        let count = 0;
        const began = Date.now();
        for (const one of selector) ++count, await page.click(one);
        await page.waitForSelector(done);
        return {count, time: Date.now() - began};
      };
      await page.goto(home);
      const give = await clicks([button('accept-all')], '#portvakt-open button[value=reject-all]');
      await page.goto(`${home}nyheter.html`);
      const take =
          await clicks(['#portvakt-open button[value=reject-all]'], '#portvakt-open:not(:has(button))');
      console.log(`       ${javaScriptEnabled ? 'with' : 'without'} script: given by ${give.count} click in ${
          give.time} ms, withdrawn by ${take.count} in ${take.time} ms`);
      assert.ok(take.count <= give.count && take.time <= 2 * give.time + 2000);
      await page.goto(home);
      assert.ok(!(await page.content()).includes('src="https://bat.bing.com/action/0'));
    });
  }
}

async function byPurpose(stage) {
  await withPage(stage, {javaScriptEnabled: false}, async page => {
    await page.goto(`${home}.privacy/`);
    for (const box of await page.locator('input[name=purpose]:not([disabled])').all())
      await box.setChecked((await box.getAttribute('value')) === 'analytics');
    await page.click('button[name=choice][value=selected]');
    await page.goto(`${home}.privacy/state.json`);
    const text = await page.locator('body').textContent();
    assert.ok(
        /analytics/.test(JSON.stringify(JSON.parse(text).purposes)) &&
            !/marketing/.test(JSON.stringify(JSON.parse(text).purposes)),
        text);
  });
}

async function byKeyboard(stage) {
  await withPage(stage, {javaScriptEnabled: false}, async (page, context) => {
    await page.goto(home);
    for (let i = 0; i < 12; ++i) {
      await page.keyboard.press('Tab');
      if (await page.locator(`${button('reject-all')}:focus`).count()) break;
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-portvakt=open]');
    assert.ok(await consentCookie(context));
  });
}

// A placeholder leads to its vendor, which can be allowed by itself; the embed is back, and no other vendor.
async function oneVendor(stage) {
  await withPage(stage, {javaScriptEnabled: false, locale: 'nb-NO'}, async page => {
    await page.goto(`${home}nyheter.html`);
    const embed = page.locator('.portvakt-embed[data-vendor=youtube]').first();
    assert.match(await embed.innerText(), /YouTube\nMarkedsføring: ikke tillatt/);
    await embed.locator('a[href*=privacy]').click();
    const box = page.locator('input[name=vendor][value=youtube]');
    assert.ok(!await box.isChecked() && await box.evaluate(element => element.matches(':focus')));
    await box.check();
    await page.click('button[name=choice][value=selected]');
    assert.ok(await box.isChecked(), 'it is shown as allowed');
    await page.goto(`${home}nyheter.html`);
    assert.equal(await page.locator('.portvakt-embed[data-vendor=youtube]').count(), 0);
    assert.ok(await page.locator('iframe[src*=youtube]').count() > 0);
    assert.ok(!(await page.content()).includes('src="https://bat.bing.com/action/0'));
  });
}

async function violations(page, within) {
  await page.evaluate(axe);
  const {violations: found} =
      await page.evaluate(selector => globalThis.axe.run(selector ?? document), within);
  return found.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 80)).join(' | ')}`);
}

async function accessible(stage) {
  for (const colorScheme of ['light', 'dark']) {
    await withPage(stage, {colorScheme}, async page => {
      await page.goto(home);
      assert.deepEqual(await violations(page, '#portvakt'), [], `banner, ${colorScheme}`);
      await page.goto(`${home}.privacy/`);
      assert.deepEqual(await violations(page), [], `privacy page, ${colorScheme}`);
    });
  }
}

async function pictures(stage) {
  mkdirSync(shots, {recursive: true});
  for (const [device, viewport] of Object.entries(
           {desktop: {width: 1280, height: 800}, phone: {width: 390, height: 844}})) {
    for (const colorScheme of ['light', 'dark']) {
      await withPage(stage, {viewport, colorScheme, locale: 'nb-NO'}, async page => {
        for (const [name, path] of [
                 ['privacy', '.privacy/'], ['vendor', '.privacy/?vendor=youtube&return=/nyheter.html']]) {
          await page.goto(home + path);
          await page.screenshot({path: join(shots, `${name}-${device}-${colorScheme}.png`)});
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${name} on ${device} scrolls sideways by ${overflow}`);
        }
      });
    }
  }
}

export const group = stage => ['banner', {
  prepare: async () => stage,
  tests: [
    ['works without JavaScript, from first choice to change of mind', withoutScript],
    ['works with JavaScript and tells scripts the purposes', withScript],
    ['lets visitors choose by purpose', byPurpose],
    ['withdraws with as few clicks as it takes to give', asEasyToTakeBack],
    ['works by keyboard alone', byKeyboard],
    ['lets visitors allow the vendor of one placeholder', oneVendor],
    ['has no violation that axe-core finds', accessible],
    ['fits phone and desktop, light and dark (pictures in build/shots)', pictures],
  ],
}];
