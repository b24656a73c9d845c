// Portvakt beside its peers: node tests/bench/run.mjs [--quick] [--filter WORD] [--peers A,B] [--rounds N]
// [--write]
// --quick compares with nginx only, in under a minute; --write keeps the table in tests/bench/RESULTS.md. The
// program is build/release/portvakt, or $PORTVAKT. Everything listens on loopback and is ended by its process
// id.
import {join} from 'node:path';

import {Redis} from '../../scripts/lib/redis.mjs';
import {RedisServer, root, stopProcess, temporaryFolder} from '../e2e/support/processes.mjs';

import {loads} from './loads.mjs';
import {Measurement} from './measure.mjs';
import {makeCertificate, peers, startOrigin} from './programs.mjs';
import {printLoad, writeReport} from './report.mjs';

const args = process.argv.slice(2);
const option = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const settings = {
  rounds: Number(option('--rounds') ?? (quick ? 3 : 9)),
  share: quick ? 0.3 : 1
};
const wanted = option('--peers')?.split(',') ?? (quick ? ['nginx', 'portvakt'] : Object.keys(peers));
const chosen = loads.filter(load => `${load.name} ${load.title}`.includes(option('--filter') ?? ''));

const stage = {
  folder: temporaryFolder(),
  redis: null
};
const running = [];
async function startAll() {
  makeCertificate(stage);
  stage.redis = new RedisServer(stage.folder);
  await stage.redis.start();
  stage.client = await Redis.open({host: '127.0.0.1', port: stage.redis.port});
  stage.origin = await startOrigin(stage);
  running.push(stage.redis.child, stage.origin.child);
  for (const name of wanted.filter(name => chosen.some(load => load.peers.includes(name)))) {
    stage[name] = await peers[name](stage);
    running.push(stage[name].child);
  }
}

async function stopAll() {
  stage.client?.close();
  for (const child of running.reverse()) await stopProcess(child);
}

const results = [];
let code = 0;
try {
  await startAll();
  const measurement = new Measurement(stage);
  for (const load of chosen) {
    const result = await measurement.run(load, load.peers.flatMap(name => stage[name] ?? []), settings);
    printLoad(load, result);
    results.push({load, result});
  }
  if (args.includes('--write')) writeReport(join(root, 'tests/bench/RESULTS.md'), results, settings);
} catch (error) {
  console.error(error.stack);
  code = 1;
}
await stopAll();
process.exit(code);
