// Nasty requests by the thousand: persons, secrets, addresses, cookies and browsers in every place that a
// request has, and everything that is written anywhere searched for them. Then values that would break a
// line, a terminal or a reader.
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {Redis} from '../../scripts/lib/redis.mjs';

import {Connection, exchange, get} from './support/http.mjs';
import {program, runPortvakt} from './support/portvakt.mjs';
import {freePort, startProcess, stopProcess} from './support/processes.mjs';
import {kinds, randomFrom, SecretSearch, wrapped} from './support/secrets.mjs';
import {eventually} from './support/suite.mjs';
import {choose, endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

export const settings = {
  requests: 5_000
};
const lanes = 6, batch = 25;
const seed = 20261127;

// What must nowhere be: the marks stand in every raw User-Agent and every cookie value.
const browserMark = 'Sealskin', cookieMark = 'crumbsecret';

const address = random => `${random.pick([81, 92, 193])}.${10 + random.below(240)}.${1 + random.below(250)}.${
    1 + random.below(253)}`;

// One request with a secret in some place of it. `search` learns what may not be found.
function nastyRequest(i, random, search) {
  const kind = random.pick(Object.keys(kinds));
  const {plain, written} = kinds[kind](random);
  search.add(kind, plain);
  const value = wrapped(written, random), form = value.replaceAll('+', '%2B');
  const ip = address(random);
  search.add('full address', ip);
  let target = `/kept${i}/page`;
  let referrer = 'https://search.example/find?q=x';
  let agent =
      `Mozilla/5.0 (X11; Linux x86_64; ${browserMark} ${random.digits(6)}) Gecko/20100101 Firefox/133.0`;
  const place = random.below(9);
  if (place === 0) target += `/${form}`;
  if (place === 1) target += `/x-${form}/edit`;
  if (place === 2) target += `?page=${form}`;
  if (place === 3) target += `?unknown=${form}&page=1`;
  if (place === 4) target += `?utm_source=letter&utm_term=${form}`;
  if (place === 5) referrer = `http://www.example.test/a/${form}?b=${form}`;
  if (place === 6) referrer = `https://elsewhere.example/a/${form}?b=${form}`;
  if (place === 7)
    agent = `${written.replaceAll(/[^A-Za-z0-9.@_-]/g, '')}/7 CFNetwork/978.0.7 Darwin/18.5.0 ${browserMark}`;
  if (place === 8) target += `;jsessionid=${form}`;
  const forwarded = random.pick([
    `X-Forwarded-For: ${ip}`, `Forwarded: for="${ip}:${1024 + random.below(60000)}"`,
    `X-Forwarded-For: ::ffff:${ip}`
  ]);
  return `GET ${target} HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: ${agent}\r\nReferer: ${
             referrer}\r\n` +
      `${forwarded}\r\nCookie: basket=${cookieMark}${random.digits(8)}; _ga=${cookieMark}${
             random.digits(8)}\r\n\r\n`;
}

// Several connections, each with a batch of requests under way.
async function sendAll(port, requests) {
  let next = 0;
  const lane = async () => {
    const connection = await Connection.open({port, host: '127.0.0.1'});
    while (next < requests.length) {
      const mine = requests.slice(next, next += batch);
      await connection.send(mine.join(''));
      for (let i = 0; i < mine.length; ++i) assert.ok((await connection.response({limit: 60_000})).complete);
    }
    connection.close();
  };
  await Promise.all(Array.from({length: lanes}, lane));
}

// The same secrets in what a page's script tells; only paths and targets can hold one.
async function tellAll(world, random, search, count) {
  const {cookie} = await choose(world, 'accept-all');
  for (let i = 0; i < count; ++i) {
    const kind = random.pick(Object.keys(kinds));
    const {plain, written} = kinds[kind](random);
    search.add(kind, plain);
    const value = wrapped(written, random);
    const body = random.pick([
      `view\nm\n\n/kept/${value}\n`, `download\nm\n\n/kept\n/files/${value}`,
      `outbound\nm\n\n/kept\nhttps://elsewhere.example/${value}`
    ]);
    await get(
        world.port, '/.privacy/note',
        {Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', 'Content-Length': Buffer.byteLength(body)},
        {method: 'POST', body});
  }
}

function filesBelow(folder) {
  return readdirSync(folder, {withFileTypes: true})
      .flatMap(
          entry => entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]);
}

// The reports read what there is into their store; `last` is a path that shows that they are done.
async function withReports(world, last, body) {
  const reports = startProcess(
      program, ['insights', '--config', world.portvakt.file, '--listen', `127.0.0.1:${await freePort()}`]);
  const store = join(world.portvakt.folder, 'insights.db');
  const bytes = () => [store, `${store}-wal`].filter(existsSync).map(file => readFileSync(file));
  try {
    await eventually(
        'the reports hold the last record', () => bytes().some(part => part.includes(last)), 120_000);
    return await body(bytes());
  } finally { await stopProcess(reports); }
}

async function everythingWritten(world, last) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  await redis.call('SAVE');
  redis.close();
  const written = [];
  for (const file of [...filesBelow(world.redis.folder), ...filesBelow(world.portvakt.folder)]) {
    if (!file.endsWith('portvakt.yaml') && !file.includes('insights.db'))
      written.push([file, readFileSync(file)]);
  }
  written.push(['standard error', Buffer.from(world.portvakt.child.output)]);
  written.push(['metrics', (await world.portvakt.admin('/metrics')).body]);
  const dump = await runPortvakt('record', 'dump', join(world.portvakt.folder, 'spool'));
  assert.equal(dump.code, 0, dump.output.slice(0, 300));
  written.push(['record dump', Buffer.from(dump.output)]);
  await withReports(
      world, last, parts => written.push(...parts.map((bytes, i) => [`store of the reports ${i}`, bytes])));
  return written;
}

