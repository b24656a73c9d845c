// HTTP/2 with a client that we did not write (Node's, which is nghttp2's other end), over TLS and in
// cleartext: many requests at once, both directions at full size, and the product on top as over HTTP/1.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import http2 from 'node:http2';
import {join} from 'node:path';

import {freePort, startProcess, temporaryFolder} from './support/processes.mjs';
import {digest, pattern} from './support/scripted_origin.mjs';
import {eventually, withLimit} from './support/suite.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const authority = 'www.example.test';

function certificate(folder) {
  const [file, key] = [join(folder, 'h2.pem'), join(folder, 'h2.key')];
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${authority}`, '-addext',
        `subjectAltName=DNS:${authority}`, '-keyout', key, '-out', file
      ],
      {stdio: 'ignore'});
  return {certificate: file, key};
}

async function prepare() {
  const tlsPort = await freePort();
  const folder = temporaryFolder();
  const world = await startWorld({
    demo: false,
    change: config =>
        config.listen.push({address: `127.0.0.1:${tlsPort}`, tls: {certificates: [certificate(folder)]}})
  });
  return Object.assign(world, {tlsPort});
}

// One connection, given to `use` and ended after it.
async function connected(world, secure, use) {
  const client = secure ?
      http2.connect(
          `https://${authority}:${world.tlsPort}`,
          {host: '127.0.0.1', servername: authority, rejectUnauthorized: false, lookup: toLoopback}) :
      http2.connect(`http://127.0.0.1:${world.port}`);
  client.on('error', () => {});
  try {
    return await use(client);
  } finally { client.destroy(); }
}

function toLoopback(name, options, callback) {
  options.all ? callback(null, [{address: '127.0.0.1', family: 4}]) : callback(null, '127.0.0.1', 4);
}

// One request: {status, headers, body, trailers, reset}.
function ask(client, path, {method = 'GET', headers = {}, body, trailers} = {}) {
  const stream = client.request(
      {':path': path, ':method': method, ':authority': authority, ...headers},
      {endStream: body === undefined, waitForTrailers: trailers !== undefined});
  const answer = {stream, trailers: {}, body: Buffer.alloc(0)};
  const pieces = [];
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  if (body !== undefined) stream.end(body);
  stream.on('trailers', fields => {
    answer.trailers = fields;
  });
  stream.on('data', bytes => pieces.push(bytes));
  const whole = new Promise(resolve => {
    stream.on('response', fields => {
      answer.headers = fields;
      answer.status = fields[':status'];
    });
    stream.on('error', error => {
      answer.error = error;
    });
    stream.on('close', () => {
      answer.body = Buffer.concat(pieces);
      answer.reset = stream.rstCode;
      resolve(answer);
    });
  });
  return withLimit(whole, 60_000, path);
}

const both = test => async world => {
  for (const secure of [false, true]) await connected(world, secure, client => test(client, world, secure));
};

async function get(client, world, secure) {
  const answer = await ask(client, '/hello?x=1');
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), 'hello');
  if (secure) assert.equal(client.alpnProtocol, 'h2');
  const {headers} = world.scripted.last('/hello?x=1');
  assert.equal(headers.host, authority);
  assert.equal(headers['x-forwarded-proto'], secure ? 'https' : 'http');
  assert.equal(headers['x-forwarded-for'], '127.0.0.0');
}

async function bodiesBothWays(client) {
  const upload = pattern(5_000_000, 11);
  const [up, down] =
      await Promise.all([ask(client, '/digest', {method: 'POST', body: upload}), ask(client, '/big')]);
  assert.equal(JSON.parse(up.body).sha256, digest(upload));
  assert.equal(digest(down.body), digest(pattern(8_000_000)));
}

async function trailersBothWays(client) {
  const answer = await ask(
      client, '/chunked',
      {method: 'POST', headers: {te: 'trailers'}, body: 'abc', trailers: {'x-sum': '17'}});
  assert.equal(answer.body.toString(), 'alpha beta gamma');
  assert.equal(answer.trailers['x-checksum'], 'c0ffee');
}

async function hundredAtOnce(client) {
  const answers = await Promise.all(Array.from({length: 100}, (_, i) => ask(client, `/image?n=${i}`)));
  const expected = digest(pattern(70_001));
  assert.ok(answers.every(({status, body}) => status === 200 && digest(body) === expected));
}

async function slowReaderAlone(client) {
  const slow = client.request({':path': '/big', ':authority': authority});
  slow.on('error', () => {});
  await withLimit(new Promise(resolve => slow.once('response', resolve)), 20_000, 'the slow answer');
  slow.pause();
  for (let i = 0; i < 5; ++i) assert.equal((await ask(client, '/image')).body.length, 70_001);
  const pieces = [];
  slow.on('data', bytes => pieces.push(bytes)).resume();
  await withLimit(new Promise(resolve => slow.once('end', resolve)), 60_000, 'the slow answer\'s end');
  assert.equal(digest(Buffer.concat(pieces)), digest(pattern(8_000_000)));
}

