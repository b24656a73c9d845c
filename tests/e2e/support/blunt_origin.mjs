// An origin on a thread of its own, so that a busy test does not slow it: it answers each request at once
// with two bytes, `/big` with eight million, and a POST or `/never` not at all.
import net from 'node:net';
import {isMainThread, parentPort, Worker} from 'node:worker_threads';

const largest = 8_000_000;  // an answer that no socket buffer takes whole

function serve(port) {
  const big = Buffer.alloc(largest, 'x');  // one block of memory, however often it is sent
  const server = net.createServer(socket => {
    let head = '';
    socket.on('error', () => {});
    socket.on('data', bytes => {
      head = (head + bytes.toString('latin1')).slice(-20_000);
      if (!head.includes('\r\n\r\n') || /^(POST|GET \/never)/.test(head)) return;
      const wantsBig = head.startsWith('GET /big');
      head = '';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${wantsBig ? largest : 2}\r\n\r\n`);
      socket.write(wantsBig ? big : 'ok');
    });
  });
  server.listen({port: 0, host: '127.0.0.1', backlog: 4096}, () => port.postMessage(server.address().port));
}

if (!isMainThread) serve(parentPort);

export async function startBluntOrigin() {
  const thread = new Worker(new URL(import.meta.url));
  const port = await new Promise(resolve => thread.once('message', resolve));
  return {port, stop: () => thread.terminate()};
}
