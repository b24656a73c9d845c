// The reports as marketing meets them: the whole way in Chromium, by pointer, by keyboard and without a
// script; and as those meet them who have no business there.
import assert from 'node:assert/strict';

import {eventually} from '../e2e/support/suite.mjs';

import {closeReports, judge, openReports, password, shoot, site, sticksOut, user, withPage} from './reports_stage.mjs';

const screens = [
  '/', '/overview', '/consent', '/held', '/goals', '/realtime', '/bots', '/notes', '/shares',
  '/table?table=page'
];
const of = (path, more = '') => `${path}${path.includes('?') ? '&' : '?'}site=${site}${more}`;
const main = page => page.locator('main');

async function signIn(page, address, name, secret = password) {
  await page.goto(`${address}/sign-in`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', secret);
  await page.click('main button');
}

// A bare request with the browser's cookies, and what else the test wants.
const ask = (address, path, options = {}) => fetch(address + path, {redirect: 'manual', ...options});

async function theWholeWay(stage) {
  const {address} = stage.closed;
  await withPage(stage, {acceptDownloads: true}, async (page, context, faults) => {
    await page.goto(address + stage.welcome.pathname + stage.welcome.search);
    await page.fill('input[name=password]', password);
    await page.click('main button');
    await page.goto(address + of('/overview'));
    await page.waitForSelector('.figures');
    await page.click('.period summary');
    await page.selectOption('select[name=period]', '7d');
    await page.selectOption('select[name=compare]', 'year');
    await page.click('.period form button');
    await page.waitForURL(/period=7d/);
    assert.match(page.url(), /compare=year/);
    await page.click('#card-2 a:has-text("Norway")');
    await page.waitForURL(/f=country%3D%3DNO/);
    assert.match(await page.locator('.chips').innerText(), /Country is Norway/);
    await page.click('#card-0 a:has-text("/timetable")');
    await page.waitForURL(/f=page/);
    await page.click('.chips a >> nth=0');
    await page.waitForURL(url => !url.search.includes('country'));
    const [file] =
        await Promise.all([page.waitForEvent('download'), page.click('#card-2 .exports a >> nth=0')]);
    assert.match(file.suggestedFilename(), /^ferry\.example-.*-country\.csv$/);
    await page.goBack();
    await page.waitForURL(/country/);
    await page.click('.reader summary');
    await page.click('.reader button');
    await page.waitForURL(/sign-in/);
    await page.goto(address + of('/overview'));
    assert.match(page.url(), /sign-in/, 'signed out is out');
    assert.deepEqual(faults, []);
    await signIn(page, address, 'vera');
    assert.equal(await page.locator('h1').innerText(), 'All sites');
    assert.ok(!(await page.content()).includes('shop.example'), 'a viewer of one site sees no other');
  });
}

async function sharing(stage) {
  const {address} = stage.closed;
  await user(stage.config, ['passwd', 'eva'], password);
  let link;
  await withPage(stage, {}, async page => {
    await signIn(page, address, 'eva');
    await page.goto(address + of('/shares', '&period=7d'));
    await page.fill('input[name=days]', '3');
    await page.click('text=Make a link');
    link = await page.locator('a[href*="/share/"]').getAttribute('href');
  });
  await withPage(stage, {}, async page => {
    await page.goto(link);
    assert.match(await page.locator('.fixed').innerText(), /Shared view until/);
    assert.equal(await page.locator('main a, main form, nav').count(), 0, 'it leads nowhere else');
    assert.deepEqual(await judge(page), []);
    await page.goto(address + of('/overview'));
    assert.match(page.url(), /sign-in/);
  });
  assert.equal((await ask('', link.replace(/.$/, last => (last === 'A' ? 'B' : 'A')))).status, 404, 'forged');
  await withPage(stage, {}, async page => {
    await signIn(page, address, 'eva');
    await page.goto(address + of('/shares'));
    await page.click('main button:has-text("Revoke")');
    assert.equal(await page.locator('a[href*="/share/"]').count(), 0);
  });
  assert.equal((await ask('', link)).status, 404, 'revoked');
}

async function strangers(stage) {
  const {address} = stage.closed;
  await withPage(stage, {}, async page => {
    await signIn(page, address, 'vera', 'wrong password here');
    assert.equal(await page.locator('[role=alert]').innerText(), 'Name or password is not right.');
    await signIn(page, address, 'nobody', password);
    assert.equal(await page.locator('[role=alert]').innerText(), 'Name or password is not right.');
  });
  const paths =
      [of('/overview'), of('/archive'), of('/export?table=page'), of('/api/v1/overview'), '/accounts'];
  for (const cookie of ['', 'portvakt_insights=', `portvakt_insights=${'A'.repeat(43)}`]) {
    for (const path of paths)
      assert.ok(
          [303, 401].includes((await ask(address, path, {headers: {cookie}})).status), `${path} ${cookie}`);
  }
  let cookie;
  await withPage(stage, {}, async (page, context) => {
    await signIn(page, address, 'vera');
    const session = (await context.cookies()).find(one => one.name === 'portvakt_insights');
    assert.ok(session.httpOnly && session.sameSite === 'Lax');
    cookie = `portvakt_insights=${session.value}`;
  });
  for (const path of paths.slice(0, 4)) {
    assert.equal((await ask(address, path, {headers: {cookie}})).status, 200, path);
    const other = path.replace(site, 'shop.example');
    assert.equal((await ask(address, other, {headers: {cookie}})).status, 404, other);
  }
  for (const headers of [{}, {origin: 'https://evil.example'}, {'sec-fetch-site': 'cross-site'}]) {
    const sent = {
      method: 'POST',
      headers: {cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers}
    };
    assert.equal((await ask(address, '/sign-out', {...sent, body: ''})).status, 403);
    assert.equal((await ask(address, of('/notes'), {...sent, body: 'text=x&from=2026-11-01'})).status, 403);
  }
  assert.equal(
      (await ask(address, of('/overview'), {headers: {cookie}})).status, 200, 'the session still stands');
}

async function everyScreenByAxe(stage, paths) {
  for (const path of paths) {
    for (const [width, height, colorScheme] of [
             [1280, 900, 'light'], [1280, 900, 'dark'], [390, 844, 'light'], [320, 700, 'dark']]) {
      await withPage(stage, {viewport: {width, height}, colorScheme}, async (page, context, faults) => {
        await page.goto(stage.open.address + of(path));
        assert.deepEqual(await judge(page), [], `${path} ${width} ${colorScheme}`);
        assert.deepEqual(await sticksOut(page), [], `${path} ${width}`);
        assert.deepEqual(faults, [], path);
        const name = path.split('?')[0].slice(1) || 'sites';
        if (width !== 320) await shoot(page, `${name}-${width > 500 ? 'desktop' : 'phone'}-${colorScheme}`);
        if (width === 390) {
          await page.emulateMedia({colorScheme: 'dark'});
          await shoot(page, `${name}-phone-dark`);
        }
      });
    }
  }
  await withPage(stage, {}, async page => {
    await page.goto(`${stage.closed.address}/sign-in`);
    assert.deepEqual(await judge(page), []);
  });
}

async function byKeyboard(stage) {
  await withPage(stage, {}, async page => {
    await page.goto(stage.open.address + of('/overview'));
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'main');
    const reached = new Set();
    for (let i = 0; i < 200 && !reached.has('JSON: Not found'); ++i) {
      await page.keyboard.press('Tab');
      const {name, seen} = await page.evaluate(() => {
        const one = document.activeElement;
        const style = getComputedStyle(one);
        return {
          name: one.getAttribute('aria-label') ?? one.textContent.trim(),
          seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        };
      });
      assert.ok(seen, `focus is not seen on ${name}`);
      reached.add(name);
    }
    for (const name of ['Add a filter', 'Entry pages', 'Norway', 'CSV: Countries', 'JSON: Not found'])
      assert.ok(reached.has(name), `${name} is not reached: ${[...reached].join(' | ')}`);
    await page.focus('[data-plot]');
    const last = await page.locator('.tip').innerText();
    await page.keyboard.press('ArrowLeft');
    const before = await page.locator('.tip').innerText();
    assert.notEqual(before, last);
    assert.match(before, /Visits by day: [\d,]+/);
    assert.ok((await page.getAttribute('[data-plot]', 'aria-valuetext')).includes('Visits by day'));
    await page.focus('#card-2 a:has-text("Norway")');
    await page.keyboard.press('Enter');
    await page.waitForURL(/country%3D%3DNO/);
  });
}

