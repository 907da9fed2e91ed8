// The most memory that the token-budget process has had.
import { readFileSync } from 'node:fs';
import { budgetedClient, withDirectory, withUpstream } from './setting.mjs';
import { aim, fixed, printTable, whole } from './table.mjs';

const KB = 1024;
const LOADS = [
  { name: 'calls of 1 KB', kind: 'json', size: KB, calls: 2_000 },
  { name: 'calls of 100 KB', kind: 'json', size: 100 * KB, calls: 500 },
  { name: 'streams of 500 chunks', kind: 'stream', size: 500, calls: 100 },
  { name: 'more calls of 1 KB', kind: 'json', size: KB, calls: 8_000 },
];
const MOST_MB = 120;

/** Every load after the one before, on one process. */
export async function memory({ quick }) {
  const rows = await withDirectory((directory) =>
    withUpstream(async (port) => {
      const client = budgetedClient(directory, port);
      try {
        return await loads(client, quick ? 4 : 1);
      } finally {
        await client.end();
      }
    }),
  );
  printTable({
    title: 'Memory of the token-budget process, 16 callers',
    note: ['Peak resident set (VmHWM), the loads one after the other.'],
    heads: ['', 'peak MB', 'aim'],
    rows,
  });
}

async function loads(client, divisor) {
  await client.ask({ kind: 'json', size: KB, callers: 1, calls: 1 });
  const rows = [rowOf('after the first call', client.pid)];
  for (const { name, kind, size, calls } of LOADS) {
    const count = Math.ceil(calls / divisor);
    await client.ask({ kind, size, callers: 16, calls: count });
    rows.push(rowOf(`after ${whole(count)} ${name}`, client.pid));
  }
  return rows;
}

function rowOf(name, pid) {
  const megabytes = peakOf(pid);
  return [name, fixed(megabytes, 1), Number.isNaN(megabytes) ? '' : aim(megabytes < MOST_MB, `<${MOST_MB} MB`)];
}

/** The most memory that a process has had, in megabytes; NaN where the system does not tell. */
export function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return NaN;
  }
}
