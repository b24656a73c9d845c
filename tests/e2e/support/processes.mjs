// Starts and ends the real programs of a test, each known by its process id, each on free loopback ports and
// with its files in a temporary folder that goes away at the end.
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {eventually} from './suite.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const running = new Set();

const folders = [];

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  if (process.env.KEEP_TEST_FILES) return;
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-test-'));
  folders.push(folder);
  return folder;
}

// A port that nothing listens on. Below the kernel's own range, so that no outgoing connection takes it
// meanwhile.
export async function freePort() {
  for (;;) {
    const port = 12000 + Math.floor(Math.random() * 20000);
    const free = await new Promise(resolve => {
      const probe = net.createServer().once('error', () => resolve(false));
      probe.listen({port, host: '127.0.0.1', exclusive: true}, () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

export const accepts = port => new Promise(resolve => {
  const socket = net.connect(port, '127.0.0.1');
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  socket.once('error', () => resolve(false));
});

// A child whose output is kept; `exited` resolves to {code, signal}.
export function startProcess(command, args, options = {}) {
  const child = spawn(command, args, {cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options});
  running.add(child);
  child.output = '';
  child.stdout.on('data', bytes => {
    child.output += bytes;
  });
  child.stderr.on('data', bytes => {
    child.output += bytes;
  });
  child.exited = new Promise(resolve => {
    child.once('error', error => {
      running.delete(child);
      resolve({code: -1, signal: null, error});
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({code, signal});
    });
  });
  return child;
}

export async function stopProcess(child, signal = 'SIGTERM') {
  if (child && running.has(child)) child.kill(signal);
  return child?.exited;
}

export async function untilAccepting(name, child, port) {
  let ended = null;
  child.exited.then(result => {
    ended = result;
  });
  await eventually(`${name} accepts connections`, async () => {
    if (ended)
      throw new Error(
          `${name} ended at once (${ended.error?.message ?? ended.code}): ${child.output.slice(-600)}`);
    return accepts(port);
  });
}

export class RedisServer {
  constructor(folder) {
    this.folder = join(folder, 'redis');
    mkdirSync(this.folder, {recursive: true});
  }

  async start() {
    this.port ??= await freePort();
    this.child = startProcess('redis-server', [
      '--port', this.port, '--bind', '127.0.0.1', '--dir', this.folder, '--daemonize', 'no', '--save', '',
      '--appendonly', 'yes', '--appendfsync', 'everysec', '--aof-use-rdb-preamble', 'no', '--rdbcompression',
      'no'
    ].map(String));
    await untilAccepting('redis-server', this.child, this.port);
  }

  get url() { return `redis://127.0.0.1:${this.port}/0`; }
  stop(signal) { return stopProcess(this.child, signal); }
}

// The demo company's nginx, with further server blocks where a test needs them.
export class DemoOrigin {
  constructor(folder) {
    this.folder = join(folder, 'origin');
    mkdirSync(this.folder, {recursive: true});
  }

  // `serverBlocks` gives further nginx configuration for the port.
  async start({serverBlocks = () => ''} = {}) {
    this.port = await freePort();
    writeFileSync(join(this.folder, 'more-test.conf'), serverBlocks(this.port));
    this.child =
        startProcess(join(root, 'scripts/demo-origin'), ['--port', String(this.port), '--dir', this.folder]);
    await untilAccepting('nginx', this.child, this.port);
  }

  // The requests that nginx has answered, as "METHOD target status" lines.
  requests() { return readFileSync(join(this.folder, 'access.log'), 'utf8').split('\n').filter(Boolean); }
  stop() { return stopProcess(this.child, 'SIGQUIT'); }
}
