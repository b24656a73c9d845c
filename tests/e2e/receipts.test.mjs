// Proof of consent: many visitors choose at once on two edges that share keys and Redis; every choice is one
// receipt of a whole chain, and what is changed, dropped or moved in Redis afterwards is found.
import assert from 'node:assert/strict';
import {copyFileSync} from 'node:fs';
import {join} from 'node:path';

import {readRecords, Redis, streamOf} from '../../scripts/lib/redis.mjs';

import {Portvakt, runPortvakt} from './support/portvakt.mjs';
import {RedisServer, temporaryFolder} from './support/processes.mjs';
import {ScriptedOrigin} from './support/scripted_origin.mjs';
import {choose, endWorld, recordsOnceThat} from './support/world.mjs';

export const visitors = {
  count: 1_000
};
const atOnce = 64;
const choices = ['accept-all', 'reject-all', 'selected'];

async function twoEdges() {
  const world = {folder: temporaryFolder(), scripted: new ScriptedOrigin()};
  await world.scripted.start();
  world.redis = new RedisServer(world.folder);
  await world.redis.start();
  const sites = [
    {name: 'example', hosts: ['www.example.test'], upstreams: [`http://127.0.0.1:${world.scripted.port}`]}
  ];
  world.portvakt = new Portvakt(world.folder, 'edge-a');
  world.other = new Portvakt(world.folder, 'edge-b');
  await world.portvakt.configure({sites, redis: world.redis});
  await world.portvakt.start();
  copyFileSync(join(world.portvakt.folder, 'consent.key'), join(world.folder, 'edge-b', 'consent.key'));
  await world.other.configure({sites, redis: world.redis});
  await world.other.start();
  return world;
}

async function finish(world) {
  await world.other.stop();
  await endWorld(world);
}

const verify = async (world, ...more) =>
    runPortvakt('receipts', 'verify', '--config', world.portvakt.file, ...more);

// The numbered visitor chooses on one edge; the cookie holds on the other.
async function visit(world, number) {
  const edges = [world.portvakt.port, world.other.port];
  const choice = choices[number % choices.length];
  const {answer, cookie} =
      await choose({port: edges[number % 2]}, choice, {purposes: choice === 'selected' ? ['analytics'] : []});
  assert.equal(answer.status, 303);
  return {choice, cookie};
}

async function everyChoiceOnce(world) {
  const made = [];
  let next = 0;
  await Promise.all(Array.from({length: atOnce}, async () => {
    while (next < visitors.count) made.push(await visit(world, next++));
  }));
  const receipts = await recordsOnceThat(
      world, 'example', records => records.length >= visitors.count, 'consents', 60_000);
  assert.equal(receipts.length, visitors.count);
  assert.equal(new Set(receipts.map(({receipt}) => receipt)).size, visitors.count, 'each its own');
  for (const choice of choices) {
    assert.equal(
        receipts.filter(one => one.choice === choice).length,
        made.filter(one => one.choice === choice).length);
  }
  const ids = receipts.map(({visitor}) => visitor).filter(Boolean);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(ids.length, made.filter(one => one.choice !== 'reject-all').length);
  const cookies = made.map(({cookie}) => cookie).join('\n');
  for (const id of ids) assert.ok(cookies.includes(id), 'a visitor of a receipt has its cookie');
  const {code, output} = await verify(world);
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`ok, ${visitors.count} receipts of [2-4] producers`));
  console.log(`    ${output.trim()}`);
}

// Puts the day's receipts back as `change` leaves them, with ids of the same order.
async function rewrite(redis, key, entries) {
  await redis.call('DEL', key);
  let number = 0;
  for (const [, fields] of entries) await redis.call('XADD', key, `${++number}-0`, ...fields);
}

async function tampering(world) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  const [{t}] = await readRecords(redis, 'example', 'consents');
  assert.ok(Number(t) > 0);
  const [day] = await redis.call('ZRANGE', 'portvakt:{example}:days', 0, -1);
  const key = streamOf('example', day, 'consents');
  const original = await redis.call('XRANGE', key, '-', '+');
  const copy = () => structuredClone(original);
  const middle = Math.floor(original.length / 2);
  const faults = {
    nothing: [copy(), null],
    'a changed choice': [copy(), /was changed/],
    'another visitor': [copy(), /was changed/],
    'a dropped receipt': [copy(), /is missing/],
    'the last one dropped': [copy(), /missing .* at the end of the day/],
    'two exchanged receipts': [copy(), /stands behind/],
  };
  const set = (entry, name, value) => {
    entry[1][entry[1].indexOf(name) + 1] = value;
  };
  set(faults['a changed choice'][0][middle], 'choice', 'reject-some');
  set(faults['another visitor'][0].find(([, fields]) => fields.includes('visitor')), 'visitor',
      'x'.repeat(22));
  faults['a dropped receipt'][0].splice(middle, 1);
  faults['the last one dropped'][0].pop();
  const moved = faults['two exchanged receipts'][0];
  const producerOf = ([, fields]) => fields[1].slice(0, fields[1].lastIndexOf('-'));
  const partner =
      moved.findIndex((entry, place) => place > middle && producerOf(entry) === producerOf(moved[middle]));
  [moved[middle], moved[partner]] = [moved[partner], moved[middle]];
  for (const [name, [entries, expected]] of Object.entries(faults)) {
    await rewrite(redis, key, entries);
    const {code, output} = await verify(world, '--site', 'example', '--day', day);
    assert.equal(code, expected ? 1 : 0, `${name}: ${output}`);
    if (!expected) continue;
    assert.match(output, expected, name);
    assert.ok(!/visitor|x{22}/.test(output), 'nobody is named');
    console.log(`    ${name}: ${output.trim().split('\n')[0]}`);
  }
  await rewrite(redis, key, original);
  redis.close();
}

async function keyMissing(world) {
  const {code, output} =
      await runPortvakt('receipts', 'verify', '--config', world.other.file, '--site', 'none');
  assert.equal(code, 2, output);
}

export const group = [
  'receipts', {
    prepare: twoEdges,
    finish,
    tests: [
      ['visitors who choose at once on two edges leave one receipt each, in whole chains', everyChoiceOnce],
      ['a receipt changed, dropped or moved in Redis is found', tampering],
      ['an unknown site is told', keyMissing],
    ],
  }
];
