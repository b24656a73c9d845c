// All end-to-end tests: node tests/e2e/run.mjs [--quick] [--filter WORDS] [--requests N] [--nasty N]
// [--faults NAMES]
// --quick leaves out the long ones. The program under test is build/release/portvakt, or $PORTVAKT.
import {existsSync} from 'node:fs';

import {scale} from './chaos.test.mjs';
import {settings} from './delivery.test.mjs';
import {settings as nasty} from './nasty.test.mjs';
import {crowd} from './slow_clients.test.mjs';
import {program} from './support/portvakt.mjs';
import {Suite} from './support/suite.mjs';

const args = process.argv.slice(2);
const option = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const files = [
  'proxy', 'http2', 'upgrade', 'consent', 'rights', 'bad_input', 'operation', 'restart', 'tls', 'upstream',
  'slow_clients', 'bombs', 'privacy_search', 'nasty', 'delivery', 'chaos'
];

if (!existsSync(program)) {
  console.error(`${program} does not exist: run scripts/build first`);
  process.exit(2);
}
nasty.requests = Number(option('--nasty') ?? (quick ? 1_200 : 5_000));
settings.requests = Number(option('--requests') ?? (quick ? 3_000 : 20_000));
scale(settings.requests, {quick, kinds: option('--faults')?.split(',')});
if (quick) crowd.size = 100;
const suite = new Suite({filter: option('--filter')});
for (const file of files) {
  const {group, groups = [group]} = await import(`./${file}.test.mjs`);
  for (const [title, tests] of groups) await suite.group(title, tests);
}
process.exit(suite.finish());
