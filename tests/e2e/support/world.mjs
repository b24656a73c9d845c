// What most groups of tests stand on: Redis, the demo company's nginx, a scripted upstream, and Portvakt
// before them.
import {readRecords, Redis} from '../../../scripts/lib/redis.mjs';

import {get} from './http.mjs';
import {Portvakt} from './portvakt.mjs';
import {DemoOrigin, freePort, RedisServer, temporaryFolder} from './processes.mjs';
import {ScriptedOrigin} from './scripted_origin.mjs';
import {eventually} from './suite.mjs';

export async function startWorld(
    {change = () => {}, moreSites = [], demo = true, redis = true, serverBlocks} = {}) {
  const world = {folder: temporaryFolder(), scripted: new ScriptedOrigin()};
  await world.scripted.start();
  if (demo) {
    world.demo = new DemoOrigin(world.folder);
    await world.demo.start({serverBlocks});
  }
  if (redis) {
    world.redis = new RedisServer(world.folder);
    await world.redis.start();
  }
  const sites = [
    {
      name: 'example',
      hosts: ['www.example.test', 'example.test'],
      upstreams: [`http://127.0.0.1:${world.scripted.port}`],
      cookies: {basket: 'necessary'}
    },
    {name: 'other', hosts: ['other.test'], upstreams: [`http://127.0.0.1:${world.scripted.port}`]},
    {name: 'dead', hosts: ['dead.test'], upstreams: [`http://127.0.0.1:${await freePort()}`]}, ...moreSites
  ];
  if (demo)
    sites.push({name: 'demo', hosts: ['demo.test'], upstreams: [`http://127.0.0.1:${world.demo.port}`]});
  world.portvakt = new Portvakt(world.folder);
  await world.portvakt.configure({sites, redis: world.redis, change});
  await world.portvakt.start();
  world.port = world.portvakt.port;
  return world;
}

export async function endWorld(world) {
  await world.portvakt?.stop();
  await world.redis?.stop();
  await world.demo?.stop();
  await world.scripted?.stop();
}

// Waits until `enough(records)` of a site is true, and gives the records.
export async function recordsOnceThat(world, site, enough, kind = 'requests', limit = 15_000) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  let records = [];
  try {
    await eventually(
        `the ${kind} of ${site} in Redis`, async () => enough(records = await readRecords(redis, site, kind)),
        limit);
    return records;
  } catch (error) { throw new Error(`${error.message}; ${records.length} came`); } finally {
    redis.close();
  }
}

// Makes a choice as the banner's form does and gives the consent cookie as `name=value`.
export async function choose(world, choice, {host = 'www.example.test', purposes = [], cookie = ''} = {}) {
  const body =
      [`choice=${choice}`, ...purposes.map(purpose => `purpose=${purpose}`), 'return=%2Fpage'].join('&');
  const answer = await get(
      world.port, '/.privacy/choice', {
        Host: host,
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': body.length,
        Origin: `http://${host}`,
        'Sec-Fetch-Site': 'same-origin',
        ...(cookie ? {Cookie: cookie} : {})
      },
      {method: 'POST', body});
  const set = answer.all('set-cookie').find(field => field.startsWith('portvakt='));
  return {answer, set, cookie: set?.split(';')[0]};
}
