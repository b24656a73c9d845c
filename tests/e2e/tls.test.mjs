// TLS as clients, upstreams and operators meet it: certificates by name, sessions, misdirected requests,
// changed files, the way to https, ACME's challenges, upstreams behind TLS.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {Connection, exchange, get} from './support/http.mjs';
import {runPortvakt} from './support/portvakt.mjs';
import {freePort, temporaryFolder} from './support/processes.mjs';
import {eventually} from './support/suite.mjs';
import {endWorld, startWorld} from './support/world.mjs';

const kinds = {
  ecdsa: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  rsa: ['rsa:2048']
};

function certificate(folder, names, {kind = 'ecdsa', file = `${names[0].replace('*', 'any')}-${kind}`} = {}) {
  const [certificate, key] = [join(folder, `${file}.pem`), join(folder, `${file}.key`)];
  const alternatives = names.map(name => `${/ ^[\d.] + $ /.test(name) ? 'IP' : 'DNS'}:${name}`).join(',');
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', ...kinds[kind], '-nodes', '-days', '30', '-subj', `/CN=${names[0]}`,
        '-addext', `subjectAltName=${alternatives}`, '-keyout', key, '-out', certificate
      ],
      {stdio: 'ignore'});
  return {certificate, key};
}

// A world with one TLS listener besides the plain one.
async function secureWorld(tls, {change = () => {}, ...more} = {}) {
  const port = await freePort();
  const world = await startWorld({
    demo: false,
    redis: false,
    ...more,
    change: config => {
      config.listen.push({address: `127.0.0.1:${port}`, tls});
      change(config);
    }
  });
  return {...world, tlsPort: port};
}

const client = (servername, more = {}) => ({servername, rejectUnauthorized: false, ...more});
const connect = (world, name, more) =>
    Connection.open({port: world.tlsPort, host: '127.0.0.1'}, client(name, more));
const request = (host, path = '/hello') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

async function shown(world, name, more) {
  const connection = await connect(world, name, more);
  const {subject, bits, asn1Curve} = connection.socket.getPeerCertificate();
  connection.close();
  return {name: subject.CN, type: asn1Curve ? 'ecdsa' : `rsa${bits}`};
}

async function certificatesByName() {
  const folder = temporaryFolder();
  const certificates = [
    certificate(folder, ['www.example.test', 'example.test'], {kind: 'rsa'}),
    certificate(folder, ['www.example.test', 'example.test']), certificate(folder, ['*.shop.test'])
  ];
  const world = await secureWorld({certificates});
  const rsa = {sigalgs: 'rsa_pss_rsae_sha256'}, ecdsa = {sigalgs: 'ecdsa_secp256r1_sha256'};
  assert.deepEqual(await shown(world, 'www.example.test', rsa), {name: 'www.example.test', type: 'rsa2048'});
  assert.deepEqual(await shown(world, 'www.example.test', ecdsa), {name: 'www.example.test', type: 'ecdsa'});
  assert.equal((await shown(world, 'a.shop.test')).name, '*.shop.test');
  assert.equal((await shown(world, 'a.b.shop.test')).name, 'www.example.test');
  assert.equal((await shown(world, 'unknown.test')).name, 'www.example.test');
  await endWorld(world);
}

async function profiles() {
  const folder = temporaryFolder();
  const certificates = [certificate(folder, ['www.example.test'])];
  const modern = await freePort();
  const world = await secureWorld({certificates}, {
    change: config =>
        config.listen.push({address: `127.0.0.1:${modern}`, tls: {profile: 'modern', certificates}})
  });
  const client = (port, ...args) => {
    const ran = spawnSync(
        'openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'www.example.test', ...args],
        {input: '', timeout: 20_000});
    return `${ran.stdout}${ran.stderr}`;
  };
  assert.match(client(world.tlsPort, '-tls1_3'), /New, TLSv1\.3, Cipher is TLS_/);
  const old = client(world.tlsPort, '-tls1_2');
  assert.match(old, /New, TLSv1\.2, Cipher is ECDHE-/);
  assert.match(old, /Server Temp Key: X25519/);
  assert.match(old, /Compression: NONE/);
  assert.match(client(world.tlsPort, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), /alert protocol version/);
  assert.match(client(world.tlsPort, '-tls1_2', '-cipher', 'AES128-SHA'), /alert handshake failure/);
  assert.match(client(world.tlsPort, '-tls1_3'), /Max Early Data: 0|Early data was not sent/);
  assert.match(client(modern, '-tls1_3'), /New, TLSv1\.3/);
  assert.match(client(modern, '-tls1_2'), /alert protocol version/);
  await endWorld(world);
}

