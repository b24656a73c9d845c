// One load over all its peers: answers are looked at first, then every peer takes its turn, round by round.
// What counts is processor time of the whole proxy per request; Portvakt's includes that its records are in
// Redis.
import {daysOf, streamOf} from '../../scripts/lib/redis.mjs';
import {exchange} from '../e2e/support/http.mjs';
import {eventually} from '../e2e/support/suite.mjs';

import {cpuMicroseconds, systemCalls} from './cpu.mjs';
import {send} from './generator.mjs';
import {median, ratioOf} from './statistics.mjs';

async function checkAnswer(load, peer) {
  const fields =
      Object.entries({Host: load.host, ...load.headers}).map(([name, value]) => `${name}: ${value}\r\n`);
  const secure = load.port === 'tls' ? {rejectUnauthorized: false, servername: load.host} : null;
  const answer = await exchange(
      peer.ports[load.port], `GET ${load.path} HTTP/1.1\r\n${fields.join('')}Connection: close\r\n\r\n`,
      {tls: secure});
  if (answer.status !== 200 || !answer.complete || !load.right(answer))
    throw new Error(
        `${load.name}: ${peer.name} gives a wrong answer (${answer.status}, ${answer.body.length} bytes)`);
}

export class Measurement {
  constructor(stage) { this.stage = stage; }

  // How many access records are in Redis, of all sites and days.
  async #records() {
    let count = 0;
    for (const site of ['bench', 'plain']) {
      for (const day of await daysOf(this.stage.client, site))
        count += await this.stage.client.call('XLEN', streamOf(site, day, 'requests'));
    }
    return count;
  }

  // Sends and, for Portvakt, waits until every one of the requests is a record.
  async #send(load, peer, requests) {
    if (peer.name !== 'portvakt') return send(load, peer.ports[load.port], requests);
    const before = await this.#records();
    await send(load, peer.ports[load.port], requests);
    let came = 0;
    await eventually(`${requests} records in Redis`, async () => {
      came = await this.#records() - before;
      return came >= requests;
    }, 60_000);
    if (came !== requests) throw new Error(`${load.name}: ${came} records of ${requests} requests`);
  }

  async #slice(load, peer, requests) {
    const before = cpuMicroseconds(peer.pid);
    await this.#send(load, peer, requests);
    return (cpuMicroseconds(peer.pid) - before) / requests;
  }

  // {peer name: {cost: median µs, ratio to the first peer, calls per request}}
  async run(load, peers, {rounds, share}) {
    const requests = Math.max(load.connections, Math.round(load.requests * share));
    const costs = new Map(peers.map(peer => [peer, []]));
    for (const peer of peers) {
      await checkAnswer(load, peer);
      if (peer.name === 'portvakt') await this.#settle();
      await this.#send(load, peer, Math.max(load.connections, requests >> 2));
    }
    for (let round = 0; round < rounds; ++round) {
      for (let turn = 0; turn < peers.length; ++turn) {
        const peer = peers[(round + turn) % peers.length];
        costs.get(peer).push(await this.#slice(load, peer, requests));
      }
    }
    const result = {};
    for (const peer of peers) {
      const calls = await systemCalls(peer.pid, () => this.#send(load, peer, requests >> 1));
      result[peer.name] = {
        cost: median(costs.get(peer)),
        ratio: ratioOf(costs.get(peer), costs.get(peers[0])),
        calls: calls / (requests >> 1)
      };
    }
    return result;
  }

  // Until the records of single requests have come too.
  async #settle() {
    for (let last = -1, now = await this.#records(); now !== last;) {
      last = now;
      await new Promise(resolve => setTimeout(resolve, 300));
      now = await this.#records();
    }
  }
}
