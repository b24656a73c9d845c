// Visitors' rights from the page to Redis and back: each sees and erases only what is theirs, requests have
// due dates that operators work with, codes work once, and without Redis every page says so.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

import {Redis} from '../../scripts/lib/redis.mjs';

import {get} from './support/http.mjs';
import {program} from './support/portvakt.mjs';
import {eventually} from './support/suite.mjs';
import {choose, endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const site = 'www.example.test';
const run = promisify(execFile);

// A browser as far as its cookies go.
class Browser {
  constructor(world) {
    this.world = world;
    this.cookies = new Map();
  }
  get cookie() { return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '); }
  keep(answer) {
    for (const set of answer.all('set-cookie')) {
      const [pair] = set.split(';');
      const at = pair.indexOf('=');
      if (pair.length === at + 1) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
  async get(path) {
    return this.keep(
        await get(this.world.port, path, {Host: site, ...(this.cookie ? {Cookie: this.cookie} : {})}));
  }
  // As the form of a page of the site does.
  async post(path, fields = {}, headers = {'Sec-Fetch-Site': 'same-origin'}) {
    const body = new URLSearchParams(fields).toString();
    return this.keep(await get(
        this.world.port, path, {
          Host: site,
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': body.length,
          ...headers,
          ...(this.cookie ? {Cookie: this.cookie} : {})
        },
        {method: 'POST', body}));
  }
  async accept() {
    const {answer} = await choose(this.world, 'accept-all');
    this.keep(answer);
    return this;
  }
  async data() {
    const answer = await this.get('/.privacy/my-data.json');
    return {...answer, json: answer.status === 200 ? JSON.parse(answer.body) : undefined};
  }
  paths(json) { return json.records.map(record => record.path).filter(path => /^\/r/.test(path ?? '')); }
}

const visit = async (browser, ...paths) => {
  for (const path of paths) await browser.get(path);
  await recordsOnceThat(
      browser.world, 'example', records => paths.every(path => records.some(record => record.path === path)));
};

async function ownData(world) {
  const [anna, bert] = [await new Browser(world).accept(), await new Browser(world).accept()];
  await visit(anna, '/r/anna-1', '/r/anna-2');
  await visit(bert, '/r/bert');
  assert.deepEqual(anna.paths((await anna.data()).json).sort(), ['/r/anna-1', '/r/anna-2']);
  const {json} = await bert.data();
  assert.deepEqual(bert.paths(json), ['/r/bert']);
  assert.ok(json.records.some(record => record.stream === 'consents' && record.choice === 'accept-all'));
  const csv = (await bert.get('/.privacy/my-data.csv')).body.toString();
  assert.ok(csv.startsWith('stream,id,t,site,') && csv.includes('"/r/bert"') && !csv.includes('anna'));
  const page = (await bert.get('/.privacy/my-data')).body.toString();
  assert.ok(page.includes('GET /r/bert') && !page.includes('anna'));
  const schema = JSON.parse((await bert.get('/.privacy/my-data.schema.json')).body);
  for (const record of json.records)
    for (const name of Object.keys(record)) assert.ok(schema.properties.records.items.properties[name], name);
  const stranger = new Browser(world);
  assert.equal((await stranger.data()).status, 404);
  stranger.cookies.set('portvakt', anna.cookies.get('portvakt').replace(/.$/, 'x'));
  assert.equal((await stranger.data()).status, 404);
}

async function erasing(world) {
  const [anna, bert] = [await new Browser(world).accept(), await new Browser(world).accept()];
  await visit(anna, '/r/gone-1', '/r/gone-2');
  await visit(bert, '/r/stays');
  const before = {...Object.fromEntries(anna.cookies)};
  assert.equal(
      (await anna.post('/.privacy/erase', {confirm: 'yes'}, {Origin: 'https://evil.test'})).status, 403);
  assert.equal((await anna.post('/.privacy/erase')).headers.location, '/.privacy/erase');
  const answer = await anna.post('/.privacy/erase', {confirm: 'yes'});
  assert.equal(answer.headers.location, '/.privacy/my-data?done=erased');
  assert.notEqual(anna.cookies.get('portvakt'), before.portvakt);
  // The order has left the spool: it waits in its day's stream, or stands already.
  const day = new Date().toISOString().slice(0, 10);
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  await eventually(
      'the order in Redis',
      async () => await redis.call('XLEN', `portvakt:{example/${day}}:erasures`) > 0 ||
          await redis.call('HLEN', 'portvakt:{example}:orders') > 0);
  redis.close();
  assert.match((await anna.get('/.privacy/my-data?done=erased')).body.toString(), /is being erased/);
  assert.equal((await anna.data()).status, 404);
  assert.deepEqual(bert.paths((await bert.data()).json), ['/r/stays']);
}

async function freezing(world) {
  const anna = await new Browser(world).accept();
  await visit(anna, '/r/before');
  assert.equal((await anna.post('/.privacy/restrict')).status, 303);
  await visit(anna, '/r/while-frozen');
  assert.deepEqual(anna.paths((await anna.data()).json), ['/r/before'], 'no record was linked meanwhile');
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  const restricted = await redis.call('HLEN', 'portvakt:{example}:restricted');
  assert.ok(restricted >= 1);
  assert.equal((await anna.post('/.privacy/release')).status, 303);
  assert.equal(await redis.call('HLEN', 'portvakt:{example}:restricted'), restricted - 1);
  redis.close();
  await visit(anna, '/r/after');
  assert.deepEqual(anna.paths((await anna.data()).json).sort(), ['/r/after', '/r/before']);
}

async function objecting(world) {
  const anna = await new Browser(world).accept();
  await visit(anna, '/r/known');
  assert.equal((await anna.post('/.privacy/object')).status, 303);
  await visit(anna, '/r/objected');
  assert.deepEqual(anna.paths((await anna.data()).json), ['/r/known']);
  const state = JSON.parse((await anna.get('/.privacy/state.json')).body);
  assert.deepEqual(state.purposes, ['necessary', 'functional', 'marketing']);
  await recordsOnceThat(
      world, 'example', receipts => receipts.some(receipt => receipt.choice === 'objection'), 'consents');
}

const operator = async (world, ...words) => {
  const [verb, ...rest] = words;
  try {
    return (await run(
                program, ['requests', verb, '--config', world.portvakt.file, '--site', 'example', ...rest]))
        .stdout;
  } catch (error) { return `${error.code}: ${error.stdout}${error.stderr}`; }
};

async function requests(world) {
  const anna = new Browser(world);
  const form = (await anna.get('/.privacy/requests')).body.toString();
  const number = /name="number" value="([a-z2-7]{16})"/.exec(form)[1];
  const fields =
      {number, kind: 'rectification', words: 'My name is \x1b[31mwrong', contact: 'anna@example.test'};
  const sent = await anna.post('/.privacy/requests', fields);
  assert.equal(sent.headers.location, `/.privacy/requests?sent=1&number=${number}`);
  await anna.post('/.privacy/requests', fields);
  const listed = await operator(world, 'list');
  assert.equal(listed.split(number).length, 2, 'sent twice, filed once');
  assert.match(
      listed,
      /rectification, open, received \d{4}-\d\d-\d\d, due \d{4}-\d\d-\d\d\n {4}My name is \[31mwrong/);
  const look = async () =>
      (await new Browser(world).get(`/.privacy/requests?number=${number}`)).body.toString();
  assert.match(await look(), /<dd>open<\/dd>/);
  assert.match(await operator(world, 'extend', number), /extended by two months/);
  assert.match(await operator(world, 'extend', number), /^1: /);
  assert.match(await look(), /<dd>extended<\/dd>/);
  assert.match(await operator(world, 'answer', number, '--text', 'Corrected, <thank> you.'), /answered/);
  assert.match(await look(), /<dd>answered<\/dd>.*Corrected, &lt;thank&gt; you\./s);
  assert.equal(await operator(world, 'list'), '');
  const all = await operator(world, 'list', '--all');
  assert.ok(all.includes(number) && !all.includes('My name') && !all.includes('anna@'));
  assert.match(await operator(world, 'answer', 'nonsense', '--text', 'x'), /^2: /);
  const other =
      await run(program, ['requests', 'list', '--config', world.portvakt.file, '--site', 'other', '--all']);
  assert.equal(other.stdout, '');
}

async function codes(world) {
  const anna = await new Browser(world).accept();
  await visit(anna, '/r/first-device');
  const make = async () =>
      /<p class="c">([0-9a-z-]{14})</.exec((await anna.post('/.privacy/code')).body.toString())[1];
  const code = await make();
  const phone = new Browser(world);
  assert.equal((await phone.post('/.privacy/device', {code: 'aaaa-aaaa-aaaa'})).status, 403);
  assert.equal((await phone.post('/.privacy/device', {code})).status, 303);
  assert.deepEqual(phone.paths((await phone.data()).json), ['/r/first-device']);
  const thief = new Browser(world);
  assert.equal((await thief.post('/.privacy/device', {code})).status, 403, 'replayed');
  assert.equal((await thief.data()).status, 404);
  const body = `code=${await make()}`;
  const elsewhere = await get(
      world.port, '/.privacy/device', {
        Host: 'other.test',
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': body.length,
        'Sec-Fetch-Site': 'same-origin'
      },
      {method: 'POST', body});
  assert.equal(elsewhere.status, 403, 'a code of another site');
  const statuses = [];
  for (let i = 0; i < 12; ++i)
    statuses.push(
        (await thief.post('/.privacy/device', {code: `aaaa-aaaa-aa${String(i).padStart(2, '0')}`})).status);
  assert.equal(statuses.at(-1), 429, 'guesses are limited');
  assert.equal((await thief.post('/.privacy/device', {code: await make()})).status, 429);
}

async function withoutRedis(world) {
  const anna = await new Browser(world).accept();
  const number = 'abcdefghijklmnop';
  await world.redis.stop();
  const page = await anna.get('/.privacy/my-data');
  assert.equal(page.status, 503);
  assert.match(page.body.toString(), /not available right now/);
  assert.ok(Number(page.headers['retry-after']) > 0);
  const sent = await anna.post('/.privacy/requests', {number, kind: 'other', words: 'Keep <these> words'});
  assert.equal(sent.status, 503);
  assert.match(sent.body.toString(), /Keep &lt;these&gt; words<\/textarea>/);
  assert.equal((await anna.get('/.privacy/')).status, 200);
  assert.equal((await anna.get('/page')).status, 200);
  // An erasure needs no Redis: its notice waits in the spool.
  assert.equal((await anna.post('/.privacy/erase', {confirm: 'yes'})).status, 303);
  await world.redis.start();
  await eventually(
      'the page to work again',
      async () =>
          (await anna.post('/.privacy/requests', {number, kind: 'other', words: 'x'})).status === 303);
  const metrics = (await get(world.portvakt.adminPort, '/metrics')).body.toString();
  assert.match(metrics, /portvakt_rights_questions_total\{result="unavailable"\} [1-9]/);
}

export const groups = [[
  'rights', {
    prepare: () => startWorld({demo: false}),
    finish: endWorld,
    tests: [
      ['let visitors see and take along what is theirs, and nobody else\'s', ownData],
      ['erase one visitor after a confirmation and leave the others', erasing],
      ['freeze: no record is linked until the release', freezing],
      ['object: analytics is off, a receipt says so', objecting],
      ['file requests that operators list, extend and answer by number', requests],
      ['hand over by a code once, on this site, with few guesses', codes],
      ['say so when Redis is away, keep what was written, and go on later', withoutRedis],
    ]
  }
]];
