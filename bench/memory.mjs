// The most memory that the token-budget process has had.
import { readFileSync } from 'node:fs';
import { budgetedClient, NODES, withDirectory, withUpstream } from './setting.mjs';
import { aim, fixed, printTable, whole } from './table.mjs';

const KB = 1024;
const LOADS = [
  { name: 'calls of 1 KB', kind: 'json', size: KB, calls: 2_000 },
  { name: 'calls of 100 KB', kind: 'json', size: 100 * KB, calls: 500 },
  { name: 'streams of 500 chunks', kind: 'stream', size: 500, calls: 100 },
  { name: 'more calls of 1 KB', kind: 'json', size: KB, calls: 8_000 },
];
const MOST_MB = 120;

export async function memory({ quick }) {
  const divisor = quick ? 4 : 1;
  const peaks = [];
  for (const [, node] of NODES) peaks.push(await peaksUnder(node, divisor));
  const names = LOADS.map(({ name, calls }) => `after ${whole(Math.ceil(calls / divisor))} ${name}`);
  printTable({
    title: 'Memory of the token-budget process, 16 callers',
    note: [
      'Peak resident set (VmHWM) in MB, the loads one after the other. Some 45 MB of it are Node’s own program file.',
    ],
    heads: ['', ...NODES.map(([name]) => name), 'aim'],
    rows: ['after the first call', ...names].map((name, i) =>
      rowOf(
        name,
        peaks.map((ofNode) => ofNode[i]),
      ),
    ),
  });
}

/** The peak after each load, every load after the one before, on one process. */
function peaksUnder(node, divisor) {
  return withDirectory((directory) =>
    withUpstream(async (port) => {
      const client = budgetedClient(directory, port, node);
      try {
        await client.ask({ kind: 'json', size: KB, callers: 1, calls: 1 });
        const peaks = [peakOf(client.pid)];
        for (const { kind, size, calls } of LOADS) {
          await client.ask({ kind, size, callers: 16, calls: Math.ceil(calls / divisor) });
          peaks.push(peakOf(client.pid));
        }
        return peaks;
      } finally {
        await client.end();
      }
    }),
  );
}

function rowOf(name, peaks) {
  const most = Math.max(...peaks);
  const judged = Number.isNaN(most) ? '' : aim(most < MOST_MB, `<${MOST_MB} MB`);
  return [name, ...peaks.map((peak) => fixed(peak, 1)), judged];
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
