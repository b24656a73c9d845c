// Starting, reloading, draining, TLS, admin: what an operator does.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Connection, exchange, get} from './support/http.mjs';
import {runPortvakt} from './support/portvakt.mjs';
import {accepts, freePort, temporaryFolder} from './support/processes.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const small = change => startWorld({demo: false, redis: false, change});

function certificate(folder, name) {
  const [file, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
        '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', file
      ],
      {stdio: 'ignore'});
  return {certificate: file, key};
}

async function brokenStart() {
  const folder = temporaryFolder();
  const file = join(folder, 'broken.yaml');
  writeFileSync(
      file,
      'listen:\n  - address: 127.0.0.1:0\n' +
          'sites:\n  - name: a\n    hosts: [a.test]\n    upstrams: [http://127.0.0.1:1]\n');
  const started = await runPortvakt('run', '--config', file);
  assert.equal(started.code, 78, started.output);
  assert.match(started.output, /broken\.yaml:6:\d+: error:/);
  assert.match(started.output, /upstreams/);
  const checked = await runPortvakt('check', '--config', file);
  assert.equal(checked.code, 1);
  assert.equal((await runPortvakt('run', '--config', join(folder, 'none.yaml'))).code, 78);
  assert.equal((await runPortvakt('run', '--no-such-option')).code, 2);
}

async function goodCheck() {
  const world = await small();
  assert.equal((await runPortvakt('check', '--config', world.portvakt.file)).code, 0);
  await endWorld(world);
}

async function reloads() {
  const world = await small();
  const {portvakt} = world;
  const config = JSON.parse(readFileSync(portvakt.file, 'utf8'));
  const generation = await portvakt.metric('portvakt_config_generation');
  config.sites[1].hosts.push('third.test');
  writeFileSync(portvakt.file, JSON.stringify(config, null, 2));
  assert.equal((await get(world.port, '/hello', {Host: 'third.test'})).status, 421);
  portvakt.signal('SIGHUP');
  await eventually(
      'the new host is served',
      async () => (await get(world.port, '/hello', {Host: 'third.test'})).status === 200);
  assert.ok(await portvakt.metric('portvakt_config_generation') > generation);
  assert.equal(await portvakt.metric('portvakt_config_last_reload_successful'), 1);
  writeFileSync(portvakt.file, 'sites: nonsense\n');
  portvakt.signal('SIGHUP');
  await eventually(
      'the metric tells of the refusal',
      async () => await portvakt.metric('portvakt_config_last_reload_successful') === 0);
  assert.equal((await get(world.port, '/hello', {Host: 'third.test'})).status, 200);
  assert.match(portvakt.errors, /portvakt\.yaml:1/);
  writeFileSync(portvakt.file, JSON.stringify(config, null, 2));
  assert.equal((await portvakt.admin('/reload', 'POST')).status, 200);
  assert.equal(await portvakt.metric('portvakt_config_last_reload_successful'), 1);
  await endWorld(world);
}

async function reloadUnderLoad() {
  const world = await small();
  let stop = false, served = 0;
  const failures = [];
  const load = Array.from({length: 4}, async () => {
    const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
    while (!stop) {
      await connection.send('GET /hello HTTP/1.1\r\nHost: www.example.test\r\n\r\n');
      const answer = await connection.response();
      if (answer.status !== 200 || !answer.complete) failures.push(answer.status);
      ++served;
    }
    connection.close();
  });
  for (let i = 0; i < 10; ++i) {
    world.portvakt.signal('SIGHUP');
    await new Promise(resolve => setTimeout(resolve, 60));
  }
  stop = true;
  await Promise.all(load);
  assert.deepEqual(failures, []);
  assert.ok(served > 20);
  await endWorld(world);
}

