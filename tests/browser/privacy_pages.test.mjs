// The privacy pages as visitors meet them: every page in every language without a violation that axe-core
// finds, by keyboard, without JavaScript, on a narrow screen, in light, dark and forced colours.
import assert from 'node:assert/strict';
import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {get} from '../e2e/support/http.mjs';
import {root} from '../e2e/support/processes.mjs';
import {eventually} from '../e2e/support/suite.mjs';

import {demoSite} from './stage.mjs';

const home = `http://${demoSite}/`;
const pages = ['', 'declaration', 'my-data', 'erase', 'requests', 'device'];
const shots = join(root, 'build/shots');
const axe = readFileSync(join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
export const languages =
    readdirSync(join(root, 'config/locales')).map(name => name.replace('.yaml', '')).sort();

async function withPage(stage, options, body) {
  const context = await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}, ...options});
  const page = await context.newPage();
  try {
    await body(page, context);
  } finally { await context.close(); }
}

async function accept(page) {
  await page.goto(`${home}.privacy/`);
  await page.click('button[name=choice][value=accept-all]');
  await page.waitForLoadState('load');
}

async function violations(page) {
  await page.evaluate(axe);
  const {violations: found} = await page.evaluate(() => globalThis.axe.run(document));
  return found.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 80)).join(' | ')}`);
}

const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// Controls that are smaller than they should be: buttons below 44 pixels, all else below 24.
const tooSmall = page => page.evaluate(
    () => [...document.querySelectorAll('a,button,input:not([type=hidden]),summary,textarea')]
              .filter(element => {
                const {height} = element.getBoundingClientRect();
                return height < (element.matches('button,a.k,textarea,input[type=text]') ? 44 : 24);
              })
              .map(element => element.outerHTML.slice(0, 80)));

async function inEveryLanguage(stage) {
  for (const language of languages) {
    await withPage(stage, {locale: language, extraHTTPHeaders: {'Accept-Language': language}}, async page => {
      await accept(page);
      for (const path of pages) {
        await page.goto(`${home}.privacy/${path}`);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        assert.deepEqual(await violations(page), [], `${path || 'choice'} in ${language}`);
      }
    });
  }
}

async function inEveryLight(stage) {
  for (const options of [{colorScheme: 'light'}, {colorScheme: 'dark'}, {forcedColors: 'active'}]) {
    await withPage(stage, {...options, locale: 'nb-NO'}, async page => {
      await accept(page);
      for (const path of pages) {
        await page.goto(`${home}.privacy/${path}`);
        assert.deepEqual(await violations(page), [], `${path} with ${JSON.stringify(options)}`);
        assert.deepEqual(await tooSmall(page), [], path);
        assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      }
    });
  }
}

// 320 pixels wide, which is also 1280 pixels at 400 %, in the languages with the longest words.
async function onNarrowScreens(stage) {
  for (const language of ['en', 'de', 'fi', 'uk', 'ar']) {
    await withPage(stage, {viewport: {width: 320, height: 640}, locale: language}, async page => {
      await accept(page);
      for (const path of [...pages, 'requests?number=nonsense']) {
        await page.goto(`${home}.privacy/${path}`);
        const over = await overflow(page);
        assert.ok(over <= 0, `${path} in ${language} scrolls sideways by ${over}`);
      }
    });
  }
}

async function rightsWithoutScript(stage) {
  await withPage(stage, {javaScriptEnabled: false, locale: 'en'}, async (page, context) => {
    await accept(page);
    await page.click('nav a[href$="/my-data"]');
    await page.click('button:has-text("Freeze my data")');
    await page.waitForSelector('text=Your data has been frozen since');
    assert.ok((await context.cookies(`${home}.privacy/`)).some(({name}) => name === 'portvakt-frozen'));
    await page.click('button:has-text("Release my data")');
    await page.click('a:has-text("Erase my data")');
    await page.click('a:has-text("Cancel")');
    await page.click('a:has-text("Erase my data")');
    await page.click('button:has-text("Yes, erase my data")');
    await page.waitForSelector('text=Your data is being erased');
    assert.equal((await context.cookies()).length, 1);
    await page.click('nav a[href$="/requests"]');
    await page.check('input[value=access]');
    await page.fill('textarea', 'What do you know?');
    await page.click('button:has-text("Send request")');
    await page.waitForSelector('text=Keep this number');
    const number = await page.textContent('p.c');
    await page.click('nav a[href$="/requests"]');
    await page.fill('input[name=number]:not([type=hidden])', number.toUpperCase());
    await page.click('button:has-text("Look up")');
    assert.equal(await page.textContent('p.c'), number);
  });
}

// Tab and Enter alone: a code on one device, typed on the other.
async function byKeyboard(stage) {
  const tabTo = async (page, selector) => {
    for (let i = 0; i < 40; ++i) {
      await page.keyboard.press('Tab');
      if (await page.locator(`${selector}:focus`).count()) return;
    }
    assert.fail(`the keyboard does not reach ${selector}`);
  };
  let code = '';
  await withPage(stage, {locale: 'en'}, async page => {
    await accept(page);
    await page.goto(`${home}.privacy/device`);
    await tabTo(page, 'form[action$="/code"] button');
    await page.keyboard.press('Enter');
    code = await page.textContent('p.c');
  });
  await withPage(stage, {locale: 'en'}, async (page, context) => {
    await page.goto(`${home}.privacy/device`);
    await tabTo(page, 'input[name=code]');
    await page.keyboard.type(code.replaceAll('-', ' '));
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=This device now has the same choice');
    assert.ok((await context.cookies()).some(({name}) => name === 'portvakt'));
  });
}

// A partner that nobody has seen yet appears in the declaration, and so does a cookie, its random part
// masked; nobody has run a scanner.
async function newPartners(stage) {
  await withPage(stage, {locale: 'en'}, async page => {
    await page.goto(`${home}nyheter.html`);
    const began = Date.now();
    await eventually('a new partner in the declaration', async () => {
      await page.goto(`${home}.privacy/declaration`);
      return (await page.textContent('main')).includes('YouTube (held back)');
    }, 60_000);
    assert.ok(Date.now() - began < 60_000);
  });
  const answer = await get(stage.portvakt.adminPort, '/inventory?site=demo');
  const {items} = JSON.parse(answer.body);
  const youtube = items.find(({vendor}) => vendor === 'youtube');
  assert.equal(youtube.kind, 'host');
  assert.ok(
      youtube.count >= 1 && youtube.held >= 1 && youtube.example.startsWith('/'), JSON.stringify(youtube));
}

async function pictures(stage) {
  mkdirSync(shots, {recursive: true});
  for (const [device, viewport] of Object.entries(
           {desktop: {width: 1280, height: 900}, phone: {width: 320, height: 640}})) {
    for (const colorScheme of ['light', 'dark']) {
      for (const locale of ['nb-NO', 'ar']) {
        await withPage(stage, {viewport, colorScheme, locale}, async page => {
          await accept(page);
          await page.goto(home);
          for (const path of pages) {
            await page.goto(`${home}.privacy/${path}`);
            const name =
                `rights-${path || 'choice'}-${device}-${colorScheme}${locale === 'ar' ? '-ar' : ''}.png`;
            await page.screenshot({path: join(shots, name)});
          }
        });
      }
    }
  }
}

export const group = (stage, quick) => ['privacy pages', {
  prepare: async () => stage,
  tests: [
    ['give every right without JavaScript', rightsWithoutScript],
    ['hand over to another device by keyboard alone', byKeyboard],
    ['declare a new partner within a minute', newPartners],
    ['have no violation in light, dark and forced colours, and controls of a good size', inEveryLight],
    ...(quick ? [] : [['have no violation in any language', inEveryLanguage]]),
    ['fit a screen 320 pixels wide', onNarrowScreens],
    ...(quick ? [] : [['look as in the pictures in build/shots', pictures]]),
  ],
}];
