// Stands before a server and does what networks do: passes bytes, or nothing any more, or cuts a reply in two
// and resets the connection.
import net from 'node:net';

export class Relay {
  #pairs = new Set();
  #cuts = 0;
  #dark = false;
  #lagging = false;

  constructor(target) { this.target = target; }

  async start() {
    this.server = net.createServer({pauseOnConnect: true}, client => this.#join(client));
    await new Promise(resolve => this.server.listen(this.port ?? 0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  #join(client) {
    const server = net.connect({port: this.target, host: '127.0.0.1'});
    const pair = {client, server};
    this.#pairs.add(pair);
    const end = () => this.#end(pair);
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', end).on('close', end);
    client.on('data', bytes => {
      pair.replica ||= bytes.includes('PSYNC');
      this.#pass(pair, server, bytes);
    });
    server.on('data', bytes => this.#answer(pair, bytes));
    if (!this.#dark) client.resume();
    else server.pause();
  }

  #answer(pair, bytes) {
    if (pair.replica && this.#lagging) return;
    if (this.#cuts > 0 && bytes.length > 3) {
      --this.#cuts;
      pair.client.write(bytes.subarray(0, bytes.length >> 1), () => this.#end(pair));
      return;
    }
    this.#pass(pair, pair.client, bytes);
  }

  #pass(pair, to, bytes) {
    const from = to === pair.client ? pair.server : pair.client;
    if (to.write(bytes)) return;
    from.pause();
    to.once('drain', () => {
      if (!this.#dark) from.resume();
    });
  }

  #end(pair) {
    if (!this.#pairs.delete(pair)) return;
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }

  // The next so many replies are cut in their middle.
  cutReplies(count) { this.#cuts = count; }
  // What the server sends to its replica is lost on the way; its connection ends with that.
  lag() { this.#lagging = true; }
  catchUp() {
    this.#lagging = false;
    for (const pair of [...this.#pairs])
      if (pair.replica) this.#end(pair);
  }
  // Nothing passes and nobody is told; then whoever was connected meets a reset, as of a machine that forgot
  // them.
  darken() {
    this.#dark = true;
    for (const {client, server} of this.#pairs) {
      client.pause();
      server.pause();
    }
  }
  lighten() {
    this.#dark = false;
    for (const pair of [...this.#pairs]) this.#end(pair);
  }
  stop() {
    for (const pair of [...this.#pairs]) this.#end(pair);
    return new Promise(resolve => this.server.close(resolve));
  }
}
