// Chaos: numbered requests over three edges while, in random order, Redis is killed, stopped, failed over to
// a lagging replica, filled, made read-only, has its scripts flushed, its replies cut and its port
// black-holed, edges are killed, and the disk under a spool fills up. Each request that ended has one record,
// but for those that an edge has counted as lost because its disk or its spool was full. The latency is
// compared between quiet windows and windows with faults, which take turns.
import assert from 'node:assert/strict';
import {execFileSync, fork} from 'node:child_process';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {daysOf, Redis, streamOf} from '../../scripts/lib/redis.mjs';

import {faults, pause} from './support/faults.mjs';
import {NginxOrigin} from './support/nginx_origin.mjs';
import {Portvakt} from './support/portvakt.mjs';
import {temporaryFolder} from './support/processes.mjs';
import {RedisPair} from './support/redis_pair.mjs';
import {eventually, withLimit} from './support/suite.mjs';

// `requests` is a least number: the load goes on until each fault has been met.
const settings = {
  requests: 20_000,
  pace: 600,      // requests a second, over all edges
  quiet: 1000,    // milliseconds between faults
  stopped: 3000,  // Redis under SIGSTOP
  dark: 2500,     // its port black-holed
  burst: 10_000,  // requests for the edge whose disk is full
  kinds: null,    // names of faults; all
};
const edgeCount = 3;

// A sample when quick; from 100,000 on at full pace, with long stops and black holes.
export function scale(requests, {quick, kinds}) {
  Object.assign(settings, {requests, kinds: kinds ?? null});
  if (quick)
    Object.assign(settings, {kinds: ['killRedis', 'cutReplies', 'flushScripts', 'killEdge'], quiet: 300});
  if (requests >= 100_000) Object.assign(settings, {pace: 2500, quiet: 6000, stopped: 30_000, dark: 10_000});
}

class Load {
  constructor(results) {
    this.results = results;
    this.child = fork(fileURLToPath(new URL('support/numbered_load.mjs', import.meta.url)));
    this.child.on('message', message => {
      if (message.sent !== undefined) this.sent = message.sent;
      if (message.burst) this.burstDone?.();
      if (message.done) this.done?.(message.done);
    });
  }
  start(ports) { this.child.send({start: {ports, pace: settings.pace, connections: 8}}); }
  window(name) { this.child.send({window: name}); }
  burst(edge, count) {
    const finished = new Promise(resolve => {
      this.burstDone = resolve;
    });
    this.child.send({burst: {port: this.ports[edge], edge, count}});
    return withLimit(finished, 120_000, 'the burst');
  }
  async count() {
    this.child.send({ask: true});
    await pause(20);
    return this.sent ?? 0;
  }
  async stop() {
    const finished = new Promise(resolve => {
      this.done = resolve;
    });
    this.child.send({stop: this.results});
    const {sent, report} = await withLimit(finished, 120_000, 'the end of the load');
    return {
      sent,
      report,
      state: readFileSync(`${this.results}.state`),
      edge: readFileSync(`${this.results}.edge`)
    };
  }
}

// A small disk of our own where root may mount one. Elsewhere the spool's size bound stands for it.
function mountDisk(folder) {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1792k', 'tmpfs', folder], {stdio: 'ignore'});
  } catch { return false; }
  // Before the test's folder is removed, however the test ends.
  process.prependListener('exit', () => execFileSync('umount', ['-l', folder]));
  return true;
}

async function prepare() {
  const folder = temporaryFolder();
  const world = {folder, pair: new RedisPair(folder), origin: null, edges: [], disk: join(folder, 'disk')};
  world.origin = new NginxOrigin(folder, 'origin', {server: 'location /n/ { return 200 "yes\\nok"; }'});
  await world.origin.start();
  await world.pair.start();
  world.mounted = mountDisk(world.disk);
  for (let i = 0; i < edgeCount; ++i) {
    const edge = new Portvakt(folder, `edge-${i}`);
    const site = {name: 'example', hosts: ['www.example.test'], upstreams: [world.origin.url]};
    await edge.configure({
      sites: [site],
      redis: world.pair,
      change: config => {
        config.workers = 1;
        delete config.geo;
        if (i < edgeCount - 1) return;
        config.log.spool = {path: world.mounted ? join(world.disk, 'spool') : 'spool', max_size: '1MiB'};
      }
    });
    await edge.start();
    world.edges.push(edge);
  }
  return world;
}

async function finish(world) {
  for (const edge of world.edges) await edge.stop();
  await world.pair.stop();
  await world.origin.stop();
}

function shuffled(list) {
  const rest = [...list], order = [];
  while (rest.length) order.push(...rest.splice(Math.floor(Math.random() * rest.length), 1));
  return order;
}

