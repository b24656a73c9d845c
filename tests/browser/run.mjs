// The Chromium tests: node tests/browser/run.mjs [--quick] [--filter WORDS] [--pages N]
import {Suite} from '../e2e/support/suite.mjs';

import {group as banner} from './banner.test.mjs';
import {group as cost} from './cost.test.mjs';
import {group as dynamic} from './dynamic.test.mjs';
import {dynamicPages} from './dynamic_pages.mjs';
import {group as events} from './events.test.mjs';
import {group as held} from './held.test.mjs';
import {group as inPlace} from './in_place.test.mjs';
import {group as leaks} from './leaks.test.mjs';
import {group as looks} from './looks.test.mjs';
import {group as policies} from './policies.test.mjs';
import {group as privacyPages} from './privacy_pages.test.mjs';
import {group as reports} from './reports.test.mjs';
import {closeStage, openStage} from './stage.mjs';

const args = process.argv.slice(2);
const option = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const quick = args.includes('--quick');
const savedPages = Number(option('--pages') ?? (quick ? 4 : 44));

const suite = new Suite({filter: option('--filter')});
await suite.group(...reports({quick}));
const stage = await openStage({savedPages, ...(quick ? {ownPages: 3} : {})});
try {
  await suite.group(...banner(stage));
  await suite.group(...events(stage));
  await suite.group(...inPlace(stage));
  await suite.group(...looks(stage, quick));
  await suite.group(...cost(stage));
  await suite.group(...privacyPages(stage, quick));
  await suite.group(...policies(stage));
  const sample = Object.keys(dynamicPages).filter((_, i) => !quick || i % 4 === 0);
  await suite.group(...dynamic(stage, sample));
  await suite.group(...held(stage));
  await suite.group(...leaks(stage));
} finally { await closeStage(stage); }
process.exit(suite.finish());