async function withoutScript(stage) {
  await withPage(stage, {javaScriptEnabled: false}, async page => {
    await page.goto(stage.open.address + of('/overview'));
    assert.match(await page.locator('.figures').innerText(), /Visits\s+[\d,]+/);
    await page.click('.twin summary');
    assert.equal(await page.locator('.twin tbody tr').count(), 30);
    assert.ok(await page.locator('.twin tbody td').first().isVisible());
    await page.click('#card-2 a:has-text("Norway")');
    await page.click('.period summary');
    await page.selectOption('select[name=period]', '7d');
    await page.click('.period form button');
    assert.match(page.url(), /period=7d/);
    assert.match(page.url(), /country/, 'the filter stays');
    assert.equal(await page.locator('.twin tbody tr').count(), 7);
    for (const path of screens) {
      await page.goto(stage.open.address + of(path));
      assert.ok((await main(page).innerText()).length > 60, path);
    }
  });
}

async function firstScreen(stage) {
  await withPage(stage, {}, async page => {
    const answers = [];
    page.on('response', answer => answers.push(answer));
    await page.goto(stage.open.address + of('/overview'), {waitUntil: 'networkidle'});
    let bytes = 0;
    for (const answer of answers) {
      const packed = await fetch(answer.url(), {headers: {'accept-encoding': 'gzip'}});
      bytes += Number(packed.headers.get('content-length'));
      assert.equal(packed.headers.get('content-encoding'), 'gzip');
    }
    console.log(`       first screen: ${answers.length} requests, ${bytes} bytes`);
    assert.ok(answers.length <= 3 && bytes <= 60 * 1024);
    const text = await main(page).innerText();
    const firstView = await page.evaluate(
        () => [...document.querySelectorAll('main *')]
                  .filter(one => !one.children.length && one.getBoundingClientRect().top < innerHeight)
                  .map(one => one.textContent)
                  .join(' '));
    for (const part
             of [/Visits/, /[+−±]\d+%/, /Most came by/, /allowed analytics/, /Where they came from/])
      assert.match(firstView, part, 'seen without scrolling');
    assert.match(text, /likely [\d,]+–[\d,]+ in all/);
  });
}

