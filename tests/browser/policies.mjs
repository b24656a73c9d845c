// Pages under Content-Security-Policies of every kind that sites use. Each has a script of its own that sets
// the title, by which one sees that it still runs, and asks a vendor for a picture.
import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

export const vendorHost = 'www.google-analytics.com';
// The host is put together at run time: not the page's filter but the guard in the browser meets it.
const ownScript =
    `document.title = 'ran'; new Image().src = 'https://www.google-' + 'analytics.com/collect?v=1';`;
const ownHash = `'sha256-${createHash('sha256').update(ownScript).digest('base64')}'`;
const trustedTypes = `require-trusted-types-for 'script'; trusted-types 'none'`;
const external = '<script src="/own.js"></script>';
const inline = `<script>${ownScript}</script>`;
const withNonce = `<script nonce="b3du">${ownScript}</script>`;

// By page: the policy fields, and the page's own script.
export const guardedPages = {
  guarded: {
    policies: [
      `default-src 'self'; script-src 'self'; style-src 'self'; img-src *; form-action 'self'; base-uri 'none'; ` +
      trustedTypes
    ],
    script: external
  },
  nonce:
      {policies: [`script-src 'nonce-b3du'; style-src 'nonce-c3R5bGU='; base-uri 'none'`], script: withNonce},
  hash: {policies: [`script-src ${ownHash}; style-src 'sha256-${'A'.repeat(43)}='`], script: inline},
  fallback: {policies: [`default-src 'self' ${ownHash}; img-src *`], script: inline},
  dynamic: {
    policies: [`script-src 'nonce-b3du' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; ${
        trustedTypes}`],
    script: withNonce
  },
  'dynamic-hash':
      {policies: [`script-src ${ownHash} 'strict-dynamic'; style-src 'unsafe-inline'`], script: inline},
  inline: {policies: [`script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'`], script: inline},
  elements:
      {policies: [`script-src-elem 'self'; style-src-elem 'self'; script-src 'none'`], script: external},
  several: {
    policies: [`script-src 'self' 'nonce-b3du'`, `script-src 'nonce-b3du'; style-src 'self'`],
    script: withNonce
  },
  'several-kinds':
      {policies: [`script-src 'self' 'nonce-b3du'`, `script-src ${ownHash} 'self'`], script: withNonce},
  'no-forms': {policies: [`script-src 'self'; form-action 'none'`], script: external},
  'no-requests': {policies: [`default-src 'none'; script-src 'self'; img-src *`], script: external},
  sandbox: {
    policies: [`sandbox allow-scripts allow-forms allow-same-origin allow-top-navigation; script-src 'self'`],
    script: external
  },
  none: {policies: [], script: inline},
  meta: {policies: [], meta: `script-src 'self'; style-src 'self'; form-action 'none'`, script: external},
};

export function writeGuardedPages(folder) {
  writeFileSync(join(folder, 'own.js'), ownScript);
  for (const [name, {meta, script}] of Object.entries(guardedPages))
    writeFileSync(
        join(folder, `${name}.html`),
        `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Guarded</title>\n` +
            (meta ? `<meta http-equiv="Content-Security-Policy" content="${meta}">\n` : '') +
            `</head>\n<body><main><h1>Guarded</h1><p>By policy.</p></main>\n${script}</body>\n</html>\n`);
}

export const guardedLocations = () =>
    Object.entries(guardedPages)
        .map(
            ([name, {policies}]) => `location = /${name}.html { ${
                policies.map(policy => `add_header Content-Security-Policy "${policy}";`).join(' ')} }`)
        .join('\n');