async function misdirected() {
  const folder = temporaryFolder();
  const world = await secureWorld({
    certificates:
        [certificate(folder, ['www.example.test', '127.0.0.1']), certificate(folder, ['other.test'])]
  });
  const statuses = async (name, ...hosts) => {
    const connection = await connect(world, name);
    const got = [];
    for (const host of hosts) {
      await connection.send(request(host));
      got.push((await connection.response()).status);
    }
    connection.close();
    return got;
  };
  assert.deepEqual(
      await statuses('www.example.test', 'www.example.test', 'other.test', 'www.example.test'),
      [200, 421, 200], 'the connection goes on');
  assert.deepEqual(
      await statuses('other.test', 'other.test', 'www.example.test', 'example.test'), [200, 421, 421]);
  assert.deepEqual(
      await statuses('example.test', 'example.test'), [200],
      'who names an uncovered host and takes the certificate is served');
  assert.deepEqual(await statuses('', 'www.example.test', 'example.test', 'other.test'), [200, 200, 421]);
  assert.equal(
      (await get(world.port, '/hello', {Host: 'other.test'})).status, 200, 'plain text has no certificate');
  assert.equal(await world.portvakt.metric('portvakt_requests_total', 'site="other",code="421"'), 2);
  await endWorld(world);
}

async function anyHost() {
  const folder = temporaryFolder();
  const world = await secureWorld({certificates: [certificate(folder, ['localhost'])]}, {
    change: config => {
      config.sites = [{...config.sites[0], hosts: ['*']}];
    }
  });
  for (const host of [`127.0.0.1:${world.tlsPort}`, 'localhost', 'anything.test']) {
    assert.equal((await exchange(world.tlsPort, request(host), {tls: client('')})).status, 200, host);
  }
  await endWorld(world);
}

async function sessions() {
  const folder = temporaryFolder();
  const world = await secureWorld(
      {certificates: [certificate(folder, ['www.example.test']), certificate(folder, ['other.test'])]}, {
        change: config => {
          config.workers = 2;
        }
      });
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    let session;  // of TLS 1.3: it comes after the handshake
    const first = await connect(world, 'www.example.test', {maxVersion});
    first.socket.on('session', given => {
      session = given;
    });
    await first.send(request('www.example.test'));
    await first.response();
    if (maxVersion === 'TLSv1.2') session = first.socket.getSession();
    await eventually('a ticket', () => session);
    first.close();
    // The kernel spreads connections over the workers: with eight, both are met.
    for (let i = 0; i < 8; ++i) {
      const again = await connect(world, 'www.example.test', {maxVersion, session});
      assert.equal(again.socket.isSessionReused(), true);
      await again.send(request('www.example.test'));
      await again.response();  // so that Portvakt's side of the handshake is over as well
      again.close();
    }
    const crossed = await connect(world, 'other.test', {maxVersion, session});
    assert.equal(crossed.socket.isSessionReused(), false);
    await crossed.send(request('other.test'));
    await crossed.response();
    crossed.close();
  }
  await eventually(
      'the metric counts them',
      async () => await world.portvakt.metric('portvakt_tls_handshakes_total', 'result="resumed"') === 16);
  assert.equal(await world.portvakt.metric('portvakt_tls_handshakes_total', 'result="full"'), 4);
  assert.equal(await world.portvakt.metric('portvakt_tls_handshakes_open'), 0);
  await endWorld(world);
}

async function slowHandshake() {
  const folder = temporaryFolder();
  const world = await secureWorld({certificates: [certificate(folder, ['www.example.test'])]}, {
    change: config => {
      config.limits = {handshake_timeout: '200ms'};
    }
  });
  const silent = await Connection.open({port: world.tlsPort, host: '127.0.0.1'});
  await silent.send(Buffer.from([22, 3, 1]));
  await silent.untilClosed();
  assert.equal(await world.portvakt.metric('portvakt_tls_handshakes_total', 'result="timed_out"'), 1);
  await endWorld(world);
}

