// A small Redis client (RESP2 over TCP or a Unix socket) and the reading of Portvakt's streams with it.
// For scripts and tests: replies come in the order of the calls; an error reply rejects its call.
import net from 'node:net';

export class Redis {
  #socket;
  #waiting = [];
  #buffer = Buffer.alloc(0);

  static open(target) {
    const client = new Redis();
    return new Promise((resolve, reject) => {
      const socket = client.#socket = net.connect(target);
      socket.setNoDelay(true);
      socket.on('connect', () => resolve(client));
      socket.on('error', error => {
        reject(error);
        client.#fail(error);
      });
      socket.on('close', () => client.#fail(new Error('the Redis connection was closed')));
      socket.on('data', bytes => client.#receive(bytes));
    });
  }

  call(...words) {
    const parts = words.map(word => Buffer.from(String(word)));
    const head = Buffer.from(`*${parts.length}\r\n`);
    const pieces = parts.flatMap(part => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]);
    return new Promise((resolve, reject) => {
      this.#waiting.push({resolve, reject});
      this.#socket.write(Buffer.concat([head, ...pieces]));
    });
  }

  close() { this.#socket.destroy(); }

  #fail(error) {
    for (const call of this.#waiting.splice(0)) call.reject(error);
  }

  #receive(bytes) {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    let at = 0;
    for (;;) {
      const reply = parseReply(this.#buffer, at);
      if (!reply) break;
      at = reply.end;
      const call = this.#waiting.shift();
      if (reply.value instanceof Error) call?.reject(reply.value);
      else call?.resolve(reply.value);
    }
    this.#buffer = this.#buffer.subarray(at);
  }
}

function parseReply(buffer, start) {
  const lineEnd = buffer.indexOf('\r\n', start);
  if (lineEnd < 0) return null;
  const line = buffer.toString('utf8', start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(buffer[start])) {
    case '+':
      return {value: line, end: next};
    case '-':
      return {value: new Error(line), end: next};
    case ':':
      return {value: Number(line), end: next};
    case '$':
      return parseBulk(buffer, Number(line), next);
    case '*':
      return parseArray(buffer, Number(line), next);
    default:
      throw new Error('not a Redis reply');
  }
}

function parseBulk(buffer, length, at) {
  if (length < 0) return {value: null, end: at};
  if (buffer.length < at + length + 2) return null;
  return {value: buffer.toString('utf8', at, at + length), end: at + length + 2};
}

function parseArray(buffer, length, at) {
  if (length < 0) return {value: null, end: at};
  const value = [];
  for (let i = 0; i < length; ++i) {
    const item = parseReply(buffer, at);
    if (!item) return null;
    value.push(item.value);
    at = item.end;
  }
  return {value, end: at};
}

// A stream entry [id, [name, value, ...]] as an object; `entry` is its stream id.
export function toRecord([entry, fields]) {
  const record = {entry};
  for (let i = 0; i < fields.length; i += 2) record[fields[i]] = fields[i + 1];
  return record;
}

export const daysOf = (redis, site) => redis.call('ZRANGE', `portvakt:{${site}}:days`, 0, -1);
export const streamOf = (site, day, kind) => `portvakt:{${site}/${day}}:${kind}`;

// All records of a site, oldest first, of every day that there is.
export async function readRecords(redis, site, kind = 'requests') {
  const records = [];
  for (const day of await daysOf(redis, site)) {
    for (let from = '-';;) {
      const entries = await redis.call('XRANGE', streamOf(site, day, kind), from, '+', 'COUNT', 5000);
      records.push(...entries.map(toRecord));
      if (entries.length < 5000) break;
      from = `(${entries.at(-1)[0]}`;
    }
  }
  return records;
}
