// Everything that is written anywhere is searched for what must not be in it: full client addresses and
// cookie values.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

import {Redis} from '../../scripts/lib/redis.mjs';

import {get} from './support/http.mjs';
import {endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const each = (count, make) => Array.from({length: count}, (_, i) => make(i));
const octet = (i, salt) => 1 + (i * 37 + salt * 11) % 250;
const addresses = {
  plain: each(250, i => `198.${octet(i, 1)}.${octet(i, 5)}.${octet(i, 9) || 1}`),
  six: each(
      250,
      i =>
          `2a01:79c:${(0x1000 + i).toString(16)}:${(0x2000 + i).toString(16)}::${(0xa000 + i).toString(16)}`),
  mapped: each(250, i => `::ffff:203.${octet(i, 2)}.${octet(i, 6)}.${octet(i, 4)}`),
  direct: each(250, i => `127.${octet(i, 3)}.${octet(i, 7)}.${octet(i, 2)}`),
};

// The IPv6 address as 16 bytes: a search for text alone would miss a binary copy.
function sixteenBytes(address) {
  const [left, right] = address.split('::').map(side => side.split(':').filter(Boolean));
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(groups.flatMap(group => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
}

async function sendAll(world) {
  const cookies = [];
  const send = (address, i, headers, options) => {
    cookies.push(`secret${i}x${address.replaceAll(/[:.]/g, 'z')}`);
    return get(
        world.port, i % 5 ? `/n/${i}` : '/page',
        {Cookie: `basket=${cookies.at(-1)}; _ga=${cookies.at(-1)}; unknown=${cookies.at(-1)}`, ...headers},
        options);
  };
  const forms = [
    address => ({'X-Forwarded-For': address}), address => ({'X-Forwarded-For': `10.9.8.7, ${address}`}),
    address => ({Forwarded: `for=${address.includes(':') ? `"[${address}]:4711"` : address}`})
  ];
  let i = 0;
  for (const kind of ['plain', 'six', 'mapped']) {
    for (const address of addresses[kind]) await send(address, i, forms[i++ % forms.length](address));
  }
  for (const address of addresses.direct) await send(address, i++, {}, {localAddress: address});
  for (const address of addresses.plain.slice(0, 20))
    await get(world.port, '/hello', {'X-Forwarded-For': address, Host: 'dead.test'});
  for (const address of addresses.six.slice(0, 20))
    await get(world.port, '/ bad', {'X-Forwarded-For': address}).catch(() => {});
  return {cookies, count: i};
}

function filesBelow(folder) {
  return readdirSync(folder, {withFileTypes: true})
      .flatMap(
          entry => entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]);
}

// Everything that was written, as [name, bytes].
async function everythingWritten(world) {
  const redis = await Redis.open({port: world.redis.port, host: '127.0.0.1'});
  await redis.call('SAVE');
  const written = [];
  for (const key of await redis.call('KEYS', '*')) {
    const type = await redis.call('TYPE', key);
    const content = type === 'stream' ? await redis.call('XRANGE', key, '-', '+') :
        type === 'hash'               ? await redis.call('HGETALL', key) :
        type === 'zset'               ? await redis.call('ZRANGE', key, 0, -1) :
                                        await redis.call('GET', key);
    written.push([`key ${key}`, Buffer.from(`${key} ${JSON.stringify(content)}`)]);
  }
  redis.close();
  for (const file of [...filesBelow(world.redis.folder), ...filesBelow(world.portvakt.folder)]) {
    if (!file.endsWith('portvakt.yaml')) written.push([file, readFileSync(file)]);
  }
  written.push(['standard error', Buffer.from(world.portvakt.child.output)]);
  written.push(['metrics', (await world.portvakt.admin('/metrics')).body]);
  return written;
}

async function search(world) {
  const {cookies, count} = await sendAll(world);
  assert.equal(new Set(Object.values(addresses).flat()).size, 1000, 'a thousand distinct addresses');
  const records = await recordsOnceThat(world, 'example', list => list.length >= count);
  const written = await everythingWritten(world);
  for (const want of ['dump.rdb', 'appendonly', 'spool', 'standard error'])
    assert.ok(written.some(([name]) => name.includes(want)), `${want} was searched`);
  const needles = [
    ...addresses.plain, ...addresses.six, ...addresses.mapped.map(text => text.slice(7)), ...addresses.direct,
    ...cookies
  ];
  const binary = addresses.six.map(sixteenBytes);
  const hits = [];
  for (const [name, bytes] of written) {
    const text = bytes.toString('latin1');
    for (const needle of needles)
      if (contains(text, needle))
        hits.push(`${name}: a ${needle.startsWith('secret') ? 'cookie value' : 'full address'}`);
    for (const needle of binary)
      if (bytes.includes(needle)) hits.push(`${name}: an address in binary`);
  }
  assert.deepEqual(hits.slice(0, 5), []);
  // The same search does find what may be kept: a search that looks nowhere would have found nothing above,
  // too.
  const networks =
      [...new Set(records.map(record => record.ip).filter(ip => ip?.includes('.')))].slice(0, 200);
  for (const place of ['key portvakt:', 'appendonly', 'spool']) {
    const texts =
        written.filter(([name]) => name.includes(place)).map(([, bytes]) => bytes.toString('latin1'));
    const found = networks.filter(network => texts.some(text => text.includes(network)));
    assert.ok(
        networks.length > 100 && found.length > networks.length / 2,
        `${found.length} of ${networks.length} truncated addresses are found in ${place}`);
  }
  const kept = new Set(records.map(record => record.ip).filter(Boolean));
  assert.ok(kept.size > 700, `truncated addresses are kept (${kept.size} networks)`);
  for (const ip of kept) assert.match(ip, /(\.0(\/\d+)?|::(\/\d+)?)$/);
  console.log(`       searched ${written.length} places, ${
      written.reduce(
          (sum, [, bytes]) => sum + bytes.length, 0)} bytes, for ${needles.length + binary.length} texts`);
}

// 198.5.6.1 is not in 198.5.6.17: the character after a hit must not go on with the number.
function contains(text, needle) {
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!/[0-9a-f]/i.test(text[at + needle.length] ?? '') && !/[0-9.]/.test(text[at - 1] ?? '')) return true;
  }
  return false;
}

export const group = [
  'privacy', {
    prepare: () => startWorld({
      demo: false,
      change: config => {
        config.trusted_proxies = ['127.0.0.1/32'];
      }
    }),
    finish: endWorld,
    tests: [['a thousand full addresses and all cookie values are nowhere in what was written', search]],
  }
];
