// Banner, details, placeholder and way back as eyes, fingers and assistive technology meet them: rules of
// axe-core, sizes, zoom, contrast modes, languages, print, and styles of a site that would rather not show
// them.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {root} from '../e2e/support/processes.mjs';

import {languages} from './choice_pages.mjs';
import {choiceSite, demoSite} from './stage.mjs';

const page = name => `http://${choiceSite}/choice/${name}.html`;
const ask = '#portvakt[data-portvakt=ask]';
const shots = join(root, 'build/shots');
const axe = readFileSync(join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');
const schemes =
    [{colorScheme: 'light'}, {colorScheme: 'dark'}, {colorScheme: 'dark', forcedColors: 'active'}];

async function withPage(stage, name, options, body) {
  const context = await stage.lanes[0].guarded.newContext({viewport: {width: 1280, height: 800}, ...options});
  const tab = await context.newPage();
  try {
    await tab.goto(name.startsWith('http') ? name : page(name));
    return await body(tab, context);
  } finally { await context.close(); }
}

async function passesAxe(stage) {
  for (const language of languages) {
    await withPage(stage, `embed-${language}`, {}, async tab => {
      assert.equal(await tab.getAttribute('#portvakt', 'lang'), language);
      await tab.click(`${ask} summary`);
      await tab.evaluate(axe);
      for (const scheme of schemes) {
        await tab.emulateMedia({forcedColors: 'none', ...scheme});
        const {violations} =
            await tab.evaluate(() => axe.run({include: [['#portvakt'], ['.portvakt-embed']]}, {
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
            }));
        const found =
            violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 90)).join(' | ')}`);
        assert.deepEqual(found, [], `${language} ${JSON.stringify(scheme)}`);
      }
    });
  }
}

async function speaksThePagesLanguage(stage) {
  const heading = name => withPage(
      stage, name, {locale: 'de-DE'},
      async tab => [await tab.getAttribute('#portvakt', 'lang'), await tab.getAttribute('#portvakt', 'dir')]);
  assert.deepEqual(await heading('nb'), ['nb', 'ltr']);
  assert.deepEqual(await heading('ar'), ['ar', 'rtl']);
  assert.deepEqual(await heading('plain'), ['en', 'ltr']);
  await withPage(stage, 'nb', {locale: 'de-DE', javaScriptEnabled: false}, async tab => {
    await tab.click(`${ask} button[value=accept-all]`);
    assert.equal(await tab.innerText('#portvakt-open button'), 'Trekk samtykket');
    await tab.click('#portvakt-open a');
    assert.equal(await tab.getAttribute('html', 'lang'), 'nb', 'so does the privacy page');
  });
}

// Boxes of everything that can be clicked, as drawn.
const targets = (tab, within) => tab.locator(within).evaluate(
    element => [...element.querySelectorAll('a, button, summary, label, input:not([type=hidden])')].map(
        one => {
          const {width, height} = one.getBoundingClientRect();
          return {tag: one.localName, text: one.textContent.slice(0, 20), width, height};
        }));

function largeEnough(list) {
  assert.ok(list.length > 0);
  for (const {tag, text, width, height} of list) {
    const least = tag === 'button' ? 44 : 24;
    assert.ok(height >= least && width >= 24, `${tag} ${text}: ${width} x ${height}`);
  }
}

async function largeTargets(stage) {
  for (const width of [320, 1280]) {
    await withPage(stage, 'embed', {viewport: {width, height: 900}}, async tab => {
      await tab.click(`${ask} summary`);
      largeEnough(await targets(tab, '#portvakt'));
      largeEnough(await targets(tab, '.portvakt-embed'));
      await tab.click(`${ask} button[value=accept-all]`);
      await tab.waitForSelector('#portvakt-open');
      largeEnough(await targets(tab, '#portvakt-open'));
    });
  }
}

// 320 pixels are 1280 at 400 %, and then 256 of them are high.
async function reflows(stage) {
  for (const viewport of [{width: 320, height: 568}, {width: 320, height: 256}]) {
    for (const name of ['plain', 'ar', 'nb']) {
      await withPage(stage, name, {viewport}, async tab => {
        await tab.click(`${ask} summary`);
        const [sideways, inside] = await tab.evaluate(() => {
          const section = document.querySelector('#portvakt');
          return [
            document.documentElement.scrollWidth - innerWidth, section.scrollWidth - section.clientWidth
          ];
        });
        assert.ok(sideways <= 0 && inside <= 0, `${name}: ${sideways}, ${inside}`);
        const button = tab.locator(`${ask} button[value=selected]`);
        await button.scrollIntoViewIfNeeded();
        assert.ok(await button.isVisible());
        const share =
            await tab.evaluate(() => document.querySelector('#portvakt').clientHeight / innerHeight);
        if (viewport.height > 400) assert.ok(share <= 0.62, `it takes ${share} of the screen`);
      });
    }
  }
}

const looks = (tab, selector) => tab.locator(selector).evaluate(element => {
  const style = getComputedStyle(element);
  const {width, height} = element.getBoundingClientRect();
  return Object.fromEntries([
    'color', 'backgroundColor', 'fontSize', 'fontWeight', 'fontFamily', 'borderTopColor', 'borderTopWidth',
    'borderRadius', 'textTransform', 'letterSpacing', 'opacity', 'display', 'transform', 'visibility',
    'direction', 'pointerEvents', 'clipPath'
  ].map(name => [name, style[name]])
                                .concat([['size', [Math.round(width), Math.round(height)]]]));
});

async function equalButtons(stage) {
  for (const scheme of schemes) {
    for (const width of [320, 1280]) {
      for (const name of ['plain', 'nb', 'ar', 'hostile']) {
        await withPage(stage, name, {...scheme, viewport: {width, height: 800}}, async tab => {
          const [reject, accept] = [
            await looks(tab, `${ask} button[value=reject-all]`),
            await looks(tab, `${ask} button[value=accept-all]`)
          ];
          assert.deepEqual(reject, accept, `${name} ${width}`);
        });
      }
    }
  }
}

// What a site does to its own elements does nothing to ours.
async function withstandsTheSite(stage) {
  const parts = [
    '#portvakt', `${ask} h2`, `${ask} p`, `${ask} form`, `${ask} button[value=accept-all]`, `${ask} summary`,
    `${ask} label >> nth=0`, `${ask} input[value=functional]`, `${ask} details`, `${ask} a >> nth=0`,
    '.portvakt-embed', '.portvakt-embed button >> nth=0', '.portvakt-embed a'
  ];
  const drawn = name => withPage(stage, name, {}, async tab => {
    await tab.locator(`${ask} summary`).click();
    const seen = {};
    for (const part of parts) seen[part] = await looks(tab, part);
    await tab.click(`${ask} button[value=accept-all]`);
    await tab.waitForSelector('#portvakt-open', {state: 'visible'});
    for (const part of ['#portvakt-open', '#portvakt-open a', '#portvakt-open button'])
      seen[part] = await looks(tab, part);
    return seen;
  });
  const [calm, hostile] = [await drawn('embed'), await drawn('hostile')];
  for (const part of Object.keys(calm)) {
    // What the way back leaves to the markup's own direction a site may turn; it is the same to read.
    if (part.startsWith('#portvakt-open')) delete calm[part].direction, delete hostile[part].direction;
    if (part.startsWith('.portvakt-embed')) delete calm[part].size, delete hostile[part].size;
    assert.deepEqual(hostile[part], calm[part], part);
  }
}

async function printsNothingAndNeverMoves(stage) {
  await withPage(stage, 'embed', {}, async tab => {
    assert.equal(await tab.evaluate(() => document.getAnimations().length), 0);
    await tab.emulateMedia({media: 'print'});
    assert.ok(!await tab.isVisible('#portvakt'));
    await tab.emulateMedia({media: 'screen'});
    await tab.click(`${ask} button[value=accept-all]`);
    await tab.waitForSelector('#portvakt-open');
    assert.equal(await tab.evaluate(() => document.getAnimations().length), 0);
    await tab.emulateMedia({media: 'print'});
    assert.ok(!await tab.isVisible('#portvakt-open'));
  });
}

// Nothing is taken, nothing is locked: the banner is one of the page's regions, the first to be reached.
async function isNotModal(stage) {
  await withPage(stage, 'tags', {}, async tab => {
    assert.equal(await tab.evaluate(() => document.activeElement === document.body), true);
    assert.equal(await tab.evaluate(() => document.body.firstElementChild.id), 'portvakt');
    assert.equal(await tab.evaluate(() => getComputedStyle(document.body).overflow), 'visible');
    const seen = [];
    for (let i = 0; i < 9; ++i) {
      await tab.keyboard.press('Tab');
      seen.push(await tab.evaluate(() => (document.activeElement.closest('#portvakt') ? 'banner' : 'page')));
    }
    assert.equal(seen[0], 'banner');
    assert.equal(seen.at(-1), 'page', 'the keyboard leaves it: ' + seen);
    await tab.evaluate(() => document.querySelector('#portvakt').remove());
    assert.deepEqual(await tab.evaluate(() => portvakt.purposes), ['necessary'], 'hidden means refused');
  });
}

const pictures = {
  banner: ['', async () => {}],
  details: ['', tab => tab.click(`${ask} summary`)],
  placeholder: [
    'nyheter.html',
    async tab => {
      await tab.click(`${ask} button[value=reject-all]`);
      await tab.waitForSelector('#portvakt-open');
    }
  ],
  answered: [
    '',
    async tab => {
      await tab.click(`${ask} button[value=accept-all]`);
      await tab.waitForSelector('#portvakt-open');
    }
  ]
};

async function isDrawn(stage) {
  mkdirSync(shots, {recursive: true});
  const devices = {desktop: {width: 1280, height: 800}, phone: {width: 390, height: 844}};
  for (const [device, viewport] of Object.entries(devices)) {
    for (const [scheme, options] of Object.entries(
             {light: schemes[0], dark: schemes[1], forced: schemes[2]})) {
      for (const [name, [path, act]] of Object.entries(pictures)) {
        await withPage(stage, `http://${demoSite}/${path}`, {viewport, ...options}, async tab => {
          await act(tab);
          await tab.screenshot({path: join(shots, `${name}-${device}-${scheme}.png`)});
        });
      }
    }
    for (const [name, act] of [['banner', async () => {}], ['details', tab => tab.click(`${ask} summary`)]]) {
      await withPage(stage, 'ar', {viewport}, async tab => {
        await act(tab);
        await tab.screenshot({path: join(shots, `${name}-${device}-rtl.png`)});
      });
    }
  }
}

export const group = (stage, quick) => ['looks', {
  prepare: async () => stage,
  tests: [
    ...(quick ? [] : [['passes axe-core in every language, light, dark and forced colours', passesAxe]]),
    ['is in the page\'s language, and right to left', speaksThePagesLanguage],
    ['has targets that fingers hit', largeTargets],
    ['fits 320 pixels and 400 % without scrolling sideways', reflows],
    ['shows reject and accept alike, in every scheme', equalButtons],
    ['looks the same whatever the site\'s styles say', withstandsTheSite],
    ['is neither printed nor animated', printsNothingAndNeverMoves],
    ['is not modal and locks nothing', isNotModal],
    ...(quick ? [] : [['is drawn for looking at (build/shots)', isDrawn]]),
  ],
}];
