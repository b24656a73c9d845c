// The two ends of a WebSocket by hand (RFC 6455): a server that echoes every frame, and a client that sees
// each byte.
import {createHash} from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

import {eventually} from './suite.mjs';

export const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = of => createHash('sha1').update(`${of}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);

// One text or binary frame of the client's, masked.
export function frame(payload, opcode = 1) {
  const bytes = Buffer.from(payload);
  const length = bytes.length < 126 ? Buffer.from([0x80 | bytes.length]) :
      bytes.length < 65536          ? Buffer.from([0x80 | 126, bytes.length >> 8, bytes.length & 255]) :
                                      longLength(bytes.length);
  return Buffer.concat(
      [Buffer.from([0x80 | opcode]), length, mask, bytes.map((byte, i) => byte ^ mask[i & 3])]);
}

function longLength(length) {
  const field = Buffer.alloc(9);
  field[0] = 0x80 | 127;
  field.writeBigUInt64BE(BigInt(length), 1);
  return field;
}

export function handshake(path, fields = '', host = 'www.example.test') {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`;
}

// Agrees to every handshake but those of /refuse, and sends back what comes, byte for byte. `heads` are the
// handshakes as they came.
export async function startEcho(answerFields = '') {
  const echo = {heads: [], sockets: new Set(), ended: 0};
  const server = net.createServer({allowHalfOpen: true}, socket => {
    echo.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => echo.sockets.delete(socket));
    socket.once('data', bytes => {
      const end = bytes.indexOf('\r\n\r\n') + 4;
      const head = bytes.toString('latin1', 0, end);
      echo.heads.push(head);
      if (head.startsWith('GET /refuse'))
        return socket.end(
            'HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno');
      const given = /^sec-websocket-key: *(.*)$/im.exec(head)?.[1].trim();
      socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${accept(given)}\r\n${answerFields}\r\n`);
      if (bytes.length > end) socket.write(bytes.subarray(end));
      socket.on('data', more => socket.write(more) || socket.pause()).on('drain', () => socket.resume());
      socket.on('end', () => {
        ++echo.ended;
        socket.end();
      });
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  echo.port = server.address().port;
  echo.stop = () => {
    for (const socket of echo.sockets) socket.destroy();
    return new Promise(resolve => server.close(resolve));
  };
  return echo;
}

export class WebSocketClient {
  #bytes = Buffer.alloc(0);
  ended = false;
  broken = false;

  static async open(port, bytes, secure = null) {
    const client = new WebSocketClient();
    const target = {port, host: '127.0.0.1', allowHalfOpen: true};
    client.socket = secure ? tls.connect({...target, ...secure}) : net.connect(target);
    client.socket.on('data', more => {
      client.#bytes = Buffer.concat([client.#bytes, more]);
    });
    client.socket.on('end', () => {
      client.ended = true;
    });
    client.socket.on('error', () => {
      client.broken = true;
    });
    client.socket.write(bytes);
    return client;
  }

  // The head of the answer, once it is whole.
  async head() {
    const end = await eventually('the answer to the handshake', () => this.#bytes.indexOf('\r\n\r\n') + 1);
    const head = this.#bytes.toString('latin1', 0, end + 3);
    this.#bytes = this.#bytes.subarray(end + 3);
    return head;
  }
  async take(count) {
    await eventually(`${count} bytes`, () => this.#bytes.length >= count, 60_000);
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
  send(bytes) { this.socket.write(bytes); }
  untilEnded() { return eventually('the end', () => this.ended || this.broken); }
  close() { this.socket.destroy(); }
}
