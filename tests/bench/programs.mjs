// The proxies under comparison and what stands behind them, each a real program with one worker on free
// loopback ports: {name, child, ports: {plain, pages, tls}}.
import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Portvakt} from '../e2e/support/portvakt.mjs';
import {freePort, startProcess, untilAccepting} from '../e2e/support/processes.mjs';

import {files, trackerAddresses, zipped} from './pages.mjs';

export const hosts = {
  filtered: 'www.bench.test',
  plain: 'plain.bench.test'
};

function folderOf(stage, name) {
  const folder = join(stage.folder, name);
  mkdirSync(folder, {recursive: true});
  return folder;
}

function writeConfig(folder, name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function started(name, command, args, ports) {
  const child = startProcess(command, args);
  for (const port of Object.values(ports)) await untilAccepting(name, child, port);
  return {name, child, ports, pid: child.pid};
}

// One certificate for all: ECDSA P-256, as issued today.
export function makeCertificate(stage) {
  const folder = folderOf(stage, 'tls');
  stage.certificate = join(folder, 'certificate.pem');
  stage.key = join(folder, 'key.pem');
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', '/CN=www.bench.test', '-addext', 'subjectAltName=DNS:www.bench.test,DNS:plain.bench.test',
        '-keyout', stage.key, '-out', stage.certificate
      ],
      {stdio: 'ignore'});
  writeFileSync(join(folder, 'both.pem'), execFileSync('cat', [stage.certificate, stage.key]));
  stage.bothFile = join(folder, 'both.pem');
}

const nginxHead = (folder, workers) => `
daemon off; worker_processes ${workers}; pid ${folder}/pid; error_log stderr crit; ${
    process.getuid() ? '' : 'user root;'}
events { worker_connections 8192; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; keepalive_timeout 300s;
  default_type application/octet-stream;
  types { text/html html; text/javascript js; }
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;`;

// Serves the files to all proxies alike, by two workers, so that it is not what is waited for.
export async function startOrigin(stage) {
  const folder = folderOf(stage, 'origin');
  mkdirSync(join(folder, 'site'));
  for (const [name, bytes] of Object.entries({...files, ...zipped}))
    writeFileSync(join(folder, 'site', name), bytes);
  const port = await freePort();
  const config = writeConfig(folder, 'nginx.conf', `${nginxHead(folder, 2)}
  gzip_static on; open_file_cache max=100; open_file_cache_valid 1h;
  server { listen 127.0.0.1:${port} reuseport backlog=4096; root ${folder}/site; }
}`);
  return started('origin', 'nginx', ['-e', 'stderr', '-p', folder, '-c', config], {plain: port});
}

const nginxProxy = `
    location / {
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffer_size 16k; proxy_buffers 16 16k; proxy_busy_buffers_size 64k; proxy_max_temp_file_size 0;`;

// `log`: with a buffered access log, as it is usually run.
export function startNginx({log = false} = {}) {
  return async stage => {
    const name = log ? 'nginx+log' : 'nginx';
    const folder = folderOf(stage, name);
    const ports = {plain: await freePort(), pages: await freePort(), tls: await freePort()};
    const replace =
        trackerAddresses.map(address => `sub_filter "${address}" "about:blank#";`).join('\n      ');
    const config = writeConfig(
        folder, 'nginx.conf',
        `${nginxHead(folder, 1)}
  ${log ? `access_log ${folder}/access.log combined buffer=64k flush=5s;` : ''}
  upstream origin { server 127.0.0.1:${
            stage.origin.ports.plain}; keepalive 256; keepalive_requests 100000000; }
  ssl_certificate ${stage.certificate}; ssl_certificate_key ${stage.key}; ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:s:1m; http2_max_requests 100000000;
  server { listen 127.0.0.1:${ports.plain} backlog=4096; ${nginxProxy} } }
  server { listen 127.0.0.1:${ports.tls} ssl http2 backlog=4096; ${nginxProxy} } }
  server { listen 127.0.0.1:${ports.pages} backlog=4096; gzip on; gzip_comp_level 1; gzip_proxied any; ${
            nginxProxy}
      proxy_set_header Accept-Encoding "";
      sub_filter_once off;
      ${replace}
    } }
}`);
    return started(name, 'nginx', ['-e', 'stderr', '-p', folder, '-c', config], ports);
  };
}

