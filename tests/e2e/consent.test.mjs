// Consent: who may choose, what a cookie is worth, what passes without one, and that no cache mixes visitors.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

import {get} from './support/http.mjs';
import {choose, endWorld, recordsOnceThat, startWorld} from './support/world.mjs';

const form = (world, body, headers, host = 'www.example.test', path = '/.privacy/choice') =>
    get(world.port, path, {
      Host: host,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': body.length,
      ...headers
    },
        {method: 'POST', body});

async function purposesAtUpstream(world, cookie, host = 'www.example.test') {
  const mark = `/hello?c${Math.random()}`;
  await get(world.port, mark, {Host: host, ...(cookie ? {Cookie: cookie} : {})});
  return world.scripted.last(mark).headers['consent-purposes'];
}

async function acceptAll(world) {
  const {answer, set, cookie} = await choose(world, 'accept-all');
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, '/page');
  assert.match(set, /; *HttpOnly/i);
  assert.match(set, /; *SameSite=Lax/i);
  assert.match(set, /; *Path=\//i);
  assert.ok(set.length <= 400 && cookie.length <= 256, 'the cookie is small');
  assert.equal(await purposesAtUpstream(world, cookie), 'necessary, functional, analytics, marketing');
}

async function rejectAll(world) {
  const {cookie} = await choose(world, 'reject-all');
  assert.equal(await purposesAtUpstream(world, cookie), 'necessary');
  const page = (await get(world.port, '/page', {Cookie: cookie})).body.toString();
  assert.ok(!page.includes('value="accept-all"'), 'the question is not asked again');
  assert.match(page, /data-portvakt="?open/);
}

async function selected(world) {
  const {cookie} = await choose(world, 'selected', {purposes: ['analytics']});
  assert.equal(await purposesAtUpstream(world, cookie), 'necessary, analytics');
}

async function heldBackUntilConsent(world) {
  const text = async cookie =>
      (await get(world.port, '/tracked', cookie ? {Cookie: cookie} : {})).body.toString();
  const [none, rejected, accepted] = [
    await text(), await text((await choose(world, 'reject-all')).cookie),
    await text((await choose(world, 'accept-all')).cookie)
  ];
  for (const page of [none, rejected]) {
    assert.ok(!/(src|href)="?https:\/\/www\.(google-analytics|facebook)\.com/.test(page), 'held back');
    assert.match(page, /<script src="https:\/\/js\.stripe\.com\/v3\/"><\/script>/);
  }
  assert.match(accepted, /<script src="https:\/\/www\.google-analytics\.com\/analytics\.js"><\/script>/);
  assert.match(accepted, /<img src="https:\/\/www\.facebook\.com\/tr\?id=1&amp;ev=PageView">/);
}

async function badCookies(world) {
  const {cookie} = await choose(world, 'accept-all');
  const value = cookie.slice('portvakt='.length);
  const other = (await choose(world, 'accept-all', {host: 'other.test'})).cookie;
  const flip = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  const bad = {
    'made up': 'portvakt=accept-all',
    empty: 'portvakt=',
    'of another site': other,
    ...Object.fromEntries(
        [1, 2, 5, 10, 20].map(cut => [`cut by ${cut}`, `portvakt=${value.slice(0, -cut)}`])),
    ...Object.fromEntries(
        Array.from({length: value.length}, (_, at) => [`changed at ${at}`, `portvakt=${flip(value, at)}`])),
    'two different ones': `${cookie}; portvakt=${flip(value, 3)}`,
    lengthened: `portvakt=${value}A`,
    doubled: `portvakt=${value}${value}`,
    huge: `portvakt=${'A'.repeat(4000)}`,
  };
  for (const [name, header] of Object.entries(bad))
    assert.equal(await purposesAtUpstream(world, header), 'necessary', name);
  assert.equal(await purposesAtUpstream(world, cookie), 'necessary, functional, analytics, marketing');
}

// The real cookie with another time of choice, signed with the real key as consent_cookie.h describes.
function resigned(world, cookie, secondsBack) {
  const secret =
      Buffer.from(readFileSync(join(world.portvakt.folder, 'consent.key'), 'utf8').trim(), 'base64url');
  const fields = cookie.slice('portvakt='.length).split('.').slice(0, -1);
  fields[3] = String(Number(fields[3]) - secondsBack);
  const text = fields.join('.');
  const message = `portvakt consent cookie 1\0example\0${text}`;
  const signature =
      createHmac('sha256', secret).update(message).digest().subarray(0, 16).toString('base64url');
  return `portvakt=${text}.${signature}`;
}

async function expiredCookies(world) {
  const {cookie} = await choose(world, 'accept-all');
  const day = 86_400;
  for (const [back, purposes] of [
           [0, 'necessary, functional, analytics, marketing'],
           [179 * day, 'necessary, functional, analytics, marketing'], [181 * day, 'necessary'],
           [-day, 'necessary']]) {
    assert.equal(
        await purposesAtUpstream(world, resigned(world, cookie, back)), purposes, `${back / day} days old`);
  }
}

async function neverUpstream(world) {
  const {cookie} = await choose(world, 'accept-all');
  await get(world.port, '/hello?own', {Cookie: `a=1; ${cookie}; b=2`});
  assert.ok(!(world.scripted.last('/hello?own').headers.cookie ?? '').includes('portvakt'));
}

async function crossSite(world) {
  const body = 'choice=accept-all&return=%2F';
  const cases = [
    [{'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.test'}, 403],
    [{Origin: 'https://evil.test'}, 403],
    [{Origin: 'null'}, 403],
    [{Referer: 'https://evil.test/x'}, 403],
    [{}, 403],
    [{'Sec-Fetch-Site': 'same-site', Origin: 'http://evil.example.test'}, 403],
    [{'Sec-Fetch-Site': 'same-origin'}, 303],
    [{Origin: 'http://www.example.test'}, 303],
    [{Referer: 'http://www.example.test/page'}, 303],
  ];
  for (const [headers, status] of cases) {
    const answer = await form(world, body, headers);
    assert.equal(answer.status, status, JSON.stringify(headers));
    if (status === 403) assert.equal(answer.all('set-cookie').length, 0);
  }
}

async function finePrint(world) {
  const own = {'Sec-Fetch-Site': 'same-origin'};
  assert.equal((await form(world, 'choice=accept-all', {...own, Accept: 'application/json'})).status, 204);
  assert.equal((await form(world, 'choice=maybe', own)).status, 400);
  assert.equal(
      (await form(world, '', own, 'www.example.test', '/.privacy/choice?choice=accept-all')).status, 400);
  for (const path of ['//evil.test/', 'https://evil.test/', '/\\evil.test', 'x']) {
    const answer = await form(world, `choice=reject-all&return=${encodeURIComponent(path)}`, own);
    assert.equal(answer.headers.location, '/', path);
  }
}

async function signalsObjection(world) {
  const mark = '/hello?gpc';
  await get(world.port, mark, {'Sec-GPC': '1'});
  assert.equal(world.scripted.last(mark).headers['consent-purposes'], 'necessary');
  const known = await get(world.port, '/.well-known/gpc.json');
  assert.equal(JSON.parse(known.body).gpc, true);
}

async function ownPages(world) {
  const page = await get(world.port, '/.privacy/');
  assert.equal(page.status, 200);
  assert.equal(page.all('set-cookie').length, 0);
  assert.ok(!/(src|href)="(https?:)?\/\/(?!www\.example\.test)/.test(page.body.toString()), 'no third party');
  const state = JSON.parse((await get(world.port, '/.privacy/state.json')).body);
  assert.ok(JSON.stringify(state).includes('necessary'));
}

async function receipts(world) {
  const before = (await recordsOnceThat(world, 'other', () => true, 'consents')).length;
  await choose(world, 'reject-all', {host: 'other.test'});
  const after = await recordsOnceThat(world, 'other', records => records.length === before + 1, 'consents');
  assert.ok(!JSON.stringify(after.at(-1)).includes('127.0.0.1'));
}

async function cookiesBothWays(world) {
  await get(world.port, '/hello?in', {Cookie: '_ga=GA1.2.3; basket=b-1; _fbp=fb.1'});
  assert.equal(world.scripted.last('/hello?in').headers.cookie, 'basket=b-1');
  const names = async cookie => (await get(world.port, '/cookies', cookie ? {Cookie: cookie} : {}))
                                    .all('set-cookie')
                                    .map(field => field.split('=')[0]);
  assert.deepEqual((await names()).filter(name => name !== 'portvakt'), ['basket']);
  const {cookie} = await choose(world, 'selected', {purposes: ['analytics']});
  const some = await names(cookie);
  assert.ok(
      some.includes('_ga') && some.includes('_pk_id.1.abcd') && some.includes('basket') &&
          !some.includes('_fbp'),
      some.join());
  const all = await names((await choose(world, 'accept-all')).cookie);
  assert.ok(['_ga', '_fbp', 'basket'].every(name => all.includes(name)), all.join());
}

async function withdrawalExpires(world) {
  const {cookie} = await choose(world, 'accept-all');
  const {answer, cookie: after} =
      await choose(world, 'reject-all', {cookie: `${cookie}; _ga=GA1.1.2; _fbp=fb.1`});
  const page = await get(world.port, '/hello', {Cookie: `${after}; _ga=GA1.1.2; _fbp=fb.1`});
  const expired = [...answer.all('set-cookie'), ...page.all('set-cookie')]
                      .filter(field => /max-age=0|expires=thu, 01 jan 1970/i.test(field))
                      .map(field => field.split('=')[0]);
  assert.ok(expired.includes('_ga') && expired.includes('_fbp'), expired.join());
}

async function caching(world) {
  const cookie = {none: undefined, all: (await choose(world, 'accept-all')).cookie};
  const tags = {};
  for (const [state, value] of Object.entries(cookie)) {
    const page = await get(world.port, '/etag', value ? {Cookie: value} : {});
    assert.match(page.headers['cache-control'], /private/, state);
    assert.ok(!/public/.test(page.headers['cache-control']), state);
    assert.match(page.headers.vary, /cookie/i);
    assert.match(page.headers.etag, /^W\//);
    assert.ok(!page.headers['content-length'] || Number(page.headers['content-length']) === page.body.length);
    tags[state] = page.headers.etag;
  }
  assert.notEqual(tags.none, tags.all);
  assert.equal((await get(world.port, '/etag', {'If-None-Match': tags.none})).status, 304);
  assert.equal(
      (await get(world.port, '/etag', {'If-None-Match': tags.none, Cookie: cookie.all})).status, 200);
}

async function redirectsToVendors(world) {
  assert.equal((await get(world.port, '/redirect', {'Sec-Fetch-Dest': 'image'})).status, 204);
  assert.equal((await get(world.port, '/redirect', {'Sec-Fetch-Dest': 'document'})).status, 302);
}

export const group = [
  'consent', {
    prepare: () => startWorld({demo: false}),
    finish: endWorld,
    tests: [
      ['accept-all grants everything with a small HttpOnly cookie', acceptAll],
      ['reject-all grants nothing and does not ask again', rejectAll],
      ['a selection grants what was selected', selected],
      ['tags wait for consent and payment tags do not', heldBackUntilConsent],
      ['forged, truncated, changed and foreign cookies count as none', badCookies],
      ['an expired cookie and one from the future count as none', expiredCookies],
      ['the consent cookie never reaches the upstream', neverUpstream],
      ['a choice from another site is refused', crossSite],
      ['a choice follows the fine print', finePrint],
      ['Sec-GPC counts as an objection', signalsObjection],
      ['its own pages set no cookie and name no third party', ownPages],
      ['every choice leaves one receipt', receipts],
      ['cookies are filtered in both directions', cookiesBothWays],
      ['withdrawing expires the cookies', withdrawalExpires],
      ['rewritten pages are private and validators belong to a consent class', caching],
      ['a subresource redirected to a vendor gets 204', redirectsToVendors],
    ],
  }
];