async function changedFiles() {
  const folder = temporaryFolder();
  const pair = certificate(folder, ['www.example.test'], {file: 'site'});
  const world = await secureWorld({certificates: [pair]}, {
    change: config => {
      config.certificate_check = '1s';
    }
  });
  const expiry = () => world.portvakt.metric('portvakt_certificate_expiry_timestamp_seconds', 'site.pem');
  const open = await connect(world, 'www.example.test');
  const before = await expiry();
  execFileSync(
      'openssl',
      [
        'req', '-x509', '-newkey', ...kinds.ecdsa, '-nodes', '-days', '60', '-subj', '/CN=renewed', '-addext',
        'subjectAltName=DNS:www.example.test', '-keyout', pair.key, '-out', pair.certificate
      ],
      {stdio: 'ignore'});
  await eventually(
      'the new certificate', async () => (await shown(world, 'www.example.test')).name === 'renewed', 20_000);
  assert.ok(await expiry() > before + 20 * 86400);
  await open.send(request('www.example.test'));
  assert.equal((await open.response()).status, 200, 'a connection of before goes on');
  open.close();
  writeFileSync(pair.certificate, 'nonsense\n');
  await eventually(
      'the refusal',
      async () => await world.portvakt.metric('portvakt_certificate_changes_total', 'result="refused"') > 0,
      20_000);
  assert.equal((await shown(world, 'www.example.test')).name, 'renewed');
  assert.match(world.portvakt.errors, /site\.pem is not in PEM/);
  world.portvakt.signal('SIGHUP');
  await eventually(
      'the reload is refused',
      async () => await world.portvakt.metric('portvakt_config_last_reload_successful') === 0);
  assert.equal((await shown(world, 'www.example.test')).name, 'renewed');
  await endWorld(world);
}

async function reloadTakesCertificates() {
  const folder = temporaryFolder();
  const [old, next] = ['www.example.test', 'example.test'].map(name => certificate(folder, [name]));
  const world = await secureWorld({certificates: [old]});
  const config = JSON.parse(readFileSync(world.portvakt.file, 'utf8'));
  config.listen[1].tls.certificates = [next];
  writeFileSync(world.portvakt.file, JSON.stringify(config));
  world.portvakt.signal('SIGHUP');
  await eventually('the new file', async () => (await shown(world, 'x.test')).name === 'example.test');
  await endWorld(world);
}

async function wayToHttps() {
  const folder = temporaryFolder();
  const challenges = join(folder, 'acme/.well-known/acme-challenge');
  mkdirSync(challenges, {recursive: true});
  writeFileSync(join(challenges, 'token_A-1'), 'token_A-1.thumbprint');
  writeFileSync(join(folder, 'acme/direct'), 'direct.thumbprint');
  writeFileSync(join(folder, 'secret'), 'secret');
  const world = await secureWorld({certificates: [certificate(folder, ['www.example.test'])]}, {
    change: config => {
      config.acme = {directory: join(folder, 'acme')};
      config.trusted_proxies = ['127.0.0.9/32'];
      Object.assign(
          config.sites[0],
          {redirect: 'https', redirect_port: 8443, hsts: {max_age: '365d', include_subdomains: 'on'}});
    }
  });
  const moved = await get(world.port, '/a/b?c=d&e', {Host: 'www.example.test:8080'});
  assert.equal(moved.status, 301);
  assert.equal(moved.headers.location, 'https://www.example.test:8443/a/b?c=d&e');
  assert.equal(moved.headers['strict-transport-security'], undefined, 'never in plain text');
  const posted = await get(world.port, '/form', {'Content-Length': 0}, {method: 'POST'});
  assert.equal(posted.status, 308);
  assert.equal(
      (await get(world.port, '/hello', {'X-Forwarded-Proto': 'https'})).status, 301, 'anybody can say so');
  const behind = await get(world.port, '/hello', {'X-Forwarded-Proto': 'https'}, {localAddress: '127.0.0.9'});
  assert.equal(behind.status, 200, 'a trusted proxy has spoken TLS');
  assert.equal(
      (await get(world.port, '/hello', {Host: 'other.test'})).status, 200, 'the option is a site\'s');
  const policy = 'max-age=31536000; includeSubDomains';
  for (const path of ['/hello', '/.privacy/state.json', '/.well-known/acme-challenge/none']) {
    const answer =
        await exchange(world.tlsPort, request('www.example.test', path), {tls: client('www.example.test')});
    assert.deepEqual(answer.all('strict-transport-security'), [policy], path);
  }
  const challenge = path => get(world.port, `/.well-known/acme-challenge/${path}`);
  assert.equal((await challenge('token_A-1')).body.toString(), 'token_A-1.thumbprint');
  assert.equal((await challenge('direct')).body.toString(), 'direct.thumbprint');
  for (const path
           of ['none', '../secret', '..%2fsecret', '%2e%2e/secret', '', 'a/b', '.well-known', 'token_A-1.']) {
    assert.equal((await challenge(path)).status, 404, path);
  }
  assert.equal(world.scripted.last('/a/b?c=d&e'), undefined, 'the upstream saw none of it');
  assert.equal(await world.portvakt.metric('portvakt_requests_total', 'site="example",code="301"'), 2);
  await endWorld(world);
}