async function drains() {
  const world = await startWorld({demo: false});
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  await connection.send('GET /slow HTTP/1.1\r\nHost: www.example.test\r\n\r\n');
  await eventually('the request is at the upstream', () => world.scripted.last('/slow'));
  world.portvakt.signal('SIGTERM');
  const answer = await connection.response();
  assert.equal(answer.body.toString(), 'late but whole');
  assert.deepEqual(await world.portvakt.child.exited, {code: 0, signal: null});
  assert.equal(await accepts(world.port), false);
  await recordsOnceThat(world, 'example', records => records.some(record => record.path === '/slow'));
  await endWorld(world);
}

async function admin() {
  const world = await small();
  await get(world.port, '/hello');
  for (const [path, status] of [['/livez', 200], ['/readyz', 200], ['/metrics', 200], ['/nothing', 404]]) {
    assert.equal((await world.portvakt.admin(path)).status, status, path);
  }
  assert.equal((await get(world.port, '/metrics')).status, 404, 'the site itself has no metrics');
  const text = (await world.portvakt.admin('/metrics')).body.toString();
  for (const name
           of ['portvakt_requests_total', 'portvakt_request_seconds', 'portvakt_records_total',
               'portvakt_spool_bytes', 'portvakt_config_generation', 'portvakt_build_info']) {
    assert.match(text, new RegExp(`^${name}`, 'm'));
  }
  for (const line of text.split('\n')) assert.match(line, /^$|^#|^portvakt_\w+(\{[^}]*\})? [-+\deE.infNa]+$/);
  assert.ok(await world.portvakt.metric('portvakt_requests_total', 'site="example"') >= 1);
  await endWorld(world);
}

async function secure() {
  const folder = temporaryFolder();
  const port = await freePort();
  const certificates = ['www.example.test', 'other.test'].map(name => certificate(folder, name));
  const world =
      await small(config => config.listen.push({address: `127.0.0.1:${port}`, tls: {certificates}}));
  for (const name of ['www.example.test', 'other.test']) {
    const secured =
        await Connection.open({port, host: '127.0.0.1'}, {servername: name, rejectUnauthorized: false});
    assert.equal(secured.socket.getPeerCertificate().subject.CN, name);
    await secured.send(`GET /hello?tls HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
    assert.equal((await secured.response()).body.toString(), 'hello');
    assert.equal(world.scripted.last('/hello?tls').headers['x-forwarded-proto'], 'https');
    secured.close();
  }
  const body = 'choice=reject-all';
  const fields = [
    'Host: other.test', 'Origin: https://other.test', `Content-Length: ${body.length}`,
    'Content-Type: application/x-www-form-urlencoded'
  ];
  const request = `POST /.privacy/choice HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
  const answer = await exchange(port, request, {tls: {servername: 'other.test', rejectUnauthorized: false}});
  assert.match(answer.all('set-cookie').join(), /; *Secure/i);
  assert.ok(await world.portvakt.metric('portvakt_certificate_expiry_timestamp_seconds') > Date.now() / 1000);
  const plain = await exchange(port, 'GET / HTTP/1.1\r\nHost: other.test\r\n\r\n', {
                  limit: 3000
                }).catch(() => ({status: 0}));
  assert.notEqual(plain.status, 200, 'plain text on the TLS port is not served');
  await endWorld(world);
}

async function outlivesRedis() {
  const world = await startWorld({demo: false});
  await world.redis.stop('SIGKILL');
  for (let i = 0; i < 20; ++i) assert.equal((await get(world.port, `/n/${i}`)).status, 200);
  await world.redis.start();
  const records = await recordsOnceThat(
      world, 'example', list => list.filter(record => record.path.startsWith('/n/')).length >= 20, 'requests',
      40_000);
  assert.equal(new Set(records.map(record => record.id)).size, records.length);
  await endWorld(world);
}

export const group = [
  'operation', {
    tests: [
      ['a broken configuration is refused at start with its place', brokenStart],
      ['a good configuration passes the check', goodCheck],
      ['a reload takes a good file and refuses a bad one', reloads],
      ['reloading under load fails no request', reloadUnderLoad],
      ['SIGTERM lets the running request end', drains],
      ['the admin listener tells health and metrics', admin],
      ['TLS chooses the certificate by name', secure],
      ['records wait while Redis is away', outlivesRedis],
    ],
  }
];
