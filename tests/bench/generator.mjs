// Sends a load's requests with h2load, which sends exactly as many as it is told.
import {startProcess} from '../e2e/support/processes.mjs';

export async function send(load, port, requests) {
  const secure = load.port === 'tls';
  const fields = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const child = startProcess('h2load', [
    ...(load.protocol === 'h2' ? [] : ['--h1']), '-t', '1', '-n', String(requests), '-c',
    String(load.connections), '-m', String(load.streams ?? 1), `--connect-to=127.0.0.1:${port}`, ...fields,
    `${secure ? 'https' : 'http'}://${load.host}${load.path}`
  ]);
  const {code} = await child.exited;
  const done = child.output.match(/requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded/);
  if (code !== 0 || Number(done?.[1]) !== requests)
    throw new Error(
        `${load.name}: h2load got ${done?.[1] ?? 'no'} answers of ${requests}: ${child.output.slice(-400)}`);
}
