// Answers that are small on the wire and huge when they are read: memory stays bounded, others are served,
// and who cancels ends it.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import http from 'node:http';
import {gzipSync} from 'node:zlib';

import {Connection, get} from './support/http.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, startWorld} from './support/world.mjs';

const mebibyte = 1 << 20;
// On a busy machine; what it was is printed.
const generous = 10_000;
// Members of one gzip body follow each other (RFC 1952, section 2.2): ten thousand times the same megabyte.
const members = 10_000;

const page = gzipSync(Buffer.from('<!doctype html><html><head><title>t</title></head><body><p>'));
const bombs = {
  '/text': gzipSync(Buffer.alloc(mebibyte, 'a'), {level: 9}),
  '/tags':
      gzipSync(Buffer.from('<img src="https://www.facebook.com/tr?id=1">'.repeat(mebibyte / 44)), {level: 9}),
  '/script': gzipSync(
      Buffer.from(
          '<script>' +
          'a'.repeat(mebibyte - 8)),
      {level: 9}),
  '/attribute': gzipSync(
      Buffer.from(
          '<script src="' +
          'a'.repeat(mebibyte - 13)),
      {level: 9}),
};

async function startOrigin() {
  const server = http.createServer((request, response) => {
    const bomb = bombs[request.url];
    if (request.url === '/nested') {
      const body = gzipSync(gzipSync(gzipSync(Buffer.alloc(mebibyte, 'a'))));
      response.writeHead(200, {'Content-Type': 'text/html', 'Content-Encoding': 'gzip, gzip, gzip'})
          .end(body);
      return;
    }
    if (!bomb) {
      response.writeHead(200, {'Content-Type': 'text/plain', 'Content-Length': 2}).end('ok');
      return;
    }
    response.writeHead(200, {'Content-Type': 'text/html', 'Content-Encoding': 'gzip'});
    response.write(page);
    let left = members;
    const more = () => {
      while (left-- > 0)
        if (!response.write(bomb)) return response.once('drain', more);
      response.end();
    };
    more();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    stop: () => {
      server.closeAllConnections();
      server.close();
    }
  };
}

const resident = world =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${world.portvakt.child.pid}/status`, 'utf8'))[1]) * 1024;

async function bomb(world, path) {
  const before = resident(world);
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  connection.send(`GET ${path} HTTP/1.1\r\nHost: www.example.test\r\nAccept-Encoding: gzip\r\n\r\n`);
  let most = 0;
  const times = [];
  const end = Date.now() + 3_000;
  while (Date.now() < end && !connection.ended) {
    const began = performance.now();
    assert.equal((await get(world.port, '/other')).status, 200);
    times.push(performance.now() - began);
    most = Math.max(most, resident(world));
  }
  const cut = connection.ended;
  connection.socket.resetAndDestroy();  // a mere end of sending could be a half-close
  const median = [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0;
  const figures = `${times.length} others served, median ${median.toFixed(0)} ms, longest ${
      Math.max(0, ...times).toFixed(0)} ms, memory + ${((most - before) / 1e6).toFixed(1)} MB, ${
      cut ? 'cut' : 'cancelled'}`;
  console.log(`       ${figures}`);
  assert.ok(most - before < 64 * mebibyte, figures);
  assert.ok(median < generous, figures);
  await eventually(
      'nothing is held for it any more',
      async () => await world.portvakt.metric('portvakt_buffered_bytes') === 0, 30_000);
}

async function nested(world) {
  const before = resident(world);
  const answer = await get(world.port, '/nested', {'Accept-Encoding': 'gzip', 'Sec-Fetch-Dest': 'document'});
  assert.equal(answer.status, 200);
  assert.ok(answer.complete && answer.body.length < 10_000, 'it passes as it came');
  assert.match(
      answer.headers['content-security-policy'] ?? '', /'self'|'none'/, 'no third party may be contacted');
  assert.ok(resident(world) - before < 16 * mebibyte);
}

export const group = [
  'bombs', {
    prepare: async () => {
      const origin = await startOrigin();
      const world = await startWorld({
        demo: false,
        redis: false,
        change: config => {
          config.sites[0].upstreams = [`http://127.0.0.1:${origin.port}`];
        }
      });
      return Object.assign(world, {origin});
    },
    finish: async world => {
      await endWorld(world);
      world.origin.stop();
    },
    tests: [
      ...Object.keys(bombs).map(
          path =>
              [`ten gigabytes of ${path.slice(1)} in a few megabytes of gzip stay bounded`,
               world => bomb(world, path)]),
      ['a page in three codings is not read and may contact nobody', nested],
    ],
  }
];
