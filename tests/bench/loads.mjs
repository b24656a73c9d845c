// The loads: what is asked, of which host, over how many connections, who can serve it, and how its answer is
// known to be right. `requests` makes about half a second of work for a proxy.
import {gunzipSync} from 'node:zlib';

import {files, trackerAddresses} from './pages.mjs';
import {hosts} from './programs.mjs';

const browser = {
  'User-Agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Accept-Language': 'en-GB,en;q=0.8',
};
const asset = {
  ...browser,
  'Accept': '*/*',
  'Sec-Fetch-Dest': 'script',
  'Sec-Fetch-Mode': 'no-cors'
};
const document = {
  ...browser,
  'Accept': 'text/html,application/xhtml+xml,*/*;q=0.8',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate'
};
const zipped = {
  ...document,
  'Accept-Encoding': 'gzip'
};

const same = name => answer => answer.body.equals(files[name]);

// No element names a tracker as what it loads, and the page's own text is still there.
function tagsRemoved(name) {
  const paragraphs = files[name].toString().match(/<p>.*?<\/p>/g);
  return answer => {
    const text =
        (/gzip/.test(answer.headers['content-encoding'] ?? '') ? gunzipSync(answer.body) : answer.body)
            .toString();
    const loads = trackerAddresses.some(
        address =>
            new RegExp(`<(script|img|iframe)[^>]* src="${address.replace(/[.?]/g, '\\$&')}`).test(text));
    return !loads && paragraphs.every(paragraph => text.includes(paragraph));
  };
}

const all = ['nginx', 'nginx+log', 'haproxy', 'nghttpx', 'h2o', 'portvakt'];
const both = ['nginx', 'portvakt'];
const pageLoad = (name, title, size, headers, requests) => ({
  name,
  title,
  port: 'pages',
  host: hosts.filtered,
  path: `/page-${size}k.html`,
  headers,
  connections: 16,
  requests,
  peers: both,
  right: tagsRemoved(`page-${size}k.html`)
});

export const loads = [
  {
    name: 'h1-1k',
    title: 'HTTP/1.1 keep-alive, 1 KiB',
    port: 'plain',
    host: hosts.filtered,
    path: '/1k.js',
    headers: asset,
    connections: 32,
    requests: 10_000,
    peers: all,
    right: same('1k.js')
  },
  {
    name: 'h1-html-100k',
    title: 'HTML 100 KiB passed through',
    port: 'plain',
    host: hosts.plain,
    path: '/page-100k.html',
    headers: document,
    connections: 16,
    requests: 4_000,
    peers: all,
    right: same('page-100k.html')
  },
  pageLoad('tags-10k', 'HTML 10 KiB, tags removed', 10, document, 4_000),
  pageLoad('tags-100k', 'HTML 100 KiB, tags removed', 100, document, 1_500),
  pageLoad('tags-10k-gzip', 'HTML 10 KiB, tags removed, gzip', 10, zipped, 2_500),
  pageLoad('tags-100k-gzip', 'HTML 100 KiB, tags removed, gzip', 100, zipped, 500),
  {
    name: 'h1-1m',
    title: 'HTTP/1.1, body of 1 MiB',
    port: 'plain',
    host: hosts.plain,
    path: '/1m.bin',
    headers: asset,
    connections: 8,
    requests: 500,
    peers: all,
    right: same('1m.bin')
  },
];
