// Moving messages: what a client and an upstream may do in HTTP/1.1 arrives on the other side as it was
// meant.
import assert from 'node:assert/strict';
import {gunzipSync} from 'node:zlib';

import {Connection, exchange, get} from './support/http.mjs';
import {digest, pattern} from './support/scripted_origin.mjs';
import {endWorld, startWorld} from './support/world.mjs';

const head = (method, path, more = '') =>
    `${method} ${path} HTTP/1.1\r\nHost: www.example.test\r\n${more}\r\n`;
const open = world => Connection.open({port: world.port, host: '127.0.0.1'});

async function manyOnOneConnection(world) {
  const connection = await open(world);
  for (let i = 0; i < 50; ++i) {
    await connection.send(head('GET', '/hello'));
    assert.equal((await connection.response()).body.toString(), 'hello');
  }
  connection.close();
}

async function pipelined(world) {
  const connection = await open(world);
  await connection.send(
      head('GET', '/n/1') + head('GET', '/hello') + head('GET', '/empty') + head('GET', '/n/2'));
  const statuses = [];
  for (let i = 0; i < 4; ++i) statuses.push((await connection.response()).status);
  assert.deepEqual(statuses, [200, 200, 204, 200]);
  connection.close();
}

async function headHasNoBody(world) {
  const connection = await open(world);
  for (const path of ['/image', '/page', '/chunked']) {
    await connection.send(head('HEAD', path));
    const answer = await connection.response({to: 'HEAD'});
    assert.equal(answer.status, 200, path);
  }
  await connection.send(head('GET', '/hello'));
  assert.equal((await connection.response()).body.toString(), 'hello');
  connection.close();
}

async function chunkedAnswerWithTrailers(world) {
  const answer = await exchange(world.port, head('GET', '/chunked', 'TE: trailers\r\n'));
  assert.equal(answer.body.toString(), 'alpha beta gamma');
  assert.equal(answer.trailers['x-checksum'], 'c0ffee');
}

