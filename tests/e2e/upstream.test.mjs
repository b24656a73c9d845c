// Several upstreams, what they are told of clients, and how Portvakt lives through their faults; PROXY
// headers in and out.
import assert from 'node:assert/strict';

import {Connection, get} from './support/http.mjs';
import {NginxOrigin} from './support/nginx_origin.mjs';
import {Portvakt} from './support/portvakt.mjs';
import {freePort, temporaryFolder} from './support/processes.mjs';
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


// Three nginx servers a, b and c behind one site; `site` may change what it says of them.
async function threeServers(
    site = servers => ({upstreams: servers.map(server => server.url)}), options = {}) {
  const folder = temporaryFolder();
  const servers = ['a', 'b', 'c'].map(name => new NginxOrigin(folder, name, options));
  for (const server of servers) await server.start();
  const portvakt = new Portvakt(folder);
  await portvakt.configure({sites: [{name: 'shop', hosts: ['www.example.test'], ...site(servers)}]});
  await portvakt.start();
  return {servers, portvakt, port: portvakt.port};
}

async function endServers(world) {
  await world.portvakt.stop();
  for (const server of world.servers) await server.stop();
}

// Counts the servers' names over `count` requests on one connection.
async function tally(world, count, path = '/') {
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  const counts = {a: 0, b: 0, c: 0};
  for (let i = 0; i < count; ++i) {
    await connection.send(request(path));
    const answer = await connection.response();
    assert.equal(answer.status, 200);
    ++counts[answer.body.toString()];
  }
  connection.close();
  return counts;
}

const upstreamMetric = (world, name, server) =>
    world.portvakt.metric(`portvakt_upstream_${name}`, `"${server.url}"`);

async function honoursWeights() {
  const world = await threeServers(
      servers => (
          {upstreams: [{url: servers[0].url, weight: 5}, servers[1].url, {weight: 4, url: servers[2].url}]}));
  const counts = await tally(world, 200);
  for (const [name, share] of [['a', 100], ['b', 20], ['c', 80]])
    assert.ok(Math.abs(counts[name] - share) <= 2, JSON.stringify(counts));
  assert.equal(await upstreamMetric(world, 'requests_total', world.servers[0]), counts.a);
  assert.equal(await upstreamMetric(world, 'up', world.servers[0]), 1);
  await endServers(world);
}

async function sameServerForAKey() {
  const world = await threeServers(
      servers =>
          ({upstreams: servers.map(server => server.url), balance: 'consistent_hash', hash_key: 'path'}));
  const seen = new Set();
  for (let i = 0; i < 30; ++i) {
    const counts = Object.entries(await tally(world, 3, `/p/${i}?q=${i}`)).filter(([, count]) => count > 0);
    assert.equal(counts.length, 1, 'one path, one server');
    seen.add(counts[0][0]);
  }
  assert.equal(seen.size, 3, 'but not one server for all paths');
  await endServers(world);
}

// Sends GETs on many connections until `until` resolves; tells how many got which answer.
async function load(world, until, connections = 12) {
  const statuses = {};
  let over = false;
  until.finally(() => {
    over = true;
  });
  const client = async () => {
    let connection = null;
    while (!over) {
      connection ??= await Connection.open({port: world.port, host: '127.0.0.1'});
      await connection.send(request('/'));
      const answer = await connection.response();
      const what = answer.complete ? answer.status : 'cut short';
      statuses[what] = (statuses[what] ?? 0) + 1;
      if (answer.status === 200) continue;
      connection.close();
      connection = null;
    }
    connection?.close();
  };
  await Promise.all([until, ...Array.from({length: connections}, client)]);
  return statuses;
}

