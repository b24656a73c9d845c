// The vendor catalogue as the tests read it, apart from the program under test: which vendor and purpose a
// URL belongs to.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'yaml';

const strictness = ['necessary', 'functional', 'analytics', 'marketing'];
const literal = text => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

// In names a star stands for any characters of a label and # for four digits or more; *. in front is every
// host below.
function hostPattern(text) {
  const [host, ...path] = text.split('/');
  const below = host.startsWith('*.');
  const name = literal(below ? host.slice(2) : host).replaceAll('*', '[^.]*').replaceAll('#', '\\d{4,}');
  return {
    host: new RegExp(`^${below ? '(?:.+\\.)' : ''}${name}$`, 'i'),
    exact: host.replace(/[*#]/g, '').length,
    ...pathPattern(path.length ? `/${path.join('/')}` : '')
  };
}

// A path prefix; what follows its question mark must be in the query.
function pathPattern(text) {
  const [path, query = ''] = text.split('?');
  return {
    length: text.length,
    path: new RegExp(`^${literal(path).replaceAll('*', '.*').replaceAll('#', '\\d{4,}')}`),
    query
  };
}

function fits({path, query}, target) {
  const [asked, ...rest] = target.split('?');
  return path.test(asked) && rest.join('?').includes(query);
}

export class Catalogue {
  #vendors;

  constructor(root) {
    const {vendors} = parse(readFileSync(join(root, 'config/vendors.yaml'), 'utf8'));
    this.#vendors = vendors.map(
        ({id, purpose, payment = false, hosts = [], paths = []}) =>
            ({id, purpose, payment, hosts: hosts.map(hostPattern), paths: paths.map(pathPattern)}));
  }

  get size() { return this.#vendors.length; }

  // {id, purpose, payment} of whom a request belongs to: the longest path wins, then the more exact host,
  // then the stricter purpose. Or null.
  find(host, target) {
    let best = null;
    for (const vendor of this.#vendors) {
      const own = vendor.hosts.filter(pattern => pattern.host.test(host) && fits(pattern, target));
      if (own.length === 0) continue;
      const paths = vendor.paths.filter(pattern => fits(pattern, target));
      const longest = Math.max(
          ...[...own.map(({length}) => length), ...paths.map(({length}) => length)].filter(Number.isFinite));
      const rank = [longest, Math.max(...own.map(({exact}) => exact)), strictness.indexOf(vendor.purpose)];
      const at = best ? rank.findIndex((value, i) => value !== best.rank[i]) : 0;
      if (!best || (at >= 0 && rank[at] > best.rank[at])) best = {vendor, rank};
    }
    return best && best.vendor;
  }
}