export async function startHaproxy(stage) {
  const folder = folderOf(stage, 'haproxy');
  const ports = {plain: await freePort(), tls: await freePort()};
  const config = writeConfig(folder, 'haproxy.cfg', `
global
  nbthread 1
  maxconn 8000
  tune.ssl.default-dh-param 2048
defaults
  mode http
  timeout client 300s
  timeout server 300s
  timeout connect 5s
  option forwardfor
  http-reuse always
frontend plain
  bind 127.0.0.1:${ports.plain}
  bind 127.0.0.1:${ports.tls} ssl crt ${stage.bothFile} alpn h2,http/1.1
  default_backend origin
backend origin
  server origin 127.0.0.1:${stage.origin.ports.plain}
`);
  return started('haproxy', 'haproxy', ['-db', '-f', config], ports);
}

export async function startNghttpx(stage) {
  const folder = folderOf(stage, 'nghttpx');
  const ports = {plain: await freePort(), tls: await freePort()};
  const config = writeConfig(folder, 'nghttpx.conf', '');
  return started(
      'nghttpx', 'nghttpx',
      [
        `--conf=${config}`, `--frontend=127.0.0.1,${ports.plain};no-tls`, `--frontend=127.0.0.1,${ports.tls}`,
        `--backend=127.0.0.1,${stage.origin.ports.plain}`, '--workers=1', '--single-process',
        '--log-level=ERROR', '--accesslog-file=/dev/null', '--backend-connections-per-host=256',
        `--pid-file=${folder}/pid`, stage.key, stage.certificate
      ],
      ports);
}

export async function startH2o(stage) {
  const folder = folderOf(stage, 'h2o');
  const ports = {plain: await freePort(), tls: await freePort()};
  const config = writeConfig(
      folder, 'h2o.conf',
      `
num-threads: 1
pid-file: ${folder}/pid
${process.getuid() ? '' : 'user: root'}
listen: {host: 127.0.0.1, port: ${ports.plain}}
listen: {host: 127.0.0.1, port: ${ports.tls}, ssl: {certificate-file: ${stage.certificate}, key-file: ${
          stage.key}}}
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: "http://127.0.0.1:${stage.origin.ports.plain}"
        proxy.preserve-host: ON
        proxy.timeout.keepalive: 100000
`);
  return started('h2o', 'h2o', ['-c', config], ports);
}

export async function startPortvakt(stage) {
  const portvakt = new Portvakt(stage.folder);
  const tls = await freePort();
  const upstreams = [`http://127.0.0.1:${stage.origin.ports.plain}`];
  await portvakt.configure({
    sites: [
      {name: 'bench', hosts: [hosts.filtered], upstreams},
      {name: 'plain', hosts: [hosts.plain], upstreams, filter: 'off'}
    ],
    redis: stage.redis,
    change: config => {
      config.workers = 1;
      config.listen.push({
        address: `127.0.0.1:${tls}`,
        tls: {certificates: [{certificate: stage.certificate, key: stage.key}]}
      });
    },
  });
  await portvakt.start();
  const {child, port} = portvakt;
  return {name: 'portvakt', child, pid: child.pid, ports: {plain: port, pages: port, tls}};
}

export const peers = {
  nginx: startNginx(),
  'nginx+log': startNginx({log: true}),
  haproxy: startHaproxy,
  nghttpx: startNghttpx,
  h2o: startH2o,
  portvakt: startPortvakt
};
