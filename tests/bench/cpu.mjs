// What a process and all its children have used: processor time, memory, system calls. Read from /proc, so
// that nothing runs inside what is measured.
import {spawn} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch { return ''; }  // gone meanwhile
}

function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch { return []; }
}

// The process and its descendants.
export function processTree(pid) {
  const children = threadsOf(pid).flatMap(
      thread => read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean));
  return [pid, ...children.flatMap(child => processTree(Number(child)))];
}

// Microseconds of processor time, user and system, of all threads that live.
export function cpuMicroseconds(pid) {
  let nanoseconds = 0;
  for (const one of processTree(pid)) {
    for (const thread of threadsOf(one))
      nanoseconds += Number(read(`/proc/${one}/task/${thread}/schedstat`).split(' ')[0] || 0);
  }
  return nanoseconds / 1000;
}

// Bytes of memory that are nobody else's.
export function privateBytes(pid) {
  let kilobytes = 0;
  for (const one of processTree(pid)) {
    const rollup = read(`/proc/${one}/smaps_rollup`);
    for (const [, size] of rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm))
      kilobytes += Number(size);
  }
  return kilobytes * 1024;
}

// How many system calls the process tree makes while `body` runs; NaN where the kernel does not tell.
export async function systemCalls(pid, body) {
  const counter = spawn(
      'perf', ['stat', '-x', ';', '-e', 'raw_syscalls:sys_enter', '-p', processTree(pid).join(',')],
      {stdio: ['ignore', 'ignore', 'pipe']});
  let text = '';
  counter.stderr.on('data', bytes => {
    text += bytes;
  });
  const ended = new Promise(resolve => counter.once('close', resolve).once('error', resolve));
  await new Promise(resolve => setTimeout(resolve, 300));  // perf does not tell when it has attached
  await body();
  counter.kill('SIGINT');
  await ended;
  return Number(text.match(/^(\d+);[^\n]*sys_enter/m)?.[1] ?? NaN);
}