async function searchEverything(world) {
  const random = randomFrom(seed), search = new SecretSearch();
  const requests = Array.from({length: settings.requests}, (_, i) => nastyRequest(i, random, search));
  const last = `/kept${settings.requests}/last`;
  await sendAll(world.port, requests);
  await tellAll(world, random, search, 30);
  await get(
      world.port, last,
      {'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0'});
  const records = await recordsOnceThat(
      world, 'example', list => list.some(({path}) => path === last), 'requests', 120_000);
  assert.ok(records.filter(({path}) => path?.startsWith('/kept')).length > settings.requests);
  const written = await everythingWritten(world, last);
  for (const want
           of ['dump.rdb', 'appendonly', '.segment', 'standard error', 'record dump', 'store of the reports'])
    assert.ok(written.some(([name, bytes]) => name.includes(want)), `${want} was searched`);
  const hits = [];
  for (const [name, bytes] of written) {
    for (const [kind, count] of search.find(bytes)) hits.push(`${name}: ${count} times a ${kind}`);
    for (const mark of [browserMark, cookieMark])
      if (bytes.includes(mark))
        hits.push(`${name}: ${mark === browserMark ? 'a raw User-Agent' : 'a cookie value'}`);
  }
  assert.deepEqual(hits.slice(0, 8), []);
  // The same search does find all of it in what was sent, and what may be kept in what was written.
  const sent = search.find(Buffer.from(requests.join('').replaceAll(/%2[05]/g, ' ')));
  for (const kind of [...Object.keys(kinds), 'full address'])
    assert.ok((sent.get(kind) ?? 0) > 3, `${kind} was sent ${sent.get(kind) ?? 0} times as it is`);
  for (const want of ['appendonly', '.segment', 'record dump'])
    assert.ok(
        written.some(([name, bytes]) => name.includes(want) && bytes.includes(last)),
        `${want} holds records`);
  const size = written.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  console.log(`       ${requests.length} nasty requests; ${written.length} places, ${size} bytes searched`);
}

// What would end a line, command a terminal, or not be text at all.
const breaking = [
  '%0d%0aGET%20/x', '%0a%7b%22id%22%3a1%7d', '%00', '%1b%5b31mred%1b%5b0m', '%c2%9b31m', '%ff%fe',
  '%e2%80%a8', '%ed%a0%80', '%22%7d%0a', '%0d%0a*1%0d%0a$8%0d%0aFLUSHALL%0d%0a', '%7f', '\\u0000', '%5c%22'
];

async function injections(world) {
  let sent = 0;
  for (const value of breaking) {
    await get(world.port, `/broken/${value}?page=${value}&utm_source=${value}`, {
      Referer: `http://www.example.test/${value}`,
      'User-Agent': `${decodeURIComponent('%C3%A6')}\xff/1 CFNetwork/1`
    });
    await get(
        world.port, '/broken',
        {Referer: `https://${value}.example/`, 'User-Agent': `Mozilla "}'{ \\ ${value}`});
    sent += 2;
  }
  // These are refused whole, and recorded as refused.
  for (const head of [`X: a\x1b[31m\0`, `User-Agent: ${'u'.repeat(65_536)}`, 'Referer: a\rb'])
    await exchange(world.port, `GET /broken HTTP/1.1\r\nHost: www.example.test\r\n${head}\r\n\r\n`)
        .catch(() => {});
  await get(world.port, `/broken/${'p'.repeat(7000)}`);
  await get(
      world.port, '/broken',
      {Referer: `http://www.example.test/${'r'.repeat(7000)}`, 'User-Agent': 'z'.repeat(7000)});
  await get(world.port, '/broken/end');
  const records =
      await recordsOnceThat(world, 'example', list => list.some(({path}) => path === '/broken/end'));
  assert.ok(records.filter(({path}) => path?.startsWith('/broken')).length >= sent + 3, 'one record each');
  const names = new Set(
      ('entry id t site method path status bytes ms ip country isp browser browser_version os device referrer ' +
       'campaign purposes blocked policy visitor session screen')
          .split(' '));
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      assert.ok(names.has(name), 'only known fields');
      assert.ok(!/[\u0000-\u001f\u007f-\u009f]/.test(value), `no control character in ${name}`);
      assert.ok(value.length <= 2048, `${name} is bounded`);
    }
  }
  const {output} = await runPortvakt('record', 'dump', join(world.portvakt.folder, 'spool'));
  const lines = output.split('\n').filter(Boolean).map(line => JSON.parse(line));
  assert.ok(lines.some(({path}) => path === '/broken/end'), 'the dump is JSON, line by line, to its end');
  await withReports(world, '/broken/end', () => {});
}

export const group = [
  'nasty requests', {
    prepare: () => startWorld({
      demo: false,
      change: config => {
        config.trusted_proxies = ['127.0.0.1/32'];
        config.sites[0].log = {query_allow: ['page']};
      }
    }),
    finish: endWorld,
    tests: [
      ['values that break lines, terminals and readers break nothing', injections],
      ['nothing of a person is in anything written', searchEverything],
    ],
  }
];
