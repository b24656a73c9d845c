// What the reports' tests stand on: two real `portvakt insights` with made-up figures, one open and one that
// asks who reads, and a browser. Pages are judged by axe-core and looked at for what sticks out.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

import {program} from '../e2e/support/portvakt.mjs';
import {freePort, root, startProcess, stopProcess, temporaryFolder} from '../e2e/support/processes.mjs';
import {eventually} from '../e2e/support/suite.mjs';

export const site = 'ferry.example';
export const password = 'correct horse battery';
const shots = join(root, 'build/shots');
const axe = readFileSync(join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');

async function startReports(args) {
  const port = await freePort();
  const child = startProcess(program, ['insights', '--demo', '--listen', `127.0.0.1:${port}`, ...args]);
  const address = `http://127.0.0.1:${port}`;
  return {child, address};
}

const answersOk = (address, path) => fetch(address + path).then(answer => answer.ok, () => false);

// Runs `portvakt insights user …` with a password on its standard input.
export async function user(config, args, input = '') {
  const child = startProcess(program, ['insights', 'user', ...args, '--config', config], {stdio: 'pipe'});
  child.stdin.end(`${input}\n`);
  const {code} = await child.exited;
  return {code, output: child.output};
}

export async function openReports() {
  const folder = temporaryFolder();
  const config = join(folder, 'portvakt.yaml');
  mkdirSync(join(folder, 'state'));
  writeFileSync(config, JSON.stringify({
    listen: [{address: '127.0.0.1:1'}],
    consent: {signing_keys: ['file:consent.key']},
    log: {spool: {path: 'state/spool'}},
    sites: [{name: 'a', hosts: ['*'], upstreams: ['http://127.0.0.1:2']}]
  }));
  const made = await user(config, ['add', 'vera', '--role', `viewer:${site}`, '--link']);
  await user(config, ['add', 'eva', '--role', `editor:${site}`, '--link']);
  const open = await startReports([]);
  const closed = await startReports(['--sign-in', '--config', config]);
  await eventually('the made-up figures are there', async () => {
    const answer = await fetch(`${open.address}/api/v1/sites`).then(one => one.json(), () => ({sites: []}));
    return answer.sites.length === 2;
  }, 120_000);
  await eventually('the other reports answer', () => answersOk(closed.address, '/sign-in'), 60_000);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']
  });
  return {folder, config, open, closed, browser, welcome: new URL(made.output.trim().split('\n').pop())};
}

export async function closeReports({open, closed, browser}) {
  await browser.close();
  await Promise.all([stopProcess(open.child), stopProcess(closed.child)]);
}

export async function withPage({browser}, options, body) {
  const context =
      await browser.newContext({viewport: {width: 1280, height: 900}, locale: 'en-GB', ...options});
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', error => faults.push(String(error.message)));
  page.on('console', message => message.type() === 'error' && faults.push(message.text()));
  try {
    await body(page, context, faults);
  } finally { await context.close(); }
}

// Violations as lines; empty: none.
export async function judge(page) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(
      () => window.axe.run(
          document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
  return violations.map(
      ({id, nodes}) => `${id}: ${nodes.slice(0, 2).map(({html}) => html.slice(0, 160)).join(' ')}`);
}

// What is wider than the window, but for what scrolls by itself.
export const sticksOut = page => page.evaluate(
    () => document.documentElement.scrollWidth <= innerWidth ?
        [] :
        [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll'))
            .slice(0, 3)
            .map(one => one.outerHTML.slice(0, 120)));

export async function shoot(page, name) {
  mkdirSync(shots, {recursive: true});
  await page.screenshot({path: join(shots, `reports-${name}.png`)});
}