async function survivesADeath() {
  const world = await threeServers();
  const [, victim] = world.servers;
  const requests = async server => (await upstreamMetric(world, 'requests_total', server)) ?? 0;
  const statuses = await load(
      world, (async () => {
        await eventually('the load runs', async () => await requests(victim) > 100);
        await victim.kill();
        await eventually(
            'it is left out', async () => await upstreamMetric(world, 'up', victim) === 0, 30_000);
        await victim.start();
        await eventually('it is back', async () => await upstreamMetric(world, 'up', victim) === 1, 60_000);
      })());
  assert.deepEqual(Object.keys(statuses), ['200'], JSON.stringify(statuses));
  assert.ok(await upstreamMetric(world, 'failures_total', victim) >= 5);
  const others = await upstreamMetric(world, 'retries_total', world.servers[0]) +
      await upstreamMetric(world, 'retries_total', world.servers[2]);
  assert.ok(others >= 5, 'others took over');
  const counts = await tally(world, 60);
  assert.ok(Math.abs(counts.b - 20) <= 2, `it has its share again: ${JSON.stringify(counts)}`);
  await endServers(world);
}

async function startsSlowly() {
  const world = await threeServers(
      servers => ({upstreams: servers.map(server => server.url), slow_start: '1h', retry: {percent: 100}}));
  const [, victim] = world.servers;
  await victim.kill();
  await eventually('it is left out', async () => {
    await tally(world, 6);
    return await upstreamMetric(world, 'up', victim) === 0;
  }, 30_000);
  await victim.start();
  await eventually('it is back', async () => {
    await tally(world, 3);
    return await upstreamMetric(world, 'up', victim) === 1;
  }, 60_000);
  const counts = await tally(world, 100);
  assert.ok(counts.b <= 3, JSON.stringify(counts));
  await endServers(world);
}

async function triesAllTheSame() {
  const world = await threeServers();
  for (const server of world.servers) await server.kill();
  for (let i = 0; i < 12; ++i) assert.equal((await get(world.port, '/')).status, 502);
  for (const server of world.servers)
    assert.equal(await upstreamMetric(world, 'up', server), 0, 'all are left out');
  assert.match(world.portvakt.errors, /no server is up; one was tried all the same/);
  for (const server of world.servers) await server.start();
  assert.equal((await get(world.port, '/')).status, 200, 'and asked at once when they are back');
  await endServers(world);
}

async function queues() {
  const world = await startWorld({
    demo: false,
    redis: false,
    change: config => {
      config.workers = 1;
      config.sites[0].upstreams = [{url: config.sites[0].upstreams[0], max_connections: 2}];
      config.sites[0].queue = {length: 2, timeout: '300ms'};
    }
  });
  // Two take the places for 600 ms, two wait in vain, one finds the queue full.
  const slow = () => get(world.port, '/slow');
  const first = [slow(), slow()];
  await eventually('both are under way', () => world.scripted.seen.length === 2);
  const waiting = [slow(), slow()];
  const statuses = [(await get(world.port, '/hello').then(answer => answer)).status];
  for (const answer of await Promise.all(waiting)) {
    statuses.push(answer.status);
    assert.equal(answer.headers['retry-after'], '2');
  }
  assert.deepEqual(statuses, [503, 503, 503]);
  for (const answer of await Promise.all(first)) assert.equal(answer.body.toString(), 'late but whole');
  // A short wait is served.
  const again = [get(world.port, '/n/1'), get(world.port, '/n/2'), get(world.port, '/n/3')];
  for (const answer of await Promise.all(again)) assert.equal(answer.status, 200);
  await endWorld(world);
}

export const groups = [
  [
    'several upstreams', {
      tests: [
        ['each gets its weight', honoursWeights],
        ['the same path goes to the same server', sameServerForAKey],
        ['one of three is killed and comes back under load: no request fails', survivesADeath],
        ['a server that comes back starts slowly', startsSlowly],
        ['all are down: they are tried all the same', triesAllTheSame],
        ['a server at its limit makes others wait, then 503', queues],
      ]
    }
  ],
  [
    'PROXY headers in', {
      prepare: proxiedWorld,
      finish: endWorld,
      tests: [
        ['the client is the one that a trusted proxy names', clientOfHeader],
        ['connections without a good header, or from others, are closed', closedWithout],
        ['a header may come byte by byte', headerInPieces],
      ]
    }
  ]
];
