// A visitor's data, shown and erased: after an erasure no file of Redis and no spool of any edge holds a byte
// of the visitor id, and everybody else's rows are as they were. With Redis down when the visitor asks, and
// with records that wait in another edge's spool.
import assert from 'node:assert/strict';
import {copyFileSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Redis} from '../../scripts/lib/redis.mjs';

import {get} from './support/http.mjs';
import {Portvakt, program, runPortvakt} from './support/portvakt.mjs';
import {freePort, startProcess} from './support/processes.mjs';
import {Relay} from './support/relay.mjs';
import {eventually} from './support/suite.mjs';
import {choose, endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const host = 'www.example.test';
// Segments are kept half a minute after their delivery, and Redis saves in its own time.
const patience = 180_000;

// The command with standard input: {code, output}.
async function subject(world, words, input = '') {
  const child = startProcess(
      program, ['subject', ...words, '--config', world.portvakt.file, '--site', 'example'],
      {stdio: ['pipe', 'pipe', 'pipe']});
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const {code} = await child.exited;
  return {code, output: child.output};
}

// A visitor who accepted, came by `pages` times, and the id that the records bear.
async function visitor(world, name, pages = 3) {
  const {cookie} = await choose(world, 'accept-all');
  for (let i = 0; i < pages; ++i) await get(world.port, `/s/${name}/${i}`, {Host: host, Cookie: cookie});
  const own = record => record.path?.startsWith(`/s/${name}/`);
  const records =
      await recordsOnceThat(world, 'example', all => all.filter(own).length >= pages, 'requests', patience);
  return {cookie, id: records.find(own).visitor};
}

const rowsOf = output => JSON.parse(output).rows;

function filesBelow(folder) {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

// The files that hold the id, as text or as the bytes that it stands for.
function filesWith(id, ...folders) {
  const needles = [Buffer.from(id), Buffer.from(id, 'base64url')];
  return folders.flatMap(filesBelow).filter(file => {
    try {
      const bytes = readFileSync(file);
      return needles.some(needle => bytes.includes(needle));
    } catch { return false; /* gone in the meantime */ }
  });
}

async function redisDo(world, ...words) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  try {
    return await redis.call(...words);
  } finally { redis.close(); }
}

// Until no file holds the id; says how long that took.
async function untilGone(what, id, began, ...folders) {
  let left = [];
  await eventually(`${what} is gone from every file`, () => {
    left = filesWith(id, ...folders);
    return left.length === 0;
  }, patience).catch(error => {
    throw new Error(`${error.message}: ${left.join(' ')}`);
  });
  console.log(`       ${what}: no byte left after ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function byOperator(world) {
  const [anna, bert] = [await visitor(world, 'anna', 20), await visitor(world, 'bert', 20)];
  await redisDo(world, 'SAVE');
  const before = await subject(world, ['export', '--visitor'], `${bert.id}\n`);
  assert.equal(before.code, 0, before.output);
  assert.equal(rowsOf(before.output).filter(row => row.path?.startsWith('/s/bert/')).length, 20);
  const holding = filesWith(anna.id, world.redis.folder, world.portvakt.folder);
  for (const place of ['dump.rdb', 'appendonlydir', 'spool'])
    assert.ok(holding.some(file => file.includes(place)), `${place} held the id before`);
  const csv = await subject(world, ['export', '--visitor', '--format', 'csv'], anna.id);
  assert.match(csv.output.split('\r\n')[0], /^kind,day,id,t,site,/);
  assert.equal(csv.output.match(/\/s\/anna\//g).length, 20);
  assert.equal((await subject(world, ['export', '--visitor'], 'nobody-at-all')).code, 1);

  const began = Date.now();
  const erased = await subject(world, ['erase', '--visitor'], anna.id);
  assert.equal(erased.code, 0, erased.output);
  console.log(`       ${erased.output.split('\n')[0]}`);
  assert.deepEqual(filesWith(anna.id, world.redis.folder), [], 'Redis is done when the command is');
  assert.equal((await subject(world, ['export', '--visitor'], anna.id)).code, 1);
  const after = await subject(world, ['export', '--visitor'], `${bert.id}\n`);
  assert.deepEqual(rowsOf(after.output), rowsOf(before.output));
  assert.ok(filesWith(bert.id, world.redis.folder).length > 0, 'the search does find what is kept');
  const audit = JSON.stringify(await redisDo(world, 'XRANGE', 'portvakt:{example}:audit', '-', '+'));
  for (const word of ['export', 'erase-ordered', 'hidden', 'erased', 'operator'])
    assert.ok(audit.includes(word));
  world.gone = [{what: 'an operator\'s erasure', id: anna.id, began}];
}

async function restricting(world) {
  const carl = await visitor(world, 'carl');
  assert.equal((await subject(world, ['release', '--visitor'], carl.id)).code, 1);
  assert.equal((await subject(world, ['restrict', '--visitor'], carl.id)).code, 0);
  assert.equal(await redisDo(world, 'HLEN', 'portvakt:{example}:restricted'), 1);
  const shown = await subject(world, ['export', '--visitor'], carl.id);
  assert.ok(JSON.parse(shown.output).restricted_since);
  const receipt = rowsOf(shown.output).find(row => row.kind === 'consent')?.receipt;
  assert.ok(receipt, 'the export holds the receipt');
  assert.equal((await subject(world, ['release', '--receipt', receipt])).code, 0);
  assert.equal((await subject(world, ['release', '--receipt', 'none'])).code, 1);
  assert.equal((await subject(world, ['export'])).code, 2);
}

async function whileRedisIsDown(world) {
  const dora = await visitor(world, 'dora');
  await world.redis.stop('SIGKILL');
  assert.equal((await subject(world, ['erase', '--visitor'], dora.id)).code, 69);
  const body = 'confirm=yes';
  const answer = await get(
      world.port, '/.privacy/erase', {
        Host: host,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': body.length,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: dora.cookie
      },
      {method: 'POST', body});
  assert.equal(answer.status, 303);
  const began = Date.now();
  await world.redis.start();
  await untilGone('an erasure ordered while Redis was down', dora.id, began, world.redis.folder);
  world.gone.push({what: 'the same, spool included', id: dora.id, began});
}

// The second edge shares the keys and cannot reach Redis until after the erasure.
async function fromAnotherSpool(world) {
  const erna = await visitor(world, 'erna');
  const edge = world.second = new Portvakt(world.folder, 'second');
  const relay = world.relay = new Relay(world.redis.port);
  relay.port = await freePort();
  const sites = JSON.parse(readFileSync(world.portvakt.file, 'utf8')).sites;
  await edge.configure({sites, redis: {url: `redis://127.0.0.1:${relay.port}/0`}, change: quick});
  copyFileSync(join(world.portvakt.folder, 'consent.key'), join(edge.folder, 'consent.key'));
  await edge.start();
  for (let i = 0; i < 5; ++i) await get(edge.port, `/s/late/${i}`, {Host: host, Cookie: erna.cookie});
  await get(edge.port, '/s/late/other', {Host: host});
  await eventually('the second spool holds the id', () => filesWith(erna.id, edge.folder).length > 0);
  const began = Date.now();
  assert.equal((await subject(world, ['erase', '--visitor'], erna.id)).code, 0);
  assert.equal((await subject(world, ['export', '--visitor'], erna.id)).code, 1);
  assert.ok(filesWith(erna.id, edge.folder).length > 0, 'and still does after the erasure');
  await relay.start();
  await recordsOnceThat(
      world, 'example', all => all.some(record => record.path === '/s/late/other'), 'requests', patience);
  await eventually(
      'all of the second edge is delivered',
      async () => (await edge.metric('portvakt_records_total', 'result="delivered"')) >= 6, patience);
  assert.equal((await subject(world, ['export', '--visitor'], erna.id)).code, 1);
  assert.deepEqual(filesWith(erna.id, world.redis.folder), []);
  const day = new Date().toISOString().slice(0, 10);
  assert.equal(await redisDo(world, 'HGET', `portvakt:{example/${day}}:orders`, 'dropped'), '5');
  world.gone.push({what: 'another edge\'s undelivered records', id: erna.id, began});
}

async function spools(world) {
  const folders = [world.redis.folder, world.portvakt.folder, world.second.folder];
  for (const {what, id, began} of world.gone) await untilGone(what, id, began, ...folders);
}

async function stats(world) {
  const {code, output} = await runPortvakt('record', 'stats', '--json', '--config', world.portvakt.file);
  assert.equal(code, 0, output);
  const {days, spool} = JSON.parse(output);
  const today = days.find(row => row.site === 'example');
  assert.equal(today.requests, (await recordsOnceThat(world, 'example', () => true)).length);
  assert.ok(today.bytes > 1000 && spool.bytes > 0 && spool.lost === 0, output);
  const text = await runPortvakt('record', 'stats', '--config', world.portvakt.file);
  assert.match(text.output, /example +\d{4}-\d\d-\d\d +\d+ +\d+ +\d+ +\d+\n/);
  assert.match(text.output, /spool: \d+ bytes in \d+ files, \d+ records not delivered/);
}

async function newerSpool(world) {
  const edge = new Portvakt(world.folder, 'newer');
  await edge.configure({sites: [{name: 'a', hosts: ['*'], upstreams: ['http://127.0.0.1:9']}]});
  await edge.start();
  await edge.stop();
  const spool = join(edge.folder, 'spool');
  const file = join(spool, readdirSync(spool).find(name => name.endsWith('.producer')));
  const bytes = readFileSync(file);
  bytes.writeUInt32LE(99, 8);
  writeFileSync(file, bytes);
  const {code, output} = await runPortvakt('run', '--config', edge.file);
  assert.equal(code, 78);
  assert.match(output, /spool format 99; this version reads format 1: it was written by a newer portvakt/);
}

function quick(config) {
  config.log.erasure = {gather: '0s'};
  config.log.spool.rotate = '1s';
}

async function prepare() {
  const world = await startWorld({demo: false, change: quick});
  await redisDo(world, 'CONFIG', 'SET', 'save', '3600 1');
  return world;
}

async function finish(world) {
  await world.second?.stop();
  if (world.relay?.server) await world.relay.stop();
  await endWorld(world);
}

const long = [
  ['an erasure ordered while Redis is down is carried out when it is back', whileRedisIsDown],
  ['records of an erased visitor that wait in another spool are dropped', fromAnotherSpool],
  ['spools, dump and append-only file hold no byte of those erased', spools],
];

export const scope = {
  long: true
};

export const group = [
  'subject', {
    prepare,
    finish,
    get tests() {
      return [
        ['an operator shows and erases one visitor, and another\'s rows stay as they were', byOperator],
        ['restrict and release by id and by receipt', restricting],
        ['record stats tells what is kept', stats],
        ['a spool of a newer version is refused in plain words', newerSpool],
        ...(scope.long ? long : []),
      ];
    },
  }
];
