// What was measured, as lines for a terminal and as a page that is kept.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const spread = ({low, high}) => `${number(low, 2)}–${number(high, 2)}`;

export function printLoad(load, result) {
  console.log(`\n${load.title}`);
  for (const [name, {cost, ratio, calls}] of Object.entries(result)) {
    console.log(
        `  ${name.padEnd(10)} ${number(cost, 1).padStart(8)} µs/request  × ${number(ratio.median, 2)} (${
            spread(ratio)})  ` +
        `${number(calls, 2).padStart(6)} system calls`);
  }
}

function machine() {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${cpus().length} × ${model}; load average ${loadavg().map(value => value.toFixed(1)).join(', ')}`;
}

function versionOf(command, args) {
  try {
    return execFileSync('sh', ['-c', `${command} ${args} 2>&1`]).toString().match(/\d+\.\d+(\.\d+)*/)?.[0] ??
        '?';
  } catch { return '?'; }
}

function versions() {
  const known = [
    ['nginx', '-v'], ['haproxy', '-v'], ['nghttpx', '--version'], ['h2o', '--version'],
    ['redis-server', '--version']
  ];
  return known.map(([command, args]) => `${command} ${versionOf(command, args)}`).join(', ');
}

function table(results) {
  const lines =
      ['| load | proxy | µs/request | ratio | middle half | system calls |', '|---|---|---|---|---|---|'];
  for (const {load, result} of results) {
    for (const [name, {cost, ratio, calls}] of Object.entries(result)) {
      lines.push(`| ${load.title} | ${name === 'portvakt' ? '**portvakt**' : name} | ${number(cost, 1)} | ${
          number(ratio.median, 2)} | ${spread(ratio)} | ${number(calls, 2)} |`);
    }
  }
  return lines.join('\n');
}

const begin = '<!-- measured -->', end = '<!-- /measured -->';

// Replaces what stands between the two marks of the file.
export function writeReport(file, results, {rounds}) {
  const text = readFileSync(file, 'utf8');
  const block = `${begin}\n${new Date().toISOString().slice(0, 10)}, ${rounds} rounds; ${machine()}; ${
      versions()}.\n\n${table(results)}\n${end}`;
  writeFileSync(
      file, text.slice(0, text.indexOf(begin)) + block + text.slice(text.indexOf(end) + end.length));
}
