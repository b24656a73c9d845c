// Debian's Chromium, told to reach the sites through one port and everything else through the recorder, and
// to keep its own background traffic off.
import {chromium} from 'playwright-core';

const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-domain-reliability',
  '--disable-client-side-phishing-detection', '--metrics-recording-only', '--ignore-certificate-errors',
  // The browser's own question who is signed in must not look like a page's request.
  '--disable-dev-shm-usage', '--gaia-url=https://gaia.invalid',
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,Translate'
];

// `sites` are host names that lead to `port` on loopback.
export function launch(sites, port, recorder) {
  const rules = [
    ...sites.map(site => `MAP ${site}:80 127.0.0.1:${port}`),
    `MAP *:80 127.0.0.1:${recorder.plain.address().port}`,
    `MAP *:443 127.0.0.1:${recorder.secure.address().port}`, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1',
    'EXCLUDE localhost'
  ];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      ...quiet, `--unsafely-treat-insecure-origin-as-secure=${sites.map(site => `http://${site}`).join()}`,
      `--host-resolver-rules=${rules.join(', ')}`
    ]
  });
}

const settled = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// Loads a page in a new tab and waits until the recorder has been quiet for a while: {requests, touched,
// errors}.
export async function visit(context, url, recorder) {
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(String(error.message).split('\n')[0]));
  page.on('dialog', dialog => dialog.dismiss().catch(() => {}));
  recorder.take();
  const began = recorder.lastAt = Date.now();
  let loaded = true;
  try {
    const answer = await page.goto(url, {waitUntil: 'load', timeout: 15_000});
    loaded = answer?.status() === 200;
  } catch { loaded = false; }
  while (Date.now() - Math.max(recorder.lastAt, began) < 350 && Date.now() - began < 20_000)
    await settled(50);
  await page.close({runBeforeUnload: false});
  return {...recorder.take(), errors, loaded};
}

// Answers the banner on the page as a visitor does; the cookie is the context's from then on.
export async function answerBanner(context, url, choice) {
  const page = await context.newPage();
  await page.goto(url, {waitUntil: 'load'});
  await page.click(`#portvakt button[name=choice][value=${choice}]`);
  await page
      .waitForFunction(
          () => !document.querySelector('#portvakt button[value=accept-all]')?.checkVisibility(), null,
          {timeout: 10_000})
      .catch(() => {});
  const cookies = await context.cookies(url);
  await page.close();
  if (!cookies.some(cookie => cookie.name === 'portvakt'))
    throw new Error(`no consent cookie after ${choice} on ${url}`);
}
