// A program of its own that sends numbered requests to several edges at a steady pace and notes of each
// number which edge, when, how long, and whether the whole answer came. Parent and it talk by messages:
//   in: {start: {ports, pace, connections}}, {window: name}, {burst: {edge, count}}, {stop: true}, {gone:
//   edge} out: {burst: done}, {done: {...}} with the results in the file `results`
import {writeFileSync} from 'node:fs';
import net from 'node:net';

const most = 8_000_000;
const began = new Float64Array(most), took = new Float32Array(most), edgeOf = new Uint8Array(most);
const state = new Uint8Array(most);  // 0 not sent, 1 ended, 2 nobody knows
const windowOf = new Uint16Array(most);
const windows = ['start'];
let next = 0, running = true, pause = 10, active = 0;
const waiting = ms => new Promise(resolve => setTimeout(resolve, ms));

class Client {
  #socket = null;
  constructor(port, edge) { Object.assign(this, {port, edge}); }

  async #open() {
    const socket = net.connect(this.port, '127.0.0.1');
    socket.setNoDelay(true);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.removeAllListeners('error');
    socket.on('error', () => {});
    this.#socket = socket;
  }

  // False: the edge is not there, and no number was spent.
  async send() {
    try {
      if (!this.#socket || this.#socket.destroyed) await this.#open();
    } catch {
      this.#socket = null;
      return false;
    }
    const number = next++, socket = this.#socket;
    edgeOf[number] = this.edge;
    windowOf[number] = windows.length - 1;
    began[number] = performance.now();
    state[number] = 2;
    const whole = await new Promise(resolve => {
      let text = '';
      const end = result => {
        socket.removeAllListeners('data').removeAllListeners('close');
        resolve(result);
      };
      socket.on('data', bytes => {
        text += bytes.toString('latin1');
        if (text.includes('\r\n\r\n') && text.endsWith('\nok')) end(text.startsWith('HTTP/1.1 200'));
      });
      socket.on('close', () => end(false));
      socket.write(`GET /n/${number} HTTP/1.1\r\nHost: www.example.test\r\n\r\n`);
    });
    took[number] = performance.now() - began[number];
    // A sample counts for a window only if it lies in it as a whole.
    if (windowOf[number] !== windows.length - 1) windowOf[number] = 0;
    if (whole) state[number] = 1;
    else this.close();
    return true;
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }
}

async function run(client) {
  ++active;
  let due = performance.now() + Math.random() * pause;
  while (running) {
    const now = performance.now();
    if (now < due) await waiting(due - now);
    due = Math.max(due + pause, performance.now() - 1000);
    if (!await client.send()) await waiting(20);
  }
  client.close();
  --active;
}

async function burst({port, edge, count}) {
  let left = count;
  await Promise.all(Array.from({length: 8}, async () => {
    const client = new Client(port, edge);
    while (left-- > 0 && running) {
      if (!await client.send()) await waiting(20);
    }
    client.close();
  }));
  process.send({burst: true});
}

async function stop(results) {
  running = false;
  while (active > 0) await waiting(10);
  const part = array => Buffer.from(array.buffer, 0, next * array.BYTES_PER_ELEMENT);
  writeFileSync(`${results}.state`, part(state));
  writeFileSync(`${results}.edge`, part(edgeOf));
  const latencies = windows.map(() => []);
  for (let i = 0; i < next; ++i)
    if (state[i] === 1) latencies[windowOf[i]].push(took[i]);
  const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const lists = {};
  windows.forEach((name, i) => {
    if (i > 0) lists[name] = (lists[name] ?? []).concat(latencies[i]);
  });
  const report = Object.entries(lists).map(([name, list]) => {
    list.sort((a, b) => a - b);
    return {name, count: list.length, p50: quantile(list, 0.5), p99: quantile(list, 0.99)};
  });
  process.send({done: {sent: next, report}}, () => process.exit(0));
}

process.on('message', message => {
  if (message.start) {
    const {ports, pace, connections} = message.start;
    pause = 1000 * connections * ports.length / pace;
    ports.forEach((port, edge) => {
      for (let i = 0; i < connections; ++i) run(new Client(port, edge));
    });
  }
  if (message.window) windows.push(message.window);
  if (message.burst) burst(message.burst);
  if (message.ask) process.send({sent: next});
  if (message.stop) stop(message.stop);
});
process.on('disconnect', () => process.exit(1));
