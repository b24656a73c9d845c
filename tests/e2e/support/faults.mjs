// What the chaos test does to Redis, to the network and to edges. Each fault leaves things whole again.
import {rmSync, statfsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {eventually} from './suite.mjs';

export const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function killRedis({pair}) {
  const {master} = await pair.roles();
  await master.stop('SIGKILL');
  await pause(300);
  await master.start();
}

async function stopRedis({pair, options}) {
  const {master} = await pair.roles();
  master.child.kill('SIGSTOP');
  await pause(options.stopped);
  master.child.kill('SIGCONT');
}

// The replica misses what comes for a while; then it becomes the master.
async function failOverToLaggingReplica({pair}) {
  const {master, replica} = await pair.settled();
  master.relay.lag();
  await pause(1500);
  await master.stop('SIGKILL');
  master.relay.catchUp();
  await eventually('the replica is master', async () => (await pair.roles()).master === replica, 60_000);
  await master.start();
}

async function fillMemory({pair}) {
  const {master} = await pair.roles();
  await master.ask('CONFIG', 'SET', 'maxmemory', '1');
  await pause(1500);
  await master.ask('CONFIG', 'SET', 'maxmemory', '0');
}

async function makeReadOnly({pair}) {
  const {master} = await pair.roles();
  await master.ask('REPLICAOF', '127.0.0.1', '1');
  await pause(1500);
  // Unless the sentinel has given the part to the other one meanwhile.
  if ((await pair.roles()).master === master) await master.ask('REPLICAOF', 'NO', 'ONE');
}

async function flushScripts({pair}) {
  for (let i = 0; i < 8; ++i) {
    await (await pair.roles()).master.ask('SCRIPT', 'FLUSH');
    await pause(150);
  }
}

async function cutReplies({pair}) {
  for (let i = 0; i < 8; ++i) {
    (await pair.roles()).master.relay.cutReplies(3);
    await pause(150);
  }
}

async function blackHole({pair, options}) {
  const {master} = await pair.roles();
  master.relay.darken();
  await pause(options.dark);
  master.relay.lighten();
}

async function killEdge({edges, load}) {
  const victim = Math.floor(Math.random() * 2);
  await edges[victim].stop('SIGKILL');
  load.edgesKilled = (load.edgesKilled ?? 0) + 1;
  await edges[victim].start();
}

// The last edge's spool lies on a small disk, which somebody else fills while Redis is away.
async function fillDisk({pair, edges, disk, load, options}) {
  const filler = join(disk, 'filler');
  for (let room; (room = statfsSync(disk).bavail) > 0;) {
    try {
      writeFileSync(filler, Buffer.alloc(Math.min(room, 256) * 4096, 'x'), {flag: 'a'});
    } catch { break; }
  }
  for (const {relay} of pair.servers) relay.darken();
  await load.burst(edges.length - 1, options.burst);
  rmSync(filler);
  for (const {relay} of pair.servers) relay.lighten();
}

export const faults = {
  killRedis,
  stopRedis,
  failOverToLaggingReplica,
  fillMemory,
  makeReadOnly,
  flushScripts,
  cutReplies,
  blackHole,
  killEdge,
  fillDisk
};