async function chunkedUploadWithTrailers(world) {
  const body = pattern(300_000);
  const connection = await open(world);
  await connection.send(head('POST', '/digest', 'Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n'));
  for (let at = 0; at < body.length; at += 7001) {
    const piece = body.subarray(at, at + 7001);
    await connection.send(
        Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
  }
  await connection.send('0\r\nX-Sum: 17\r\n\r\n');
  const seen = JSON.parse((await connection.response()).body);
  assert.deepEqual([seen.length, seen.sha256], [body.length, digest(body)]);
  connection.close();
}

async function continueBeforeBody(world) {
  const connection = await open(world);
  await connection.send(head('POST', '/digest', 'Content-Length: 5\r\nExpect: 100-continue\r\n'));
  assert.equal((await connection.response({interim: true})).status, 100);
  await connection.send('12345');
  assert.equal(JSON.parse((await connection.response()).body).length, 5);
  connection.close();
}

async function closesWhenAsked(world) {
  const connection = await open(world);
  await connection.send(head('GET', '/hello', 'Connection: close\r\n'));
  const answer = await connection.response();
  assert.equal(answer.body.toString(), 'hello');
  assert.match(answer.headers.connection ?? '', /close/i);
  await connection.untilClosed();
}

async function upstreamClosesWeStay(world) {
  const connection = await open(world);
  for (let i = 0; i < 3; ++i) {
    await connection.send(head('GET', '/close'));
    assert.equal((await connection.response()).body.toString(), 'bye');
  }
  connection.close();
}

async function largeUpload(world) {
  const body = pattern(8_000_000, 11);
  const connection = await open(world);
  await connection.send(head('PUT', '/digest', `Content-Length: ${body.length}\r\n`));
  await connection.send(body);
  assert.equal(JSON.parse((await connection.response()).body).sha256, digest(body));
  connection.close();
}

async function largeDownload(world) {
  const answer = await exchange(world.port, head('GET', '/big'));
  assert.equal(digest(answer.body), digest(pattern(8_000_000)));
  assert.ok(answer.complete);
}

async function slowReader(world) {
  const connection = await open(world);
  connection.socket.pause();
  await connection.send(head('GET', '/big'));
  await new Promise(resolve => setTimeout(resolve, 300));
  connection.socket.resume();
  assert.equal(digest((await connection.response()).body), digest(pattern(8_000_000)));
  connection.close();
}

async function hopByHop(world) {
  await exchange(
      world.port,
      head(
          'GET', '/hello?hop',
          'Connection: X-Private, close\r\nX-Private: 1\r\nKeep-Alive: timeout=5\r\n' +
              'Proxy-Authorization: Basic Zm9v\r\nX-Public: 2\r\n'));
  const {headers} = world.scripted.last('/hello?hop');
  for (const name of ['x-private', 'keep-alive', 'proxy-authorization'])
    assert.equal(headers[name], undefined, name);
  assert.equal(headers['x-public'], '2');
  assert.equal(headers.host, 'www.example.test');
}

async function forwardingHeaders(world) {
  await get(world.port, '/hello?fwd', {
    'X-Forwarded-For': '203.0.113.77',
    Forwarded: 'for=203.0.113.77',
    'X-Real-IP': '203.0.113.77',
    'CF-Connecting-IP': '203.0.113.77',
    'Consent-Purposes': 'marketing'
  });
  const {headers, fields} = world.scripted.last('/hello?fwd');
  assert.equal(headers['x-real-ip'], '127.0.0.0');
  assert.equal(headers['x-forwarded-for'], '127.0.0.0');
  assert.equal(headers['x-forwarded-proto'], 'http');
  assert.equal(headers['x-forwarded-host'], 'www.example.test');
  assert.ok(!JSON.stringify(fields).includes('203.0.113.77'));
  assert.equal(headers['consent-purposes'], 'necessary');
}

async function cutShortIsSeen(world) {
  const answer = await exchange(world.port, head('GET', '/cut'));
  assert.equal(answer.complete, false);
}

async function gzipPage(world) {
  const answer = await exchange(world.port, head('GET', '/page.gz', 'Accept-Encoding: gzip\r\n'));
  assert.equal(answer.headers['content-encoding'], 'gzip');
  const text = gunzipSync(answer.body).toString();
  assert.match(text, /<p>Hello<\/p>/);
  assert.match(text, /id="?portvakt\b/);
}

async function zippedByNginx(world) {
  const answer =
      await get(world.port, '/', {Host: 'demo.test', 'Accept-Encoding': 'gzip, br', Connection: 'close'});
  const text = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body).toString() :
                                                               answer.body.toString();
  assert.match(text, /Kraft fra fjorden/);
  assert.match(text, /id="?portvakt\b/);
}

async function otherBodiesUntouched(world) {
  const image = await exchange(world.port, head('GET', '/image'));
  assert.ok(image.body.equals(pattern(70_001)));
  assert.equal(image.headers.etag, '"i"');
  assert.equal(image.headers['cache-control'], 'public, max-age=60');
  for (const path of ['/fjordverk.css', '/fjordverk.js', '/img/hero.svg']) {
    const direct = await get(world.demo.port, path, {Host: 'demo.test'});
    const through = await get(world.port, path, {Host: 'demo.test'});
    if (!path.endsWith('.svg')) assert.ok(direct.body.equals(through.body), path);
    assert.equal(through.status, 200, path);
  }
}

async function onlyInsertions(world) {
  const direct = (await get(world.scripted.port, '/page')).body.toString();
  const through = (await get(world.port, '/page')).body.toString();
  assert.ok(through.length > direct.length, 'something was inserted');
  let at = 0;
  for (const character of through)
    if (character === direct[at]) ++at;
  assert.equal(at, direct.length, 'the original is a subsequence of what arrived');
  const lines = direct.split(/(?=<)/).filter(Boolean);
  for (const piece of lines) assert.ok(through.includes(piece.trimEnd()), piece);
}

export const group = [
  'proxy', {
    prepare: () => startWorld(),
    finish: endWorld,
    tests: [
      ['serves fifty requests on one connection', manyOnOneConnection],
      ['answers pipelined requests in order', pipelined],
      ['sends no body to HEAD and keeps the connection usable', headHasNoBody],
      ['passes a chunked answer with its trailers', chunkedAnswerWithTrailers],
      ['passes a chunked upload byte for byte', chunkedUploadWithTrailers],
      ['says 100 before a body that waits for it', continueBeforeBody],
      ['closes after Connection: close', closesWhenAsked],
      ['keeps the client when the upstream closes', upstreamClosesWeStay],
      ['streams an upload of 8 MB byte for byte', largeUpload],
      ['streams a download of 8 MB byte for byte', largeDownload],
      ['waits for a slow reader and loses nothing', slowReader],
      ['forwards no hop-by-hop field', hopByHop],
      ['tells the upstream a truncated address only', forwardingHeaders],
      ['shows the client that an answer was cut short', cutShortIsSeen],
      ['rewrites a gzip page and sends gzip', gzipPage],
      ['rewrites what a real nginx compressed', zippedByNginx],
      ['leaves bodies that are not HTML byte-identical', otherBodiesUntouched],
      ['only inserts into a page without tags', onlyInsertions],
    ],
  }
];
