// Several upstreams, what they are told of clients, and how Portvakt lives through their faults; PROXY
// headers in and out.
import assert from 'node:assert/strict';

import {Connection} from './support/http.mjs';
import {freePort} from './support/processes.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, startWorld} from './support/world.mjs';

const request = path => `GET ${path} HTTP/1.1\r\nHost: www.example.test\r\n\r\n`;

// A listener that wants PROXY headers from 127.0.0.1 alone, beside the plain one.
async function proxiedWorld() {
  const port = await freePort();
  const world = await startWorld({
    demo: false,
    redis: false,
    change: config => {
      config.listen.push({address: `127.0.0.1:${port}`, proxy_protocol: 'required'});
      config.trusted_proxies = ['127.0.0.1'];
      config.limits = {header_timeout: '1s'};
    }
  });
  return {...world, proxied: port};
}

const v2 = (command, family, bytes) => Buffer.concat([
  Buffer.from([13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, command, family, 0, bytes.length]),
  Buffer.from(bytes)
]);

async function clientOfHeader(world) {
  const seen = async (header, path, more = '') => {
    const connection = await Connection.open({port: world.proxied, host: '127.0.0.1'});
    await connection.send(Buffer.concat(
        [Buffer.from(header), Buffer.from(`GET ${path} HTTP/1.1\r\nHost: www.example.test\r\n${more}\r\n`)]));
    assert.equal((await connection.response()).status, 200);
    connection.close();
    return world.scripted.last(path).headers['x-forwarded-for'];
  };
  assert.equal(await seen('PROXY TCP4 198.51.100.77 10.0.0.1 4711 80\r\n', '/n/v1'), '198.51.100.0');
  assert.equal(await seen('PROXY TCP6 2001:db8:77:88::99 ::1 4711 80\r\n', '/n/v1-6'), '2001:db8:77::');
  assert.equal(await seen('PROXY TCP6 ::ffff:198.51.100.77 ::1 4711 80\r\n', '/n/mapped'), '198.51.100.0');
  assert.equal(
      await seen(v2(0x21, 0x11, [198, 51, 100, 77, 10, 0, 0, 1, 1, 2, 0, 80]), '/n/v2'), '198.51.100.0');
  // Who is named by the header is an ordinary client: its own fields are not believed.
  assert.equal(
      await seen(
          'PROXY TCP4 198.51.100.77 10.0.0.1 4711 80\r\n', '/n/forged', 'X-Forwarded-For: 192.0.2.1\r\n'),
      '198.51.100.0');
  assert.equal(await seen('PROXY UNKNOWN\r\n', '/n/unknown', 'X-Forwarded-For: 192.0.2.1\r\n'), '0.0.0.0');
  assert.equal(await seen(v2(0x20, 0, []), '/n/local'), '127.0.0.0');
}

async function closedWithout(world) {
  const before = world.scripted.seen.length;
  const talk = async (bytes, options = {}) => {
    const connection = await Connection.open({port: world.proxied, host: '127.0.0.1', ...options});
    await connection.send(bytes);
    await connection.untilClosed();
  };
  await talk(request('/n/none'));
  await talk(`PROXY TCP4 198.51.100.77 10.0.0.1 99999 80\r\n${request('/n/bad')}`);
  await talk('PROXY TCP4 198.51');  // and no more: the limit on waiting
  await talk(`PROXY TCP4 198.51.100.77 10.0.0.1 1 2\r\n${request('/n/forger')}`, {localAddress: '127.0.0.2'});
  assert.equal(world.scripted.seen.length, before, 'nothing of it reached the upstream');
  for (const [reason, count] of [['malformed', 2], ['timeout', 1], ['untrusted', 1]]) {
    await eventually(
        `${count} refused as ${reason}`,
        async () =>
            await world.portvakt.metric('portvakt_proxy_headers_refused_total', `"${reason}"`) === count);
  }
}

async function headerInPieces(world) {
  const connection = await Connection.open({port: world.proxied, host: '127.0.0.1'});
  for (const byte of`PROXY TCP4 198.51.100.77 10.0.0.1 4711 80\r\n${request('/n/pieces')}`)
    await connection.send(byte);
  assert.equal((await connection.response()).status, 200);
  await connection.send(request('/n/again'));
  assert.equal((await connection.response()).status, 200, 'the header comes once');
  assert.equal(world.scripted.last('/n/again').headers['x-forwarded-for'], '198.51.100.0');
  connection.close();
}

export const groups = [[
  'PROXY headers in', {
    prepare: proxiedWorld,
    finish: endWorld,
    tests: [
      ['the client is the one that a trusted proxy names', clientOfHeader],
      ['connections without a good header, or from others, are closed', closedWithout],
      ['a header may come byte by byte', headerInPieces],
    ]
  }
]];
