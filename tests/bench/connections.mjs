// What open connections cost: CPU per request of Portvakt while 10 to 5,000 connections are open, the same
// few requests in flight at any time, each on the next connection in turn. Flat is the goal; every place that
// looks through all connections or timers shows here.
//   node tests/bench/connections.mjs [--requests N] [--rounds N] [--in-flight N] [--connections A,B,C]
// The program is build/release/portvakt, or $PORTVAKT. Rounds take turns, the medians are printed.
import {readFileSync} from 'node:fs';
import net from 'node:net';

import {Portvakt} from '../e2e/support/portvakt.mjs';
import {temporaryFolder} from '../e2e/support/processes.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const requests = Number(option('requests', 20_000));
const rounds = Number(option('rounds', 5));
const inFlight = Number(option('in-flight', 10));
const counts = option('connections', '10,100,1000,5000').split(',').map(Number);

const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n' +
    'x'.repeat(1024);
const request = Buffer.from('GET /load HTTP/1.1\r\nHost: www.example.test\r\n\r\n');

async function startOrigin() {
  const server = net.createServer({noDelay: true}, socket => {
    socket.on('error', () => {}).on('data', () => socket.write(answer));
  });
  await new Promise(resolve => server.listen({port: 0, host: '127.0.0.1', backlog: 4096}, resolve));
  return server;
}

// User and system time of a process in microseconds (proc(5): fields 14 and 15, in ticks of a hundredth).
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
const resident = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

class Client {
  #waiting = null;
  #got = 0;
  #expected = 0;

  static open(port) {
    const client = new Client();
    client.socket = net.connect({port, host: '127.0.0.1', noDelay: true});
    client.socket.on('data', bytes => client.#take(bytes)).on('error', () => {});
    return new Promise((resolve, reject) => {
      client.socket.once('connect', () => resolve(client)).once('error', reject);
    });
  }

  #take(bytes) {
    this.#got += bytes.length;
    if (!this.#expected) this.#expected = bytes.indexOf('\r\n\r\n') + 4 + 1024;
    if (this.#got < this.#expected) return;
    this.#got = this.#expected = 0;
    this.#waiting();
  }

  ask() {
    return new Promise(resolve => {
      this.#waiting = resolve;
      this.socket.write(request);
    });
  }
}

// Microseconds of CPU per request with this many connections open.
async function measure(portvakt, count) {
  const clients = [];
  for (let i = 0; i < count; i += 200) {
    const more = Array.from({length: Math.min(200, count - i)}, () => Client.open(portvakt.port));
    clients.push(...await Promise.all(more));
  }
  let next = 0, left = clients.length + requests;
  const work = async until => {
    while (left > until) {
      --left;
      await clients[next++ % count].ask();
    }
  };
  // Each connection once before it counts: what it allocates at first is not a request's cost.
  await Promise.all(Array.from({length: Math.min(inFlight, count)}, () => work(requests)));
  left = requests;
  const before = cpu(portvakt.child.pid);
  await Promise.all(Array.from({length: Math.min(inFlight, count)}, () => work(0)));
  const spent = cpu(portvakt.child.pid) - before;
  const memory = resident(portvakt.child.pid);
  for (const {socket} of clients) socket.destroy();
  return {spent: spent / requests, memory};
}

const origin = await startOrigin();
const portvakt = new Portvakt(temporaryFolder());
await portvakt.configure({
  sites: [
    {name: 'example', hosts: ['*'], upstreams: [`http://127.0.0.1:${origin.address().port}`], filter: false}
  ],
  change: config => {
    config.workers = 1;
    config.limits = {idle_timeout: '1h', header_timeout: '1h'};
  }
});
await portvakt.start();
const results = new Map(counts.map(count => [count, []]));
await measure(portvakt, counts[0]);
for (let round = 0; round < rounds; ++round) {
  for (const count of counts) results.get(count).push(await measure(portvakt, count));
}
await portvakt.stop();
origin.close();
const median = numbers => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const base = median(results.get(counts[0]).map(result => result.spent));
console.log('connections  µs per request  spread        to the first  resident');
for (const [count, list] of results) {
  const spent = list.map(result => result.spent);
  const [least, most] = [Math.min(...spent), Math.max(...spent)].map(value => value.toFixed(1));
  console.log(`${String(count).padStart(11)}  ${
      median(spent).toFixed(1).padStart(
          14)}  ${`${least}–${most}`.padEnd(12)}  ${(median(spent) / base).toFixed(2).padStart(12)}  ${
      (median(list.map(result => result.memory)) / 1e6).toFixed(1)} MB`);
}
process.exit(0);
