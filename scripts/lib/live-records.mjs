// Shows access records as they arrive: node live-records.mjs REDIS_PORT SITE
import {Redis, streamOf, toRecord} from './redis.mjs';

const [port, site] = process.argv.slice(2);
const redis = await Redis.open({host: '127.0.0.1', port: Number(port)});
const today = () => new Date().toISOString().slice(0, 10);

function show(record) {
  const time =
      String(record.t ?? '').match(/T?(\d\d:\d\d:\d\d)/)?.[1] ?? new Date().toISOString().slice(11, 19);
  const known = ['entry', 'id', 't', 'site', 'method', 'path', 'status', 'bytes', 'ms'];
  const more =
      Object.entries(record).filter(([name]) => !known.includes(name)).map(([name,
                                                                             value]) => `${name}=${value}`);
  console.log(`${time} ${record.status} ${record.method} ${record.path}  ${record.bytes} B ${record.ms} ms  ${
      more.join(' ')}`);
}

process.stdout.on('error', () => process.exit(0));
let day = today();
// Entries are numbered by the clock; a few seconds back, so that none is missed while this program starts.
let last = `${Date.now() - 3000}-0`;
for (;;) {
  const answer = await redis.call(
      'XREAD', 'BLOCK', 1000, 'COUNT', 100, 'STREAMS', streamOf(site, day, 'requests'), last);
  for (const entry of answer?.[0]?.[1] ?? []) {
    show(toRecord(entry));
    last = entry[0];
  }
  // A new day has a new stream; it is read from its beginning.
  if (!answer && today() !== day) {
    day = today();
    last = '0';
  }
}
