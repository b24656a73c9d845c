// Many slow clients of one kind at once: others are served meanwhile, every slow one is cut within its limit,
// and nothing of it is left afterwards. 2,000 of each kind, or `crowd.size`.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import net from 'node:net';
import {join} from 'node:path';
import tls from 'node:tls';

import {startBluntOrigin} from './support/blunt_origin.mjs';
import {get} from './support/http.mjs';
import {freePort, temporaryFolder} from './support/processes.mjs';
import {eventually, withLimit} from './support/suite.mjs';
import {endWorld, startWorld} from './support/world.mjs';

export const crowd = {
  size: 2_000
};

const generous = 5_000;  // for others to be served, on a busy machine; what it was is printed
const limit = 3_000;     // of every kind, in milliseconds
const host = 'Host: www.example.test\r\n';
const perConnection = 400_000;  // what a slow client may cost at most, in bytes

async function prepare() {
  const world = {tlsPort: await freePort(), origin: await startBluntOrigin(), folder: temporaryFolder()};
  const change = config => {
    const [certificate, key] = ['cert.pem', 'cert.key'].map(name => join(world.folder, name));
    execFileSync(
        'openssl',
        [
          'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
          '-subj', '/CN=www.example.test', '-keyout', key, '-out', certificate
        ],
        {stdio: 'ignore'});
    config.listen.push({address: `127.0.0.1:${world.tlsPort}`, tls: {certificates: [{certificate, key}]}});
    config.sites[0].upstreams = [`http://127.0.0.1:${world.origin.port}`];
    config.limits = {
      header_timeout: `${limit}ms`,
      idle_timeout: `${limit}ms`,
      write_timeout: `${limit}ms`,
      min_upload_rate: '1KiB',
      upload_grace: `${limit}ms`,
      min_download_rate: '1KiB',
      download_grace: `${limit}ms`,
      response_timeout: '6s',
    };
  };
  Object.assign(world, await startWorld({demo: false, redis: false, change}));
  // What is opened once and kept is there before anything is counted.
  for (let i = 0; i < 20; ++i) await get(world.port, '/hello');
  return world;
}

const descriptors = world => readdirSync(`/proc/${world.portvakt.child.pid}/fd`).length;
const resident = world =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${world.portvakt.child.pid}/status`, 'utf8'))[1]) * 1024;

// Opens the crowd a hundred at a time; each entry tells when it was opened and when it was cut.
async function gather(connect) {
  const members = [];
  const open = () => new Promise(resolve => {
    const member = {cut: null};
    const socket = member.socket = connect(() => {
      member.opened = Date.now();
      resolve();
    });
    socket.on('error', () => {});
    member.closed = new Promise(done => socket.once('close', () => {
      member.cut = Date.now();
      resolve();
      done();
    }));
    members.push(member);
  });
  for (let i = 0; i < crowd.size; i += 100)
    await Promise.all(Array.from({length: Math.min(100, crowd.size - i)}, open));
  return members;
}

const median = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function probe(world) {
  const times = [];
  for (let i = 0; i < 7; ++i) {
    const began = performance.now();
    assert.equal((await get(world.port, '/hello')).status, 200);
    times.push(performance.now() - began);
  }
  return median(times);
}

// Who does not read does not see that he was cut either: Portvakt is asked, then all are let go.
async function cutUnseen(world, members) {
  await eventually(
      'Portvakt has cut them', async () => await world.portvakt.metric('portvakt_connections') < 10, 120_000);
  for (const member of members) {
    member.cut ??= Date.now();
    member.socket.destroy();
  }
}

// One kind of slow client: `connect(world, ready)` gives a socket, `drip(socket)` is what it does now and
// then.
async function slow(world, {connect, drip = () => {}, reads = true}) {
  const before = {descriptors: descriptors(world), resident: resident(world)};
  let members = [], most = 0;
  const dripping = setInterval(() => {
    for (const {socket, cut} of members)
      if (!cut) drip(socket);
    most = Math.max(most, resident(world));
  }, 300);
  try {
    members = await withLimit(gather(ready => connect(world, ready)), 120_000, 'gathering the crowd');
    const open = members.filter(member => !member.cut).length;
    const served = await probe(world);
    most = Math.max(most, resident(world));
    if (!reads) await cutUnseen(world, members);
    await withLimit(Promise.all(members.map(member => member.closed)), 120_000, 'cutting all of them');
    const cut = members.map(member => member.cut - (member.opened ?? member.cut));
    await eventually('the descriptors are back', () => descriptors(world) <= before.descriptors + 4, 60_000);
    const figures =
        `${members.length} (${open} still open when others were served, median ${
            served.toFixed(0)} ms), cut after ${median(cut)} ms, the last after ${Math.max(...cut)} ms, ` +
        `memory + ${((most - before.resident) / 1e6).toFixed(1)} MB`;
    console.log(`       ${figures}`);
    assert.ok(served < generous, `others were served meanwhile: ${figures}`);
    assert.ok(median(cut) < limit + 20_000, `cut within the limit: ${figures}`);
    assert.ok(
        most - before.resident < 20e6 + members.length * perConnection, `memory is bounded: ${figures}`);
  } finally {
    clearInterval(dripping);
    for (const {socket} of members) socket.destroy();
  }
}

function plain(world, ready, first = '', options = {}) {
  const socket = net.connect({port: world.port, host: '127.0.0.1', ...options}, () => {
    if (first) socket.write(first);
    ready();
  });
  // Cuts are seen by reading on.
  return socket.on('data', () => {}).on('end', () => socket.destroy());
}

const kinds = {
  'heads that do not end': {
    connect: (world, ready) => plain(world, ready, 'GET / HTTP/1.1\r\n'),
    drip: socket => socket.write('X')
  },
  'bodies that trickle': {
    connect: (world, ready) =>
        plain(world, ready, `POST /up HTTP/1.1\r\n${host}Content-Length: 90000\r\n\r\n`),
    drip: socket => socket.write('x')
  },
  'bodies that never come': {
    connect: (world, ready) => plain(world, ready, `POST /up HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\n`)
  },
  'connections that say nothing': {connect: (world, ready) => plain(world, ready)},
  'TLS connections that say nothing': {
    connect: (world, ready) =>
        tls.connect({port: world.tlsPort, host: '127.0.0.1', rejectUnauthorized: false})
            .once('secureConnect', ready)
            .on('data', () => {})
  },
  'TLS handshakes that do not go on': {
    connect: (world, ready) =>
        plain(world, ready, Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), {port: world.tlsPort})
  },
  'requests of half-closed clients': {
    connect: (world, ready) => {
      const socket = plain(world, ready, '', {allowHalfOpen: true});
      socket.end(`GET /never HTTP/1.1\r\n${host}\r\n`);
      return socket;
    }
  },
  'readers that take nothing of a big answer': {
    reads: false,
    connect: (world, ready) => {
      const socket = net.connect({port: world.port, host: '127.0.0.1'}, () => {
        socket.write(`GET /big HTTP/1.1\r\n${host}\r\n`);
        ready();
      });
      socket.pause();
      return socket;
    }
  },
};

export const group = [
  'slow clients', {
    prepare,
    finish: async world => {
      await endWorld(world);
      world.origin.stop();
    },
    tests: Object.entries(kinds).map(
        ([name, kind]) => [`${name} are cut while others are served`, world => slow(world, kind)]),
  }
];
