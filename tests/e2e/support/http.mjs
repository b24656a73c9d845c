// HTTP/1.1 by hand, so that a test says and sees every byte. Not a client library: nothing is corrected or
// retried.
import net from 'node:net';
import tls from 'node:tls';

import {withLimit} from './suite.mjs';

export class Connection {
  #chunks = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  static open(target, secure = null) {
    const connection = new Connection();
    const socket = secure ? tls.connect({...target, ...secure}) : net.connect(target);
    connection.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', bytes => {
      connection.#chunks = connection.#chunks.length ? Buffer.concat([connection.#chunks, bytes]) : bytes;
      connection.#wake();
    });
    const end = () => {
      connection.#ended = true;
      connection.#wake();
    };
    socket.on('end', end).on('close', end).on('error', error => {
      connection.error = error;
      end();
    });
    return new Promise((resolve, reject) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => resolve(connection));
      socket.once('error', reject);
    });
  }

  send(bytes) { return new Promise(resolve => this.socket.write(bytes, () => resolve())); }
  close() { this.socket.destroy(); }
  get ended() { return this.#ended; }
  async untilClosed(limit = 10_000) {
    await withLimit(
        (async () => {
          while (!this.#ended) await this.#more();
        })(),
        limit, 'the closing of the connection');
  }

  // The next response; 1xx ones are skipped unless asked for. `complete` is false if the peer closed too
  // early.
  response(options = {}) {
    return withLimit(this.#response(options), options.limit ?? 20_000, 'the response');
  }

  async #response({to = 'GET', interim = false}) {
    for (;;) {
      const head = await this.#head();
      if (!head) return {status: 0, headers: {}, fields: [], body: Buffer.alloc(0), complete: false};
      if (head.status < 200 && head.status !== 101 && !interim) continue;
      const bodyless = to === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304;
      return {...head, ...(bodyless ? {body: Buffer.alloc(0), complete: true} : await this.#body(head))};
    }
  }

  async #head() {
    let end;
    while ((end = this.#chunks.indexOf('\r\n\r\n')) < 0)
      if (!await this.#more()) return null;
    const [line, ...lines] = this.#take(end + 4).toString('latin1').split('\r\n').filter(Boolean);
    const fields =
        lines.map(field => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1).trim()]);
    const headers = {};
    for (const [name, value] of fields)
      headers[name.toLowerCase()] =
          headers[name.toLowerCase()] === undefined ? value : `${headers[name.toLowerCase()]}, ${value}`;
    return {
      line,
      status: Number(line.split(' ')[1]),
      fields,
      headers,
      all: name => fields.filter(field => field[0].toLowerCase() === name).map(field => field[1])
    };
  }

  async #body({headers}) {
    if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return this.#chunked();
    const length = headers['content-length'] === undefined ? Infinity : Number(headers['content-length']);
    const pieces = [];
    let got = 0;
    while (got < length) {
      if (this.#chunks.length === 0 && !await this.#more()) break;
      const piece = this.#take(Math.min(this.#chunks.length, length - got));
      pieces.push(piece);
      got += piece.length;
    }
    return {body: Buffer.concat(pieces), complete: length === Infinity || got === length};
  }

  async #chunked() {
    const pieces = [];
    for (;;) {
      const size = parseInt((await this.#line()) ?? 'x', 16);
      if (Number.isNaN(size)) return {body: Buffer.concat(pieces), complete: false};
      if (size === 0) break;
      while (this.#chunks.length < size + 2)
        if (!await this.#more()) return {body: Buffer.concat(pieces), complete: false};
      pieces.push(this.#take(size));
      this.#take(2);
    }
    const trailers = {};
    let line;
    while ((line = await this.#line()))
      trailers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
    return {body: Buffer.concat(pieces), trailers, complete: line !== null};
  }

  async #line() {
    let end;
    while ((end = this.#chunks.indexOf('\r\n')) < 0)
      if (!await this.#more()) return null;
    return this.#take(end + 2).toString('latin1', 0, end);
  }

  #take(count) {
    const taken = this.#chunks.subarray(0, count);
    this.#chunks = this.#chunks.subarray(count);
    return taken;
  }

  // Waits for more bytes; false when there will be none.
  #more() {
    if (this.#ended) return Promise.resolve(false);
    const had = this.#chunks.length;
    return new Promise(resolve => {
      this.#wake = () => resolve(this.#chunks.length > had || !this.#ended);
    });
  }
}

// One request as given, one response, connection closed.
export async function exchange(port, request, options = {}) {
  const connection = await Connection.open(
      {port, host: options.host ?? '127.0.0.1', localAddress: options.localAddress}, options.tls);
  try {
    await connection.send(request);
    return await connection.response({to: String(request).startsWith('HEAD') ? 'HEAD' : 'GET', ...options});
  } finally { connection.close(); }
}

// A plain request: get(port, '/path', {Host: ..., Cookie: ...}).
export function get(port, path, headers = {}, options = {}) {
  const fields = Object.entries({Host: 'www.example.test', ...headers})
                     .map(([name, value]) => `${name}: ${value}\r\n`)
                     .join('');
  return exchange(
      port, `${options.method ?? 'GET'} ${path} HTTP/1.1\r\n${fields}\r\n${options.body ?? ''}`, options);
}
