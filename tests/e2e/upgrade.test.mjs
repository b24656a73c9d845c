// WebSockets through the whole program: the filters see the handshake, nobody sees the bytes, and one record
// tells of it.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

import {freePort, temporaryFolder} from './support/processes.mjs';
import {digest, pattern} from './support/scripted_origin.mjs';
import {eventually} from './support/suite.mjs';
import {frame, handshake, startEcho, WebSocketClient} from './support/websocket.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

function certificate(folder) {
  const [cert, privateKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-keyout', privateKey, '-out', cert, '-subj', '/CN=www.example.test', '-addext',
        'subjectAltName=DNS:www.example.test'
      ],
      {stdio: 'ignore'});
  return {certificate: cert, key: privateKey};
}

async function start() {
  const echo = await startEcho('Set-Cookie: _ga=GA1.1.2.3; Path=/\r\nSet-Cookie: basket=1; Path=/\r\n');
  const tlsPort = await freePort();
  const certificates = [certificate(temporaryFolder())];
  const world = await startWorld({
    demo: false,
    change: config => {
      config.sites[0].upstreams = [`http://127.0.0.1:${echo.port}`];
      config.listen.push({address: `127.0.0.1:${tlsPort}`, tls: {certificates}});
      config.limits = {tunnel_timeout: '1500ms', drain_timeout: '2s'};
    }
  });
  return {...world, echo, tlsPort};
}

async function finish(world) {
  await endWorld(world);
  await world.echo.stop();
}

async function filtersTheHandshake(world) {
  const client = await WebSocketClient.open(
      world.port,
      handshake(
          '/filtered?email=a@b.test',
          'Cookie: _ga=GA1.1.555.666; basket=b-1\r\nX-Forwarded-For: 203.0.113.77\r\n' +
              'Consent-Purposes: marketing\r\nSec-WebSocket-Protocol: chat\r\n'));
  const answer = await client.head();
  assert.match(answer, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
  assert.match(answer, /^Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/m);
  assert.match(answer, /^Upgrade: websocket\r$/m);
  assert.doesNotMatch(answer, /GA1\.1/);
  assert.match(answer, /basket=1/);
  const head = world.echo.heads.find(one => one.startsWith('GET /filtered'));
  assert.match(head, /^Cookie: basket=b-1\r$/im);
  assert.match(head, /^X-Forwarded-For: 127\.0\.0\.0\r$/im);
  assert.match(head, /^Consent-Purposes: necessary\r$/im);
  assert.match(head, /^Sec-WebSocket-Protocol: chat\r$/im);
  assert.match(head, /^Upgrade: websocket\r$/im);
  assert.equal(head.match(/^Connection:/gim).length, 1);
  assert.doesNotMatch(head, /203\.0\.113\.77/);
  client.close();
}

async function echoes(port, secure) {
  const client = await WebSocketClient.open(port, handshake('/echo'), secure);
  await client.head();
  for (const text of ['one', 'GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n', '\0\xff']) {
    const sent = frame(text);
    client.send(sent);
    assert.deepEqual(await client.take(sent.length), sent);
  }
  const large = frame(pattern(3_000_000, 5), 2);
  client.send(large);
  assert.equal(digest(await client.take(large.length)), digest(large));
  client.socket.end();
  await client.untilEnded();
  assert.equal(client.broken, false);
}

async function refused(world) {
  const client = await WebSocketClient.open(world.port, handshake('/refuse'));
  assert.match(await client.head(), /^HTTP\/1\.1 426 /);
  assert.equal((await client.take(2)).toString(), 'no');
  client.send(handshake('/echo'));
  assert.match(await client.head(), /^HTTP\/1\.1 101 /);
  client.close();
}

async function recordsOnce(world) {
  const client = await WebSocketClient.open(world.port, handshake('/once?session=secret'));
  await client.head();
  client.send(frame('hello'));
  await client.take(frame('hello').length);
  client.socket.end();
  await client.untilEnded();
  const records =
      await recordsOnceThat(world, 'example', list => list.some(record => record.path.startsWith('/once')));
  const [record, ...more] = records.filter(one => one.path.startsWith('/once'));
  assert.deepEqual(more, []);
  assert.equal(record.status, '101');
  assert.equal(record.bytes, String(frame('hello').length));
  assert.doesNotMatch(JSON.stringify(record), /secret/);
}

async function idle(world) {
  const client = await WebSocketClient.open(world.port, handshake('/idle'));
  await client.head();
  const began = Date.now();
  await client.untilEnded();
  assert.ok(Date.now() - began > 1000, 'it lived as long as it may');
}

async function drains(world) {
  const client = await WebSocketClient.open(world.port, handshake('/drained'));
  await client.head();
  world.portvakt.signal('SIGTERM');
  await eventually('the drain has begun', () => /draining/.test(world.portvakt.errors));
  client.send(frame('still'));
  await client.take(frame('still').length);
  assert.deepEqual(await world.portvakt.child.exited, {code: 0, signal: null});
  await client.untilEnded();
  await recordsOnceThat(world, 'example', list => list.some(record => record.path === '/drained'))
      .catch(() => assert.fail('the tunnel left no record'));
}

const secure = {
  servername: 'www.example.test',
  rejectUnauthorized: false
};

export const group = [
  'upgrade', {
    prepare: start,
    finish,
    tests: [
      ['cookies, address and consent of a handshake are filtered', filtersTheHandshake],
      ['WebSocket frames pass untouched, however large', world => echoes(world.port, null)],
      ['WebSocket frames pass over TLS', world => echoes(world.tlsPort, secure)],
      ['a refused handshake is a usual answer and the connection goes on', refused],
      ['a WebSocket leaves one record when it ends', recordsOnce],
      ['a WebSocket on which nothing moves ends', idle],
      ['a WebSocket goes on during the drain and is recorded', drains],
    ],
  }
];