// How often each number is in Redis.
async function countRecords(port, numbers) {
  const times = new Uint8Array(numbers);
  const redis = await Redis.open({port, host: '127.0.0.1'});
  try {
    for (const day of await daysOf(redis, 'example')) {
      for (let from = '-';;) {
        const entries =
            await redis.call('XRANGE', streamOf('example', day, 'requests'), from, '+', 'COUNT', 2000);
        for (const [, fields] of entries) {
          const number = Number(fields[fields.indexOf('path') + 1].slice('/n/'.length));
          if (number < numbers && times[number] < 255) ++times[number];
        }
        if (entries.length < 2000) break;
        from = `(${entries.at(-1)[0]}`;
      }
    }
  } finally { redis.close(); }
  return times;
}

function tally(results, times) {
  const sums = {ended: 0, unsure: 0, missing: Array(edgeCount).fill(0), double: 0, stored: 0};
  for (let number = 0; number < results.sent; ++number) {
    if (results.state[number] === 1) ++sums.ended;
    if (results.state[number] === 2) ++sums.unsure;
    if (results.state[number] === 1 && times[number] === 0) ++sums.missing[results.edge[number]];
    if (times[number] > 0) ++sums.stored;
    if (times[number] > 1) ++sums.double;
  }
  return sums;
}

const lostAt = async edge => (await edge.metric('portvakt_records_total', 'result="lost"')) ?? 0;

async function misuse(world, load) {
  const kinds = settings.kinds ?? Object.keys(faults);
  const met = [];
  const context = {...world, load, options: settings};
  while (met.length < kinds.length || await load.count() < settings.requests) {
    for (const kind of shuffled(kinds)) {
      load.window('quiet');
      await pause(settings.quiet);
      await world.pair.settled();
      load.window(kind === 'killEdge' ? 'edges killed' : 'faults');
      await faults[kind](context);
      await world.pair.settled();
      await pause(200);
      met.push(kind);
    }
  }
  return met;
}

const say = text => console.log(`       ${text}`);

function describeLatency(results, met, seconds) {
  say(`${results.sent} requests in ${seconds.toFixed(0)} s over ${met.length} faults: ${met.join(' ')}`);
  for (const {name, count, p50, p99} of results.report)
    say(`${name}: ${count} requests, p50 ${p50?.toFixed(2)} ms, p99 ${p99?.toFixed(2)} ms`);
  const p99 = name => results.report.find(one => one.name === name)?.p99;
  const ratio = p99('faults') / p99('quiet');
  say(`latency p99 during faults / without: ${ratio.toFixed(2)}`);
  return ratio;
}

function describeRecords(sums, lost) {
  say(`${sums.ended} ended, ${sums.unsure} cut by a kill; missing by edge ${
      sums.missing.join(', ')}; counted as lost ${lost.join(', ')}; double ${sums.double}`);
}

async function chaos(world) {
  const load = new Load(join(world.folder, 'load'));
  load.ports = world.edges.map(edge => edge.port);
  const began = Date.now();
  load.start(load.ports);
  let met, results;
  try {
    met = await misuse(world, load);
  } finally { results = await load.stop(); }
  const seconds = (Date.now() - began) / 1000;
  const ratio = describeLatency(results, met, seconds);
  let sums, lost;
  const complete = async () => {
    const {master} = await world.pair.settled();
    sums = tally(results, await countRecords(master.port, results.sent));
    lost = await Promise.all(world.edges.map(lostAt));
    return sums.missing.every((missing, edge) => missing === lost[edge]);
  };
  await eventually('everything has arrived', async () => {
    // A failover may close the connection that is counted over.
    const whole = await complete().catch(error => console.log(`       counted again: ${error.message}`));
    if (!whole) await pause(1000);
    return whole;
  }, 180_000).catch(() => {});
  await pause(1000);
  await complete();
  describeRecords(sums, lost);
  assert.equal(sums.double, 0, 'no record is stored twice');
  assert.deepEqual(sums.missing, lost, 'what did not arrive was counted as lost');
  assert.deepEqual(lost.slice(0, -1), Array(edgeCount - 1).fill(0), 'only the full disk loses anything');
  assert.ok(sums.ended > 0.9 * results.sent, 'nearly all requests were answered');
  if (met.includes('fillDisk')) assert.ok(lost.at(-1) > 0, 'the disk was full');
  if (met.includes('killEdge')) assert.ok(sums.unsure < results.sent * 0.05);
  // A loose bound: on a busy machine the figure printed above is worth more.
  assert.ok(ratio < 5, `latency grew ${ratio.toFixed(2)} times`);
}

export const group = [
  'chaos', {
    prepare,
    finish,
    tests: [['each ended request has one record or is counted as lost, whatever happens', chaos]],
  }
];
