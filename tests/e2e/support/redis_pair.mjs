// Two Redis servers, master and replica, each behind a relay, and a sentinel over them: what a failover
// needs. Everybody, the sentinel and the replication too, goes through the relays.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Redis} from '../../../scripts/lib/redis.mjs';

import {freePort, startProcess, stopProcess, untilAccepting} from './processes.mjs';
import {Relay} from './relay.mjs';
import {eventually} from './suite.mjs';

class PairedRedis {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, {recursive: true});
  }

  async start(more = []) {
    if (!this.relay) {
      this.port = await freePort();
      this.relay = new Relay(this.port);
      await this.relay.start();
    }
    this.child = startProcess('redis-server', [
      '--port',
      this.port,
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--repl-diskless-sync-delay',
      '0',
      '--replica-announce-ip',
      '127.0.0.1',
      '--replica-announce-port',
      this.relay.port,
      '--stream-node-max-bytes',
      16384,
      ...more
    ].map(String));
    await untilAccepting('redis-server', this.child, this.port);
  }

  // Past the relay; null if it does not answer as it should.
  async ask(...words) {
    const redis = await Redis.open({port: this.port, host: '127.0.0.1'}).catch(() => null);
    if (!redis) return null;
    try {
      return await redis.call(...words);
    } catch { return null; } finally {
      redis.close();
    }
  }
  stop(signal) { return stopProcess(this.child, signal); }
}

export class RedisPair {
  constructor(folder) {
    this.folder = folder;
    this.servers = ['one', 'two'].map(name => new PairedRedis(join(folder, `redis-${name}`)));
  }

  async start() {
    const [one, two] = this.servers;
    await one.start();
    await two.start(['--replicaof', '127.0.0.1', one.relay.port]);
    this.port = await freePort();
    const folder = join(this.folder, 'sentinel');
    mkdirSync(folder);
    const file = join(folder, 'sentinel.conf');
    writeFileSync(
        file,
        `port ${this.port}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor shop 127.0.0.1 ${one.relay.port} 1
sentinel down-after-milliseconds shop 1000\nsentinel failover-timeout shop 3000\n`);
    this.sentinel = startProcess('redis-server', [file, '--sentinel']);
    await untilAccepting('the sentinel', this.sentinel, this.port);
    // It looks more often than it would outside of tests.
    const redis = await Redis.open({port: this.port, host: '127.0.0.1'});
    await redis.call(
        'SENTINEL', 'DEBUG', 'info-period', '500', 'ping-period', '200', 'publish-period', '500');
    redis.close();
    await this.settled();
  }

  get url() { return `redis+sentinel://127.0.0.1:${this.port}/shop`; }

  // Undefined while it does not answer.
  async #ask(...words) {
    const redis = await Redis.open({port: this.port, host: '127.0.0.1'}).catch(() => null);
    if (!redis) return undefined;
    try {
      return await redis.call(...words);
    } catch { return undefined; } finally {
      redis.close();
    }
  }

  async #named() { return Number((await this.#ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'shop'))?.[1]); }

  // It can make this one the master.
  async #knows(replica) {
    const known = (await this.#ask('SENTINEL', 'REPLICAS', 'shop')) ?? [];
    return known.some(fields => {
      const field = name => fields[fields.indexOf(name) + 1];
      return Number(field('port')) === replica.relay.port && field('flags') === 'slave' &&
          field('master-link-status') === 'ok';
    });
  }

  // The server that the sentinel names, and the other one.
  async roles() {
    const port = await eventually('the sentinel names a master', () => this.#named(), 60_000);
    const master = this.servers.find(server => server.relay.port === port);
    return {master, replica: this.servers.find(server => server !== master)};
  }

  // Until the master that is named takes writes and the other one follows it, to the sentinel's knowledge.
  settled(limit = 60_000) {
    return eventually('master and replica agree', async () => {
      const {master, replica} = await this.roles();
      const above = await master?.ask('ROLE'), below = await replica?.ask('ROLE');
      return above?.[0] === 'master' && above[2].length === 1 && below?.[0] === 'slave' &&
          below[3] === 'connected' && Number(below[2]) === master.relay.port && {master, replica};
    }, limit);
  }

  async stop() {
    await stopProcess(this.sentinel, 'SIGKILL');
    for (const server of this.servers) {
      await server.stop('SIGKILL');
      await server.relay.stop();
    }
  }
}
