// An upstream that behaves as a test's path asks, and keeps what reached it: `seen` is the list of requests.
import http from 'node:http';
import net from 'node:net';
import {gzipSync} from 'node:zlib';
import {createHash} from 'node:crypto';

const page = '<!DOCTYPE html>\n<html lang="en"><head><title>t</title></head><body><p>Hello</p></body></html>\n';
export const pattern = (length, seed = 7) => Buffer.from(Uint8Array.from({length}, (_, i) => (i * 31 + (i >> 8) * seed) & 255));
export const digest = bytes => createHash('sha256').update(bytes).digest('hex');

const answers = {
  '/page': (request, response) => response.writeHead(200, {'Content-Type': 'text/html; charset=utf-8', 'ETag': '"page-1"', 'Cache-Control': 'public, max-age=600'}).end(page),
  '/page.gz': (request, response) => {
    const accepts = /gzip/.test(request.headers['accept-encoding'] ?? '');
    response.writeHead(200, {'Content-Type': 'text/html', Vary: 'Accept-Encoding', ...(accepts ? {'Content-Encoding': 'gzip'} : {})});
    response.end(accepts ? gzipSync(page) : page);
  },
  '/tracked': (request, response) => response.writeHead(200, {'Content-Type': 'text/html'}).end(
    '<!DOCTYPE html><html><head><script src="https://www.google-analytics.com/analytics.js"></script></head>' +
    '<body><img src="https://www.facebook.com/tr?id=1&amp;ev=PageView"><script src="https://js.stripe.com/v3/"></script></body></html>'),
  '/cookies': (request, response) => response.writeHead(200, {'Content-Type': 'text/plain', 'Set-Cookie': [
    '_ga=GA1.1.555.666; Path=/; Max-Age=63072000', '_fbp=fb.1.2.3; Path=/', 'basket=b-1; Path=/; HttpOnly', '_pk_id.1.abcd=x; Path=/']}).end('ok'),
  '/etag': (request, response) => {
    if (request.headers['if-none-match']?.includes('"page-1"')) return response.writeHead(304, {ETag: '"page-1"'}).end();
    return response.writeHead(200, {'Content-Type': 'text/html', ETag: '"page-1"'}).end(page);
  },
  '/chunked': (request, response) => {
    response.writeHead(200, {'Content-Type': 'text/plain', Trailer: 'X-Checksum'});
    for (const word of ['alpha ', 'beta ', 'gamma']) response.write(word);
    response.addTrailers({'X-Checksum': 'c0ffee'});
    response.end();
  },
  '/big': (request, response) => response.writeHead(200, {'Content-Type': 'application/octet-stream'}).end(pattern(8_000_000)),
  '/image': (request, response) => response.writeHead(200, {'Content-Type': 'image/png', 'ETag': '"i"', 'Cache-Control': 'public, max-age=60'}).end(pattern(70_001)),
  '/digest': async (request, response) => {
    const hash = createHash('sha256');
    let length = 0;
    for await (const bytes of request) { hash.update(bytes); length += bytes.length; }
    response.writeHead(200, {'Content-Type': 'application/json'}).end(JSON.stringify({length, sha256: hash.digest('hex'), trailers: request.trailers}));
  },
  '/empty': (request, response) => response.writeHead(204).end(),
  '/close': (request, response) => response.writeHead(200, {'Content-Type': 'text/plain', Connection: 'close'}).end('bye'),
  '/never': () => {},
  '/slow': (request, response) => setTimeout(() => response.writeHead(200, {'Content-Type': 'text/plain'}).end('late but whole'), 600),
  '/redirect': (request, response) => response.writeHead(302, {Location: 'https://www.google-analytics.com/collect?v=1'}).end(),
  '/cut': (request, response) => { response.writeHead(200, {'Content-Type': 'text/plain', 'Content-Length': '1000'}); response.write('only this'); setTimeout(() => response.destroy(), 50); },
  '/hello': (request, response) => response.writeHead(200, {'Content-Type': 'text/plain'}).end('hello'),
};

export class ScriptedOrigin {
  seen = []; continued = 0;

  async start() {
    const handle = (request, response) => {
      this.seen.push({method: request.method, target: request.url, fields: pairs(request.rawHeaders), headers: request.headers, version: request.httpVersion});
      const path = request.url.split('?')[0];
      if (path.startsWith('/n/')) return response.writeHead(200, {'Content-Type': 'text/plain', 'Content-Length': 2}).end('ok');
      return (answers[path] ?? ((_, missing) => missing.writeHead(404, {'Content-Type': 'text/plain'}).end('none')))(request, response);
    };
    this.server = http.createServer({keepAliveTimeout: 60_000, requestTimeout: 0}, handle);
    this.server.on('checkContinue', (request, response) => { ++this.continued; response.writeContinue(); handle(request, response); });
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  last(path) { return this.seen.findLast?.(request => request.target.startsWith(path)) ?? [...this.seen].reverse().find(request => request.target.startsWith(path)); }
  stop() { this.server.closeAllConnections?.(); return new Promise(resolve => this.server.close(resolve)); }
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