async function headAndEmpty(client) {
  const head = await ask(client, '/image', {method: 'HEAD'});
  assert.deepEqual([head.status, head.body.length, head.headers.etag], [200, 0, '"i"']);
  assert.equal((await ask(client, '/empty')).status, 204);
  assert.equal((await ask(client, '/nothing-here')).status, 404);
}

async function cutShortIsReset(client) {
  const answer = await ask(client, '/cut');
  assert.equal(answer.status, 200);
  assert.equal(answer.reset, http2.constants.NGHTTP2_INTERNAL_ERROR);
  assert.equal((await ask(client, '/hello')).body.toString(), 'hello');
}

async function refusedAlone(client) {
  const other = ask(client, '/hello', {headers: {':authority': 'nowhere.test'}});
  const large = ask(client, '/hello', {headers: {'x-large': 'x'.repeat(40_000)}});
  assert.equal((await other).status, 421);
  assert.equal((await large).status, 431);
  assert.equal((await ask(client, '/hello')).status, 200);
}

async function bannerAndConsent(client, world, secure) {
  const first = await ask(client, '/tracked', {headers: {accept: 'text/html'}});
  assert.match(first.body.toString(), /id="portvakt"/);
  assert.doesNotMatch(first.body.toString(), /src="https:\/\/www\.facebook\.com/);
  const choice = await ask(client, '/.privacy/choice', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: `${secure ? 'https' : 'http'}://${authority}`,
      'sec-fetch-site': 'same-origin'
    },
    body: 'choice=accept-all&return=%2Ftracked'
  });
  assert.equal(choice.status, 303);
  const cookie = choice.headers['set-cookie'].find(field => field.startsWith('portvakt=')).split(';')[0];
  const then = await ask(client, '/tracked', {headers: {accept: 'text/html', cookie: ['a=1', cookie]}});
  assert.match(then.body.toString(), /src="https:\/\/www\.facebook\.com/);
}

async function everyExchangeIsRecorded(world) {
  await connected(world, true, async client => {
    await Promise.all(Array.from({length: 40}, () => ask(client, '/n/counted')));
    const gone = client.request({':path': '/never?counted', ':authority': authority});
    gone.on('error', () => {});
    await eventually('the request reached the upstream', () => world.scripted.last('/never?counted'));
    gone.close(http2.constants.NGHTTP2_CANCEL);
    const records = await recordsOnceThat(
        world, 'example',
        all => all.filter(({path}) => path === '/n/counted').length === 40 &&
            all.some(({path, status}) => path === '/never' && status === '499'));
    assert.equal(new Set(records.map(({id}) => id)).size, records.length);
  });
}

async function loadTool(world) {
  const tool = startProcess('h2load', [
    '-n', '2000', '-c', '4', '-m', '20', '-H', `:authority: ${authority}`,
    `https://127.0.0.1:${world.tlsPort}/n/load`
  ]);
  const {error} = await withLimit(tool.exited, 120_000, 'h2load');
  if (error?.code === 'ENOENT') return;
  assert.match(tool.output, /2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed/);
  assert.match(tool.output, /2000 2xx/);
}

async function floodIsCounted(world) {
  await connected(world, false, async client => {
    const goaway = new Promise(resolve => client.once('goaway', resolve));
    const closed = new Promise(resolve => client.once('close', resolve));
    for (let i = 0; i < 600 && !client.destroyed; ++i) {
      const stream = client.request({':path': '/never', ':authority': authority});
      stream.on('error', () => {});
      stream.on('ready', () => stream.close(http2.constants.NGHTTP2_CANCEL));
    }
    await withLimit(Promise.race([goaway, closed]), 20_000, 'the end of the connection');
  });
  await eventually(
      'the flood is counted',
      async () => await world.portvakt.metric('portvakt_http2_abuse_total', 'kind="resets_received"') >= 1);
  await connected(world, false, async client => assert.equal((await ask(client, '/hello')).status, 200));
}

export const group = [
  'HTTP/2', {
    prepare,
    finish: endWorld,
    tests: [
      ['a request is answered over TLS and in cleartext', both(get)],
      ['large bodies pass in both directions at once', both(bodiesBothWays)],
      ['trailers pass', both(trailersBothWays)],
      ['a hundred requests at once are all answered', both(hundredAtOnce)],
      ['who is slow on one stream does not stop the others', both(slowReaderAlone)],
      ['answers without a body end with their head', both(headAndEmpty)],
      ['an answer cut short is a stream reset', both(cutShortIsReset)],
      ['a refused request leaves the others alone', both(refusedAlone)],
      ['the banner comes and a choice is kept', both(bannerAndConsent)],
      ['every exchange is recorded once', everyExchangeIsRecorded],
      ['h2load gets every answer', loadTool],
      ['a flood of resets ends the connection and is counted', floodIsCounted],
    ]
  }
];
