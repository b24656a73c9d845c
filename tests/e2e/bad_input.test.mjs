// Messages that nobody should send, upstreams that are not well, hosts that we do not know; and that none of
// it loses a record.
import assert from 'node:assert/strict';

import {Connection, exchange, get} from './support/http.mjs';
import {startRawOrigin} from './support/scripted_origin.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const host = 'Host: www.example.test\r\n';
const malformed = {
  'no host': ['GET / HTTP/1.1\r\n\r\n', 400],
  'two hosts': [`GET / HTTP/1.1\r\n${host}Host: other.test\r\n\r\n`, 400],
  'a space before the colon': [`GET / HTTP/1.1\r\n${host}X-A : 1\r\n\r\n`, 400],
  'a folded field': [`GET / HTTP/1.1\r\n${host}X-A: 1\r\n 2\r\n\r\n`, 400],
  'an empty field name': [`GET / HTTP/1.1\r\n${host}: 1\r\n\r\n`, 400],
  'a NUL in a field': [`GET / HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
  'a bare CR in a field': [`GET / HTTP/1.1\r\n${host}X-A: a\rb\r\n\r\n`, 400],
  'two different lengths':
      [`POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
  'a signed length': [`POST / HTTP/1.1\r\n${host}Content-Length: +3\r\n\r\nabc`, 400],
  'length and chunked':
      [`POST / HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  'an unknown coding': [`POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, [400, 501]],
  'chunked in HTTP/1.0': [`POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  'a bad chunk size':
      [`POST /digest HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n`, 400],
  'a control in the target': [`GET /a\x01b HTTP/1.1\r\n${host}\r\n`, 400],
  'two spaces': [`GET  / HTTP/1.1\r\n${host}\r\n`, 400],
  'a bad method': [`GE(T / HTTP/1.1\r\n${host}\r\n`, [400, 501]],
  'no version': [`GET /\r\n${host}\r\n`, 400],
  'a foreign version': [`GET / HTTP/3.7\r\n${host}\r\n`, [400, 505]],
  garbage: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  'a long target': [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 414],
  'a long field': [`GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
  'too many fields': [`GET / HTTP/1.1\r\n${host}${'X-A: 1\r\n'.repeat(500)}\r\n`, 431],
  CONNECT: [`CONNECT www.example.test:443 HTTP/1.1\r\n${host}\r\n`, [400, 405, 501]],
};

async function refusesMalformed(world) {
  const wrong = [];
  for (const [name, [bytes, status]] of Object.entries(malformed)) {
    const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
    await connection.send(Buffer.from(bytes, 'latin1'));
    try {
      const answer = await connection.response({limit: 3000});
      if (![status].flat().includes(answer.status))
        wrong.push(`${name}: ${answer.status} instead of ${status}`);
      await connection.untilClosed(3000).catch(
          () => wrong.push(`${name}: stays open after ${answer.status}`));
    } catch (error) { wrong.push(`${name}: ${error.message}`); }
    connection.close();
  }
  assert.deepEqual(wrong, []);
}

async function bodyTooLarge(world) {
  const answer =
      await exchange(world.port, `POST /digest HTTP/1.1\r\n${host}Content-Length: 40000000\r\n\r\n`);
  assert.equal(answer.status, 413);
  const chunk = `${(1 << 20).toString(16)}\r\n${'a'.repeat(1 << 20)}\r\n`;
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  connection.send(`POST /digest HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`);
  for (let i = 0; i < 30; ++i) connection.send(chunk);
  assert.equal((await connection.response()).status, 413);
  connection.close();
}

async function badUpstreams(world) {
  const cases = {
    garbage: 'this is not HTTP\r\n\r\n',
    'two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    'a broken status': 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n',
    nothing: '',
    'half a head': 'HTTP/1.1 200 OK\r\nContent-',
    'a NUL': 'HTTP/1.1 200 OK\r\nX-A: \0\r\nContent-Length: 0\r\n\r\n',
  };
  const wrong = [];
  for (const [name, bytes] of Object.entries(cases)) {
    const origin = await startRawOrigin(Buffer.from(bytes, 'latin1'));
    const own = await startWorld({
      demo: false,
      redis: false,
      change: config => {
        config.sites[0].upstreams = [`http://127.0.0.1:${origin.port}`];
      }
    });
    const answer = await get(own.port, '/');
    if (answer.status !== 502) wrong.push(`${name}: ${answer.status}`);
    await endWorld(own);
    await origin.stop();
  }
  assert.deepEqual(wrong, []);
}

async function everyAnswerIsRecorded(world) {
  const statuses = {};
  const note = async (path, headers) => {
    statuses[path] = (await get(world.port, path, headers)).status;
  };
  await note('/hello/recorded');
  await note('/cut');
  await note('/never');
  await recordsOnceThat(
      world, 'example',
      records => Object.keys(statuses).every(path => records.some(record => record.path === path)));
  await get(world.port, '/to-the-dead', {Host: 'dead.test'});
  const dead =
      await recordsOnceThat(world, 'dead', records => records.some(record => record.path === '/to-the-dead'));
  assert.equal(dead.find(record => record.path === '/to-the-dead').status, '502');
}

export const group = [
  'bad input', {
    prepare: () => startWorld({
      demo: false,
      change: config => {
        config.limits = {response_timeout: '1s', max_body: '16MiB'};
      }
    }),
    finish: endWorld,
    tests: [
      ['malformed requests are refused and the connection closed', refusesMalformed],
      ['a body beyond the limit gets 413', bodyTooLarge],
      [
        'a dead upstream gives 502',
        async world => assert.equal((await get(world.port, '/', {Host: 'dead.test'})).status, 502)
      ],
      [
        'a slow upstream gives 504',
        async world => assert.equal((await get(world.port, '/never')).status, 504)
      ],
      [
        'an unknown host gives 421',
        async world => assert.equal((await get(world.port, '/', {Host: 'nobody.test'})).status, 421)
      ],
      ['malformed answers of an upstream give 502', badUpstreams],
      ['refusals and failures are recorded like the rest', everyAnswerIsRecorded],
    ],
  }
];
