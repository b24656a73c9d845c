// Changing what runs without losing a request: listeners that come and go with a reload, the drain and its
// bounds.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import net from 'node:net';

import {Connection, get} from './support/http.mjs';
import {accepts, freePort} from './support/processes.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const hello = 'GET /hello HTTP/1.1\r\nHost: www.example.test\r\n\r\n';
const limit = 30_000;

// Changes the configuration file and reloads; gives the answer of the admin listener.
async function reload(world, change) {
  const config = JSON.parse(readFileSync(world.portvakt.file, 'utf8'));
  change(config);
  writeFileSync(world.portvakt.file, JSON.stringify(config, null, 2));
  return world.portvakt.admin('/reload', 'POST');
}

async function listenersChange() {
  const world = await startWorld({demo: false, redis: false});
  const added = await freePort();
  assert.equal(
      (await reload(world, config => config.listen.push({address: `127.0.0.1:${added}`}))).status, 200);
  assert.equal((await get(added, '/hello')).status, 200);
  const stays = await Connection.open({port: world.port, host: '127.0.0.1'});
  const goes = await Connection.open({port: added, host: '127.0.0.1'});
  await goes.send(hello);
  assert.equal((await goes.response()).headers.connection, undefined);
  assert.equal((await reload(world, config => config.listen.pop())).status, 200);
  await eventually('the removed address is closed', async () => !await accepts(added), limit);
  await goes.send(hello);
  const last = await goes.response();
  assert.equal(last.status, 200);
  assert.equal(last.headers.connection, 'close');
  await goes.untilClosed(limit);
  await stays.send(hello);
  assert.equal((await stays.response()).headers.connection, undefined, 'an unchanged listener goes on');
  stays.close();
  await endWorld(world);
}

async function takenAddress() {
  const world = await startWorld({demo: false, redis: false});
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const {port} = other.address();
  const refused = await reload(world, config => {
    config.listen.push({address: `127.0.0.1:${port}`});
    config.sites[0].hosts.push('third.test');
  });
  assert.equal(refused.status, 422);
  assert.match(refused.body.toString(), new RegExp(`cannot bind 127\\.0\\.0\\.1:${port}`));
  assert.equal(await world.portvakt.metric('portvakt_config_last_reload_successful'), 0);
  assert.equal(
      (await get(world.port, '/hello', {Host: 'third.test'})).status, 421, 'nothing of it is in use');
  assert.equal((await get(world.port, '/hello')).status, 200);
  other.close();
  await endWorld(world);
}

async function adminMoves() {
  const world = await startWorld({demo: false, redis: false});
  const [old, next] = [world.portvakt.adminPort, await freePort()];
  const answer = await reload(world, config => {
    config.admin.address = `127.0.0.1:${next}`;
    config.workers = 3;
  });
  assert.equal(answer.status, 200, 'the old listener still answers the request that moved it');
  world.portvakt.adminPort = next;
  assert.equal((await world.portvakt.admin('/readyz')).status, 200);
  await eventually('the old one is gone', async () => !await accepts(old), limit);
  assert.match(world.portvakt.errors, /`workers` takes effect at a restart; 2 go on/);
  await endWorld(world);
}

async function delayBeforeDrain() {
  const world = await startWorld({
    demo: false,
    change: config => {
      config.limits = {drain_delay: '1h'};
    }
  });
  world.portvakt.signal('SIGTERM');
  await eventually(
      'it is not ready', async () => (await world.portvakt.admin('/readyz')).status === 503, limit);
  assert.equal((await get(world.port, '/hello?late')).status, 200, 'what still comes is served');
  world.portvakt.signal('SIGTERM');
  assert.deepEqual(await world.portvakt.child.exited, {code: 0, signal: null});
  await recordsOnceThat(world, 'example', records => records.some(record => record.path === '/hello'));
  await endWorld(world);
}

async function drainBound() {
  const world = await startWorld({
    demo: false,
    change: config => {
      config.limits = {drain_timeout: '300ms'};
    }
  });
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  await connection.send('GET /never HTTP/1.1\r\nHost: www.example.test\r\n\r\n');
  await eventually('the request is at the upstream', () => world.scripted.last('/never'), limit);
  world.portvakt.signal('SIGTERM');
  assert.deepEqual(await world.portvakt.child.exited, {code: 0, signal: null});
  assert.match(world.portvakt.errors, /1 connection\(s\) outlasted limits\.drain_timeout/);
  await recordsOnceThat(world, 'example', records => records.some(record => record.path === '/never'));
  await endWorld(world);
}

async function secondSignal() {
  const world = await startWorld({demo: false});
  const connection = await Connection.open({port: world.port, host: '127.0.0.1'});
  await connection.send('GET /never HTTP/1.1\r\nHost: www.example.test\r\n\r\n');
  await eventually('the request is at the upstream', () => world.scripted.last('/never'), limit);
  world.portvakt.signal('SIGTERM');
  await eventually('it drains', async () => !await accepts(world.port), limit);
  world.portvakt.signal('SIGINT');
  assert.deepEqual(await world.portvakt.child.exited, {code: 0, signal: null});
  await recordsOnceThat(world, 'example', records => records.some(record => record.path === '/never'));
  await endWorld(world);
}

export const group = [
  'restart', {
    tests: [
      ['a reload opens and closes listeners around those that stay', listenersChange],
      ['a reload with an address that is taken changes nothing', takenAddress],
      ['a reload moves the admin listener, and says what needs a restart', adminMoves],
      ['drain_delay: not ready, but still serving', delayBeforeDrain],
      ['drain_timeout cuts off what does not end, with its record', drainBound],
      ['a second signal ends at once, with the records', secondSignal],
    ],
  }
];
