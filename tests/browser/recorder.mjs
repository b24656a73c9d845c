// Stands for the whole internet: every host but the sites' own is mapped to it. It answers plain HTTP and TLS
// with something sensible of the wanted type and keeps who was asked for what.
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {join} from 'node:path';

import {standIn} from './stand_ins.mjs';

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export class Recorder {
  requests = [];        // {host, target} in the order of arrival
  touched = new Set();  // hosts to which a TLS connection was opened, whether or not a request came

  async start(folder) {
    const [certificate, key] = [join(folder, 'recorder.pem'), join(folder, 'recorder.key')];
    execFileSync(
        'openssl',
        [
          'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=recorder', '-keyout',
          key, '-out', certificate
        ],
        {stdio: 'ignore'});
    const answer = (request, response) => this.#answer(request, response);
    this.plain = http.createServer(answer);
    this.secure = https.createServer({cert: readFileSync(certificate), key: readFileSync(key)}, answer);
    this.secure.on('secureConnection', socket => {
      if (socket.servername) this.touched.add(socket.servername);
    });
    for (const server of [this.plain, this.secure]) {
      server.on('clientError', (_, socket) => socket.destroy()).on('tlsClientError', () => {});
      await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    }
  }

  // What came since the last call.
  take() {
    const taken = {requests: this.requests, touched: this.touched};
    this.requests = [];
    this.touched = new Set();
    return taken;
  }

  #answer(request, response) {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    this.requests.push({host, target: request.url, at: Date.now()});
    this.lastAt = Date.now();
    const [type, body] = contentFor(host, request);
    request.resume();
    // What comes late must still come before what stands behind it.
    if (request.url.startsWith('/ran/slow-')) return setTimeout(() => send(response, type, body), 400);
    send(response, type, body);
  }

  async stop() {
    for (const server of [this.plain, this.secure]) {
      server.closeAllConnections?.();
      await new Promise(resolve => server.close(resolve));
    }
  }
}

function send(response, type, body) {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*'
  });
  response.end(body);
}

function contentFor(host, request) {
  const accept = request.headers.accept ?? '';
  const wanted = request.headers['sec-fetch-dest'];
  if (wanted === 'image' || accept.startsWith('image/')) return ['image/gif', gif];
  if (wanted === 'style' || accept.startsWith('text/css')) return ['text/css', '/* empty */'];
  if (['document', 'iframe', 'frame', 'embed', 'object'].includes(wanted) || accept.startsWith('text/html'))
    return ['text/html', '<!DOCTYPE html><title>stand-in</title>'];
  if (wanted === 'font') return ['font/woff2', ''];
  if (wanted === 'empty') return ['application/json', '{}'];
  return ['text/javascript', standIn(host, request.url)];
}
