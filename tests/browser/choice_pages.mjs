// Pages on which visitors choose: with tags before, between and behind what the site itself does, an embed, a
// form, and enough text to scroll; one with styles that no banner expects; one that comes slowly.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

export const languages = [
  'nb', 'nn', 'se', 'sv', 'da', 'fi', 'is', 'en', 'de', 'fr', 'es', 'pl', 'uk', 'et', 'lv', 'lt', 'nl', 'ar'
];
const text =
    Array.from({length: 40}, (_, i) => `<p>Paragraph ${i + 1} of what the page has to say.</p>`).join('\n');
const page = (language, head, body) =>
    `<!DOCTYPE html>\n<html lang="${language}">\n<head><meta charset="utf-8"><meta name="viewport" ` +
    `content="width=device-width"><title>Choice</title>${head}</head>\n<body>${body}</body>\n</html>\n`;

const tags = page(
    'en', `
<script>window.ran = ['page']; window.heard = [];
  document.addEventListener('portvakt:consent', e => heard.push(e.detail.purposes.join()));</script>
<script src="https://static.hotjar.com/ran/slow-1"></script>`,
    `
<main><h1>Tags</h1><form id="own"><label>Name <input name="name"></label></form>
<script src="https://bat.bing.com/ran/2"></script>
<p><iframe width="480" height="270" title="Film" src="https://www.youtube.com/embed/1"></iframe></p>
<p class="pixel"><img alt="" src="https://www.facebook.com/tr?id=1&amp;ev=PageView"></p>
${text}
<script>ran.push('own'); window.drawn = document.querySelectorAll('main p').length;</script>
<script src="https://static.hotjar.com/ran/3"></script>
</main>`);

// Everything at once: resets, layers, important ones, styles on the elements that a banner is made of.
const hostile = `
@layer reset { body * { all: unset !important; display: none !important } button, summary { visibility: hidden !important } }
body *, body *::before, body *::after { margin: 0 !important; padding: 0 !important; border: 0 !important; font-size: 3px !important;
  line-height: 0 !important; color: transparent !important; background: url(/none.png) !important; float: left !important;
  transform: rotate(3deg) !important; opacity: .01 !important; direction: rtl !important; transition: all 9s !important;
  text-transform: uppercase !important; letter-spacing: 2em !important; position: relative !important; zoom: 2 !important }
button { display: none !important } a { pointer-events: none !important }
section, nav, form { height: 1px !important; overflow: hidden !important; width: 10px !important; clip-path: inset(50%) !important }
h2::before { content: "x" !important; font-size: 99px !important } details > * { display: none !important }
input[type=checkbox] { appearance: none !important; width: 1px !important } label { white-space: nowrap !important }
html body section { display: none !important } [id^=portvakt] { left: -9999px !important }`;

export const choicePages = {
  tags,
  plain: page('en', '', `<main><h1>Plain</h1>${text}</main>`),
  nb: page('nb-NO', '', `<main><h1>Norsk</h1>${text}</main>`),
  ar: page('ar', '', `<main dir="rtl"><h1>صفحة</h1>
    <p><iframe width="480" height="270" title="Film" src="https://www.youtube.com/embed/1"></iframe></p></main>`),
  ...Object.fromEntries(
      languages.map(language => [`embed-${language}`, page(language, '', `<main><h1>Embed</h1>
    <p><iframe width="480" height="270" title="Film" src="https://www.youtube.com/embed/1"></iframe></p></main>`)])),
  embed: page('en', '', `<main><h1>Embed</h1>
    <p><iframe width="480" height="270" title="Film" src="https://www.youtube.com/embed/1"></iframe></p></main>`),
  bare: page('en', '', '<main><h1>Bare</h1><p>Text.</p></main>'),
  hostile: page('en', `<style>${hostile}</style>`, `<main><h1>Hostile</h1>
    <p><iframe width="480" height="270" title="Film" src="https://www.youtube.com/embed/1"></iframe></p></main>`),
};

export function writeChoicePages(root) {
  const folder = join(root, 'choice');
  mkdirSync(folder);
  for (const [name, html] of Object.entries(choicePages)) writeFileSync(join(folder, `${name}.html`), html);
}
