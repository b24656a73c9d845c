// The pages that the origin serves: made up, always the same, with the tags of trackers among text as sites
// have them: about one for every 4 KiB.
import {gzipSync} from 'node:zlib';

const words =
    ('the of and to in a is that for it as was with be by on not he his but at are this have from or had an ' +
     'they which one you were all her she there would their we him been has when who will no more if out so')
        .split(' ');

// A generator of its own, so that every run serves the same bytes.
function* numbers(seed) {
  for (let state = seed;;) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    yield state >> 8;
  }
}

// What nginx replaces blindly and Portvakt takes out whole.
export const trackerAddresses = [
  'https://www.googletagmanager.com/gtag/', 'https://www.google-analytics.com/analytics.js',
  'https://connect.facebook.net/en_US/', 'https://www.facebook.com/tr?', 'https://static.hotjar.com/c/',
  'https://bat.bing.com/bat.js', 'https://snap.licdn.com/li.lms-analytics/',
  'https://analytics.tiktok.com/i18n/', 'https://www.clarity.ms/tag/', 'https://cdn.segment.com/analytics.js',
  'https://js.hs-scripts.com/', 'https://www.youtube.com/embed/'
];

function tag(which, number) {
  const address = trackerAddresses[which % trackerAddresses.length];
  if (address.includes('/tr?'))
    return `<img height="1" width="1" alt="" src="${address}id=${number}&amp;ev=PageView">`;
  if (address.includes('/embed/'))
    return `<iframe width="560" height="315" src="${address}v${number}"></iframe>`;
  return `<script async src="${address}${number}"></script>`;
}

export function page(size) {
  const random = numbers(size);
  const number = limit => random.next().value % limit;
  const sentence = () => Array.from({length: 8 + number(12)}, () => words[number(words.length)]).join(' ');
  const parts = [
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>A page of the benchmark</title>\n' +
    '<link rel="stylesheet" href="/style.css">\n<script src="/own.js"></script>\n</head>\n<body>\n'
  ];
  let length = parts[0].length;
  for (let block = 0, tags = 0; length < size - 24; ++block) {
    let text = block % 6 === 0 ? `<h2 id="s${block}">${sentence()}</h2>\n` : '';
    text += `<div class="card wide"><p>${sentence()} <a class="link" href="/article/${block}">${
                sentence()}</a> ` +
        `${sentence()}.</p><img src="/pictures/${block}.jpg" alt="${
                sentence()}" width="320" height="200"></div>\n`;
    if (length > tags * 4096) text += `${tag(tags++, 1000 + number(9000))}\n`;
    if (length + text.length > size - 24) text = `<!-- ${'x'.repeat(Math.max(0, size - length - 34))} -->\n`;
    parts.push(text);
    length += text.length;
  }
  return `${parts.join('')}</body>\n</html>\n`;
}

export const files = {
  '1k.js': Buffer.from(`/* ${'own code '.repeat(112)}*/\n`.padEnd(1024, ' ')),
  'page-10k.html': Buffer.from(page(10 * 1024)),
  'page-100k.html': Buffer.from(page(100 * 1024)),
  '1m.bin': Buffer.from(Uint8Array.from({length: 1 << 20}, (_, i) => (i * 31 + (i >> 8) * 7) & 255)),
};

export const zipped = Object.fromEntries(Object.entries(files)
                                             .filter(([name]) => name.endsWith('.html'))
                                             .map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));
