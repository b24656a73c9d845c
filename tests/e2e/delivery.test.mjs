// Exactly once: numbered requests while Redis is killed three times and Portvakt once; every exchange that a
// client saw end has one record. What was in flight when Portvakt was killed may have one or none, never two.
import assert from 'node:assert/strict';

import {readRecords, Redis} from '../../scripts/lib/redis.mjs';

import {Connection} from './support/http.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, startWorld} from './support/world.mjs';

export const settings = {
  requests: 20_000
};
const clients = 16;
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// Sends numbers from the shared counter until none is left; each number is sent once, whatever becomes of it.
async function client(world, state) {
  let connection = null;
  while (state.next < settings.requests) {
    if (state.next >= state.gate * settings.requests) {
      await pause(5);
      continue;
    }
    try {
      connection ??= await Connection.open({port: world.port, host: '127.0.0.1'});
    } catch {
      await pause(20);
      continue;
    }
    const number = state.next++;
    let whole = false;
    try {
      await connection.send(`GET /n/${number} HTTP/1.1\r\nHost: www.example.test\r\n\r\n`);
      const answer = await connection.response({limit: 30_000});
      whole = answer.complete && answer.status === 200;
    } catch { /* the connection went away in mid-exchange */
    }
    if (whole && !state.killing) state.ended.add(number);
    else state.unsure.add(number);
    if (!whole) {
      connection.close();
      connection = null;
    }
  }
  connection?.close();
}

// Requests go on while something is killed and started again, but not so far that the next kill would meet
// none.
const reached = (state, share) => eventually(
    `${share * 100} % of the requests are sent`, () => state.next >= settings.requests * share, 900_000);

async function killRedis(world, state, share, gate) {
  state.gate = gate;
  await reached(state, share);
  await world.redis.stop('SIGKILL');
  await pause(700);
  await world.redis.start();
}

async function killPortvakt(world, state, share, gate) {
  state.gate = gate;
  await reached(state, share);
  state.killing = true;
  await world.portvakt.stop('SIGKILL');
  await pause(50);
  state.killing = false;
  await world.portvakt.start();
}

async function count(world) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'}).catch(() => null);
  if (!redis) return new Map();
  const counts = new Map();
  try {
    for (const record of await readRecords(redis, 'example')) {
      const number = /^\/n\/(\d+)$/.exec(record.path)?.[1];
      if (number !== undefined) counts.set(Number(number), (counts.get(Number(number)) ?? 0) + 1);
    }
  } catch { /* Redis is loading its file */
  } finally { redis.close(); }
  return counts;
}

async function chaos(world) {
  const state = {next: 0, ended: new Set(), unsure: new Set(), killing: false, gate: 0};
  const began = Date.now();
  const clientsDone = Promise.all(Array.from({length: clients}, () => client(world, state)));
  await killRedis(world, state, 0.15, 0.3);
  await killRedis(world, state, 0.35, 0.5);
  await killPortvakt(world, state, 0.55, 0.7);
  await killRedis(world, state, 0.75, 0.9);
  state.gate = 1;
  await clientsDone;
  const sent = Date.now() - began;
  let counts = new Map();
  await eventually('every ended exchange has a record', async () => {
    counts = await count(world);
    if ([...state.ended].every(number => counts.has(number))) return true;
    await pause(500);
    return false;
  }, 120_000).catch(() => {});
  await pause(1500);
  counts = await count(world);
  const lost = [...state.ended].filter(number => !counts.has(number));
  const double = [...counts].filter(([, times]) => times > 1).map(([number]) => number);
  console.log(`       ${settings.requests} requests in ${sent} ms: ${state.ended.size} ended, ${
      state.unsure.size} cut by the kill; ${lost.length} lost, ${double.length} double`);
  assert.deepEqual({lost: lost.slice(0, 10), double: double.slice(0, 10)}, {lost: [], double: []});
  assert.ok(state.unsure.size > 0, 'the kill met requests in flight');
  assert.ok(state.ended.size > settings.requests * 0.95, 'nearly all requests were answered');
}

export const group = [
  'delivery', {
    prepare: () => startWorld({demo: false}),
    finish: endWorld,
    tests: [['every ended exchange is recorded exactly once through four kills', chaos]],
  }
];
