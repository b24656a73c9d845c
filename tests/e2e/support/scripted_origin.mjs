// An upstream that behaves as a test's path asks, and keeps what reached it: `seen` is the list of requests.
import {createHash} from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import {gzipSync} from 'node:zlib';

const page =
    '<!DOCTYPE html>\n<html lang="en"><head><title>t</title></head><body><p>Hello</p></body></html>\n';
export const pattern = (length, seed = 7) =>
    Buffer.from(Uint8Array.from({length}, (_, i) => (i * 31 + (i >> 8) * seed) & 255));
export const digest = bytes => createHash('sha256').update(bytes).digest('hex');

const html = 'text/html; charset=utf-8';
const cached = {
  ETag: '"page-1"',
  'Cache-Control': 'public, max-age=600'
};
const tracked = '<!DOCTYPE html><html><head>' +
    '<script src="https://www.google-analytics.com/analytics.js"></script></head>' +
    '<body><img src="https://www.facebook.com/tr?id=1&amp;ev=PageView">' +
    '<script src="https://js.stripe.com/v3/"></script></body></html>';
const setCookies = [
  '_ga=GA1.1.555.666; Path=/; Max-Age=63072000', '_fbp=fb.1.2.3; Path=/', 'basket=b-1; Path=/; HttpOnly',
  '_pk_id.1.abcd=x; Path=/'
];

function send(response, type, body, more = {}) {
  response.writeHead(200, {'Content-Type': type, ...more}).end(body);
}

function sendZipped(request, response) {
  if (!/gzip/.test(request.headers['accept-encoding'] ?? '')) return send(response, html, page);
  return send(response, html, gzipSync(page), {Vary: 'Accept-Encoding', 'Content-Encoding': 'gzip'});
}

function sendUnlessKnown(request, response) {
  if (request.headers['if-none-match']?.includes('"page-1"')) return response.writeHead(304, cached).end();
  return send(response, html, page, {ETag: cached.ETag});
}

function sendChunks(request, response) {
  response.writeHead(
      200, {'Content-Type': 'text/plain', ...(request.method === 'HEAD' ? {} : {Trailer: 'X-Checksum'})});
  for (const word of ['alpha ', 'beta ', 'gamma']) response.write(word);
  response.addTrailers({'X-Checksum': 'c0ffee'});
  response.end();
}

async function sendDigest(request, response) {
  const hash = createHash('sha256');
  let length = 0;
  try {
    for await (const bytes of request) {
      hash.update(bytes);
      length += bytes.length;
    }
  } catch {
    return;  // the upload was cut off
  }
  send(response, 'application/json', JSON.stringify({length, sha256: hash.digest('hex')}));
}

function sendPart(request, response) {
  response.writeHead(200, {'Content-Type': 'text/plain', 'Content-Length': '1000'});
  response.write('only this');
  setTimeout(() => response.destroy(), 50);
}

const image = {
  ETag: '"i"',
  'Cache-Control': 'public, max-age=60'
};
const answers = {
  '/page': (request, response) => send(response, html, page, cached),
  '/page.gz': sendZipped,
  '/tracked': (request, response) => send(response, html, tracked),
  '/cookies': (request, response) => send(response, 'text/plain', 'ok', {'Set-Cookie': setCookies}),
  '/etag': sendUnlessKnown,
  '/chunked': sendChunks,
  '/big': (request, response) => send(response, 'application/octet-stream', pattern(8_000_000)),
  '/image': (request, response) => send(response, 'image/png', pattern(70_001), image),
  '/digest': sendDigest,
  '/empty': (request, response) => response.writeHead(204).end(),
  '/close': (request, response) => send(response, 'text/plain', 'bye', {Connection: 'close'}),
  '/never': () => {},
  '/slow': (request, response) => setTimeout(() => send(response, 'text/plain', 'late but whole'), 600),
  '/redirect': (request, response) =>
      response.writeHead(302, {Location: 'https://www.google-analytics.com/collect?v=1'}).end(),
  '/cut': sendPart,
  '/hello': (request, response) => send(response, 'text/plain', 'hello'),
};

export class ScriptedOrigin {
  seen = [];
  continued = 0;

  async start() {
    const handle = (request, response) => {
      const {method, url: target, headers, rawHeaders} = request;
      this.seen.push({method, target, headers, fields: pairs(rawHeaders)});
      const path = target.split('?')[0];
      if (path.startsWith('/n/')) return send(response, 'text/plain', 'ok', {'Content-Length': 2});
      const missing = () => response.writeHead(404, {'Content-Type': 'text/plain'}).end('none');
      return (answers[path] ?? missing)(request, response);
    };
    this.server = http.createServer({keepAliveTimeout: 60_000, requestTimeout: 0}, handle);
    this.server.on('checkContinue', (request, response) => {
      ++this.continued;
      response.writeContinue();
      handle(request, response);
    });
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  // The newest request whose target begins so.
  last(path) { return this.seen.filter(request => request.target.startsWith(path)).at(-1); }
  stop() {
    this.server.closeAllConnections?.();
    return new Promise(resolve => this.server.close(resolve));
  }
}

function pairs(raw) {
  const list = [];
  for (let i = 0; i < raw.length; i += 2) list.push([raw[i], raw[i + 1]]);
  return list;
}

// Answers every connection with the same bytes and closes it: for answers that no proper server would give.
export async function startRawOrigin(bytes) {
  const server = net.createServer(socket => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {port: server.address().port, stop: () => new Promise(resolve => server.close(resolve))};
}
