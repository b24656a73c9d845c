// Writes the demo site as static files: node demo/render.mjs FOLDER
// A page is a fragment below site/pages that opens with a comment of `key: value` lines;
// site/parts/layout.html goes around it. {{name}} takes a value of the page, {{>name}} a part, {{t.name}} a
// text of the page's language.
import {cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const site = join(dirname(fileURLToPath(import.meta.url)), 'site');
const target = process.argv[2];
if (!target) {
  console.error('usage: node demo/render.mjs FOLDER');
  process.exit(2);
}

const texts = JSON.parse(readFileSync(join(site, 'texts.json'), 'utf8'));
const part = name => readFileSync(join(site, 'parts', `${name}.html`), 'utf8');

function fill(template, page) {
  return template.replace(/\{\{>([\w-]+)\}\}/g, (_, name) => fill(part(name), page))
      .replace(/\{\{t\.(\w+)\}\}/g, (_, name) => texts[page.lang][name])
      .replace(/\{\{(\w+)\}\}/g, (_, name) => page[name] ?? '');
}

function readPage(folder, name) {
  const source = readFileSync(join(site, 'pages', folder, name), 'utf8');
  const [, head, body] = /^<!--\n([^]*?)\n-->\n([^]*)$/.exec(source);
  const values = head.split('\n').map(line => /^(\w+): *(.*)$/.exec(line).slice(1));
  return {lang: folder || 'nb', ...Object.fromEntries(values), body};
}

cpSync(join(site, 'static'), target, {recursive: true});
for (const folder of ['', 'en']) {
  mkdirSync(join(target, folder), {recursive: true});
  for (const name of readdirSync(join(site, 'pages', folder)).filter(file => file.endsWith('.html'))) {
    const page = readPage(folder, name);
    page.body = fill(page.body, page);
    page.extra = page.extra ? fill(part(page.extra), page) : '';
    writeFileSync(join(target, folder, name), fill(part('layout'), page));
  }
}
