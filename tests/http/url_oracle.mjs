// Reads lines of two hexadecimal words, an address and its base, and prints how Node reads it: scheme, host,
// port, path and query, parted by tabs; "!" if it is refused.
import {readFileSync} from 'node:fs';

const text = (hex) => Buffer.from(hex, 'hex').toString('utf8');
const lines = readFileSync(process.argv[2], 'latin1').split('\n').filter(Boolean);
const answers = lines.map((line) => {
  const [input, base] = line.split(' ').map(text);
  try {
    const url = new URL(input, base || undefined);
    return [
      url.protocol.slice(0, -1), url.hostname, url.port, url.pathname, url.search.replace(/^\?/, '')
    ].join('\t');
  } catch { return '!'; }
});
process.stdout.write(answers.join('\n') + '\n');
