// A choice is taken on the page where it is made: nothing that the visitor has typed or scrolled to is lost,
// tags of what was granted start in the order of the document, what was withdrawn is cleared away, and the
// page is told.
import assert from 'node:assert/strict';

import {choiceSite} from './stage.mjs';

const page = name => `http://${choiceSite}/choice/${name}.html`;
const ask = '#portvakt[data-portvakt=ask]';
const button = choice => `${ask} button[name=choice][value=${choice}]`;

async function withPage(stage, name, body, options = {}) {
  const {guarded, recorder} = stage.lanes[0];
  const context =
      await guarded.newContext({viewport: {width: 1280, height: 800}, ignoreHTTPSErrors: true, ...options});
  const tab = await context.newPage();
  const errors = [];
  tab.on('pageerror', error => errors.push(error.message));
  try {
    await tab.goto(page(name));
    recorder.take();
    await body(tab, context, recorder);
    assert.deepEqual(errors, []);
  } finally { await context.close(); }
}

const answered = tab => tab.waitForSelector('#portvakt-open [data-portvakt=open]', {state: 'visible'});
// The browser's own questions about forms are none of the page's.
const hosts = recorder => recorder.take()
                              .requests.filter(({host}) => !host.startsWith('content-autofill.'))
                              .map(({host, target}) => host + target.split('?')[0]);

async function keepsWhatVisitorsDid(stage) {
  await withPage(stage, 'tags', async tab => {
    await tab.fill('#own input', 'half a name');
    await tab.evaluate(() => {
      window.same = true;
      scrollTo(0, 600);
    });
    await tab.click(button('accept-all'));
    await answered(tab);
    assert.equal(await tab.inputValue('#own input'), 'half a name');
    assert.equal(await tab.evaluate(() => window.same), true, 'it is still the same page');
    assert.equal(await tab.evaluate(() => scrollY), 600);
    assert.equal(await tab.locator('#portvakt').count(), 0);
    await tab.waitForFunction(() => document.querySelector('#portvakt-open [role=status]').textContent);
    assert.ok(
        await tab.evaluate(() => document.activeElement.matches('[data-portvakt=open]')),
        'the focus is kept');
  });
}

async function startsTagsInOrder(stage) {
  await withPage(stage, 'tags', async (tab, context, recorder) => {
    assert.deepEqual(await tab.evaluate(() => window.ran), ['page', 'own']);
    await tab.click(button('accept-all'));
    await tab.waitForFunction(() => ran.includes('3'));
    assert.deepEqual(
        await tab.evaluate(() => ran), ['page', 'own', '1', '2', '3'], 'own scripts do not run twice');
    await tab.waitForSelector('iframe[src*=youtube]');
    assert.equal(await tab.locator('.portvakt-embed').count(), 0);
    const place = await tab.evaluate(
        () =>
            [document.querySelector('iframe[src*=youtube]').closest('p') !== null,
             document.querySelector('.pixel img[src*=facebook]') !== null,
             document.querySelector('.pixel').nextElementSibling.localName === 'p']);
    assert.deepEqual(place, [true, true, true], 'all stand where the page has them');
    const asked = hosts(recorder);
    for (const wanted
             of ['static.hotjar.com/ran/3', 'bat.bing.com/ran/2', 'www.youtube.com/embed/1',
                 'www.facebook.com/tr'])
      assert.equal(asked.filter(one => one === wanted).length, 1, wanted);
  });
}

async function startsOnlyWhatWasGranted(stage) {
  await withPage(stage, 'tags', async (tab, context, recorder) => {
    await tab.click(`${ask} summary`);
    await tab.check(`${ask} input[value=analytics]`);
    await tab.click(button('selected'));
    await tab.waitForFunction(() => ran.includes('3'));
    assert.deepEqual(await tab.evaluate(() => ran), ['page', 'own', '1', '3']);
    assert.equal(await tab.locator('.portvakt-embed').count(), 1);
    assert.deepEqual(hosts(recorder).filter(one => !one.startsWith('static.hotjar.com')), []);
    assert.deepEqual(
        await tab.evaluate(() => [portvakt.asked, portvakt.purposes]), [true, ['necessary', 'analytics']]);
  });
}

async function tellsThePage(stage) {
  await withPage(stage, 'tags', async tab => {
    await tab.evaluate(() => portvakt.onchange(list => (window.called = list)));
    assert.deepEqual(
        await tab.evaluate(
            () =>
                [Cookiebot.consent.marketing, CookieConsent.acceptedCategory('analytics'),
                 klaro.getManager().getConsent('marketing'), OnetrustActiveGroups]),
        [false, false, false, ',C0001,']);
    await tab.click(button('accept-all'));
    await answered(tab);
    await tab.waitForFunction(() => window.called);
    const all = ['necessary', 'functional', 'analytics', 'marketing'];
    assert.deepEqual(await tab.evaluate(() => window.called), all);
    assert.deepEqual(await tab.evaluate(() => heard), ['necessary', all.join()]);
    assert.ok(await tab.evaluate(() => dataLayer.some(entry => entry.event === 'consent_update')));
    assert.deepEqual(
        await tab.evaluate(
            () =>
                [Cookiebot.consent.marketing, CookieConsent.acceptedCategory('analytics'),
                 klaro.getManager().getConsent('marketing'), OnetrustActiveGroups]),
        [true, true, true, ',C0001,C0003,C0002,C0004,']);
  });
}