async function sameFigures(stage) {
  const {address} = stage.open;
  const api = await fetch(address + of('/api/v1/overview', '&period=90d')).then(answer => answer.json());
  const csv = await fetch(address + of('/export?table=country&format=csv', '&period=90d'))
                  .then(answer => answer.text());
  const visits = api.tables.totals.rows[0].visits;
  assert.ok(visits > 100);
  await withPage(stage, {}, async page => {
    await page.goto(address + of('/overview', '&period=90d'));
    assert.equal(await page.locator('.figure strong').first().innerText(), visits.toLocaleString('en-GB'));
    const row = await page.locator('#card-2 tbody tr').first().innerText();
    const [, name, views] = csv.split('\r\n')[1].split(',');
    assert.ok(
        row.includes(name.slice(1, -1)) && row.includes(Number(views).toLocaleString('en-GB')),
        `${row} ${name} ${views}`);
  });
  const archive = Buffer.from(await fetch(address + of('/archive')).then(answer => answer.arrayBuffer()));
  assert.equal(archive.readUInt32LE(0), 0x04034b50);
  assert.ok(archive.includes('-page.csv') && archive.includes('-totals.csv'));
  const description = await fetch(`${address}/api/v1/openapi.json`).then(answer => answer.json());
  for (const path of Object.keys(description.paths).filter(one => !one.endsWith('stream')))
    assert.equal((await fetch(address + of(path, '&table=page'))).status, 200, path);
}

async function live(stage) {
  await withPage(stage, {}, async (page, context, faults) => {
    const asked = page.waitForRequest(/realtime\/stream/);
    await page.goto(stage.open.address + of('/realtime'));
    await asked;
    await page.evaluate(() => {
      document.querySelector('[data-live=views]').textContent = 'stale';
    });
    await eventually(
        'the figures are fresh',
        async () => /^[\d,]+$/.test(await page.locator('[data-live=views]').innerText()), 30_000);
    assert.deepEqual(faults, []);
  });
}

async function languages(stage) {
  for (const [locale, lang, word] of [
           ['nb-NO', 'nb', 'Besøkende'], ['nn-NO', 'nn', 'Besøkjande'], ['sv-SE', 'sv', 'Besökare'],
           ['da-DK', 'da', 'Besøgende'], ['fi-FI', 'fi', 'Kävijät'], ['de-DE', 'de', 'Besucher'],
           ['pl-PL', 'en', 'Visitors']]) {
    await withPage(stage, {locale, viewport: {width: 320, height: 700}}, async page => {
      await page.goto(stage.open.address + of('/overview'));
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      assert.ok((await page.locator('.figures').innerText()).includes(word), locale);
      assert.deepEqual(await sticksOut(page), [], locale);
    });
  }
}

export const group = ({quick}) => ['reports', {
  prepare: openReports,
  finish: closeReports,
  tests: [
    ['sign in, change period, compare, drill down, export, sign out', theWholeWay],
    ['share a screen, look at it, revoke it', sharing],
    ['strangers, forged sessions, foreign origins and other sites\' viewers get nothing', strangers],
    [
      'no screen has a fault by axe-core or sticks out, light and dark, wide and narrow',
      stage => everyScreenByAxe(stage, quick ? screens.slice(1, 4) : screens)
    ],
    ['everything by keyboard', byKeyboard],
    ['all numbers without a script', withoutScript],
    ['the first screen is small and says what matters', firstScreen],
    ['screen, file and API say the same', sameFigures],
    ['the real-time screen keeps itself fresh', live],
    ['seven languages, also at 320 pixels', languages],
  ]
}];
