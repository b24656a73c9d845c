// A real nginx that answers every request with its own name, and can be killed and started again on its port.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {freePort, startProcess, stopProcess, untilAccepting} from './processes.mjs';

export class NginxOrigin {
  // `server` gives further nginx configuration for the server block; `listen` further words of its listen
  // line.
  constructor(folder, name, {server = '', listen = ''} = {}) {
    Object.assign(this, {name, server, listen, folder: join(folder, `nginx-${name}`)});
    mkdirSync(this.folder, {recursive: true});
  }

  async start() {
    this.port ??= await freePort();
    const file = join(this.folder, 'nginx.conf');
    const temporary =
        ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${this.folder};`);
    writeFileSync(file, `${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${this.folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 100000;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${this.port} ${this.listen};
    ${this.server}
    location / { default_type text/plain; return 200 "${this.name}"; }
  }
}
`);
    this.child = startProcess('nginx', ['-e', 'stderr', '-p', this.folder, '-c', file], {detached: true});
    await untilAccepting('nginx', this.child, this.port);
  }

  get url() { return `http://127.0.0.1:${this.port}`; }
  // Master and worker at once, as a machine that loses power. They are a process group of their own.
  async kill() {
    process.kill(-this.child.pid, 'SIGKILL');
    await this.child.exited;
  }
  stop() { return stopProcess(this.child, 'SIGQUIT'); }
}