// One click gives, one click takes back, on the same page.
async function clearsWhatWasWithdrawn(stage) {
  await withPage(stage, 'tags', async (tab, context, recorder) => {
    await tab.click(button('accept-all'));
    await tab.waitForFunction(() => ran.includes('3'));
    await tab.evaluate(() => {
      for (const domain of ['', '; domain=choice.test', '; domain=www.choice.test'])
        for (const path of ['/', '/choice', '/choice/']) document.cookie = `_ga=1; path=${path}${domain}`;
      document.cookie = 'own=1; path=/';
      for (const store of [localStorage, sessionStorage])
        store.setItem('plausible_ignore', '1'), store.setItem('own', '1');
    });
    await tab.fill('#own input', 'kept');
    recorder.take();
    await tab.click('#portvakt-open button[value=reject-all]');
    await tab.waitForFunction(
        () => portvakt.purposes.length === 1 && document.querySelector('.portvakt-embed'));
    assert.equal(await tab.inputValue('#own input'), 'kept');
    assert.equal(await tab.locator('iframe[src*=youtube]').count(), 0);
    assert.deepEqual(
        await tab.evaluate(() => [localStorage, sessionStorage].map(store => Object.keys(store))),
        [['own'], ['own']]);
    assert.deepEqual(
        (await context.cookies()).map(({name}) => name).filter(name => name !== 'portvakt'), ['own']);
    assert.equal(await tab.locator('#portvakt-open button').count(), 0, 'nothing is left to withdraw');
    await tab.evaluate(() => {
      new Image().src = 'https://www.google-analytics.com/collect';
      document.cookie = '_ga=2; path=/';
    });
    await tab.evaluate(() => new Promise(done => requestIdleCallback(done)));
    assert.deepEqual(hosts(recorder), [], 'what still runs is held back');
    assert.ok(!(await tab.evaluate(() => document.cookie)).includes('_ga'));
  });
}

async function otherTabsFollow(stage) {
  await withPage(stage, 'tags', async (tab, context) => {
    const other = await context.newPage();
    await other.goto(page('tags'));
    await other.fill('#own input', 'elsewhere');
    await tab.bringToFront();
    await tab.click(button('accept-all'));
    await other.waitForFunction(() => ran.includes('3'));
    assert.equal(await other.locator('#portvakt').count(), 0);
    assert.equal(await other.inputValue('#own input'), 'elsewhere');
  });
}

async function oneEmbed(stage) {
  await withPage(stage, 'tags', async (tab, context, recorder) => {
    await tab.click('.portvakt-embed [data-portvakt=once]');
    await tab.waitForSelector('iframe[src*=youtube]');
    assert.deepEqual(await tab.evaluate(() => [portvakt.asked, portvakt.purposes]), [false, ['necessary']]);
    assert.deepEqual(await context.cookies(), [], 'nothing is remembered');
    await tab.goto(page('tags'));
    await tab.click('.portvakt-embed button[name=allow]');
    await tab.waitForSelector('iframe[src*=youtube]');
    await answered(tab);
    assert.deepEqual(await tab.evaluate(() => portvakt.purposes), ['necessary']);
    await tab.goto(page('tags'));
    assert.equal(await tab.locator('iframe[src*=youtube]').count(), 1, 'it is allowed for good');
    assert.deepEqual(hosts(recorder).filter(one => !one.startsWith('www.youtube.com')), []);
  });
}

// The same by the vendor's box in the banner, and all of it without a script.
async function oneVendor(stage) {
  for (const javaScriptEnabled of [true, false]) {
    await withPage(stage, 'tags', async tab => {
      await tab.click(`${ask} summary`);
      await tab.check(`${ask} input[name=vendor][value=youtube]`);
      await tab.click(button('selected'));
      await answered(tab);
      await tab.goto(page('tags'));
      assert.equal(await tab.locator('iframe[src*=youtube]').count(), 1);
      await tab.click('#portvakt-open button[value=reject-all]');
      await tab.waitForSelector('.portvakt-embed');
      await tab.click('.portvakt-embed button[name=allow]');
      await tab.waitForSelector('iframe[src*=youtube]', {state: 'attached'});
    }, {javaScriptEnabled});
  }
}

// Where the script cannot go its way, the form goes its own.
async function fallsBack(stage) {
  for (const broken of ['**/.privacy/update.js', '**/.privacy/choice']) {
    await withPage(stage, 'tags', async tab => {
      let first = true;
      await tab.route(broken, route => first ? (first = false, route.abort()) : route.continue());
      await tab.click(button('reject-all'));
      await answered(tab);
      assert.equal(tab.url(), page('tags'));
    });
  }
}

export const group = stage => ['a choice on the page', {
  prepare: async () => stage,
  tests: [
    ['keeps scroll, form and focus', keepsWhatVisitorsDid],
    ['starts tags in the order of the document', startsTagsInOrder],
    ['starts only what was granted', startsOnlyWhatWasGranted],
    ['tells scripts, also those that know other tools', tellsThePage],
    ['is withdrawn by one click: cookies, storage and frames go', clearsWhatWasWithdrawn],
    ['reaches the site\'s other tabs', otherTabsFollow],
    ['shows an embed once, or allows its vendor', oneEmbed],
    ['allows one vendor, with and without script', oneVendor],
    ['falls back on the form', fallsBack],
  ],
}];
