// A page with everything on it that an event tells of.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

export const away = 'http://elsewhere.test';
const page = `<!doctype html><title>ran</title><p><a id=out href="${away}/deep/page?who=me">away</a>
<a id=file href="/files/manual.pdf?copy=3">manual</a> <a id=inside href="/events.html#more">inside</a>
<form id=form action="/send?to=sales" onsubmit="return false"><input name=action value=x><button>send</button></form>`;

export function writeEventPages(folder) { writeFileSync(join(folder, 'events.html'), page); }