async function upstreams() {
  const folder = temporaryFolder();
  const pair = certificate(folder, ['origin.test']);
  const port = await freePort();
  const block = `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${pair.certificate};
    ssl_certificate_key ${pair.key};
    ssl_session_tickets on;
    keepalive_timeout 0;
    location / { add_header Seen "$ssl_server_name $ssl_session_reused"; return 200 "hello\\n"; }
  }`;
  const site = (name, trust) =>
      ({name, hosts: [`${name}.test`], upstreams: [`https://127.0.0.1:${port}`], ...trust});
  const world = await startWorld({
    redis: false,
    serverBlocks: () => block,
    moreSites: [
      site('trusted', {upstream_tls: {ca: pair.certificate, server_name: 'origin.test'}}),
      site('misnamed', {upstream_tls: {ca: pair.certificate, server_name: 'wrong.test'}}), site('unknown', {})
    ],
    change: config => {
      config.workers = 1;
    }
  });
  const seen = async () => (await get(world.port, '/', {Host: 'trusted.test'})).headers.seen;
  assert.equal(await seen(), 'origin.test .');
  assert.equal(await seen(), 'origin.test r', 'the second connection resumes');
  assert.equal(await seen(), 'origin.test r');
  assert.equal((await get(world.port, '/', {Host: 'misnamed.test'})).status, 502);
  assert.equal((await get(world.port, '/', {Host: 'unknown.test'})).status, 502);
  assert.match(world.portvakt.errors, /hostname mismatch/);
  assert.match(world.portvakt.errors, /self-signed certificate/);
  await endWorld(world);
}

async function checks() {
  const folder = temporaryFolder();
  const good = certificate(folder, ['www.example.test']);
  const other = certificate(folder, ['elsewhere.test']);
  const file = join(folder, 'portvakt.yaml');
  const check = async certificates => {
    writeFileSync(
        file,
        JSON.stringify(
            {
              listen: [{address: '127.0.0.1:8443', tls: {certificates}}],
              log: {spool: {path: join(folder, 'spool')}},
              consent: {signing_keys: [`file:${join(folder, 'consent.key')}`]},
              sites: [{name: 'a', hosts: ['www.example.test'], upstreams: ['http://127.0.0.1:1']}]
            },
            null, 1));
    return runPortvakt('check', '--config', file);
  };
  assert.equal((await check([good])).code, 0);
  const mismatch = await check([{certificate: good.certificate, key: other.key}, other]);
  assert.equal(mismatch.code, 1);
  assert.match(mismatch.output, /portvakt\.yaml:\d+:\d+: error: key .* does not belong to certificate/);
  assert.match(
      mismatch.output,
      /warning: this certificate covers no host of any site; its first name is `elsewhere\.test`/);
}

export const group = [
  'TLS', {
    tests: [
      ['certificates are chosen by name, wildcard and key type', certificatesByName],
      ['the profiles hold against openssl s_client', profiles],
      ['a request that the certificate does not cover is misdirected', misdirected],
      ['one self-signed certificate serves any host', anyHost],
      ['sessions resume at any worker and at no other site', sessions],
      ['a handshake has a limit of time', slowHandshake],
      ['changed certificates are taken without a reload, broken ones not', changedFiles],
      ['a reload takes other certificates', reloadTakesCertificates],
      ['plain text is sent to https, challenges are answered', wayToHttps],
      ['upstreams behind TLS are verified and resumed', upstreams],
      ['the check names what is wrong with certificates', checks],
    ],
  }
];
