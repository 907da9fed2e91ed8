// What the way through the gateway adds to a call.
import { medianOf } from './statistics.mjs';
import { budgetedClient, cpuTime, directClient, withDirectory, withUpstream } from './setting.mjs';
import { aim, fixed, printTable, signed, whole } from './table.mjs';

const KB = 1024;
const CELLS = [
  { name: '1 KB, 1 caller', kind: 'json', size: KB, callers: 1, added: 1 },
  { name: '1 KB, 16 callers', kind: 'json', size: KB, callers: 16, rate: 2000 },
  { name: '1 KB, 16 callers, upstream takes 10 to 30 ms', kind: 'json', size: KB, callers: 16, delay: 20, added: 1 },
  { name: '100 KB, 1 caller', kind: 'json', size: 100 * KB, callers: 1, added: 5 },
  { name: '100 KB, 16 callers', kind: 'json', size: 100 * KB, callers: 16 },
  {
    name: '100 KB, 16 callers, upstream takes 25 to 75 ms',
    kind: 'json',
    size: 100 * KB,
    callers: 16,
    delay: 50,
    added: 5,
  },
];
const STREAMS = [
  { name: '500 chunks, 1 caller', kind: 'stream', size: 500, callers: 1 },
  { name: '500 chunks, 16 callers', kind: 'stream', size: 500, callers: 16 },
];

export async function latency({ rounds, roundMs }) {
  const measured = await measureAll(CELLS, rounds, roundMs);
  printTable({
    title: 'Calls, direct → through the gateway',
    note: [
      'Request and answer each of this size. Client: node:http(s), kept alive. Direct is plain http to the same upstream',
      'process; neither way has TLS. Callers without a pause compete for the cores, so their latency is their queue.',
      'Both ways have passed 4,000 calls before: the first 3,000 take token-budget up to four times as long, until V8 has',
      'compiled what they need.',
      'CPU is all processor time of token-budget for a call, that of its compiler and its collector included.',
    ],
    heads: ['', 'p50 ms', '', 'added', 'p99 ms', '', 'added', 'calls/s', '', 'CPU µs', 'aim'],
    rows: measured.map(callRow),
  });
}

export async function streams({ rounds, roundMs }) {
  const measured = await measureAll(STREAMS, rounds, roundMs);
  printTable({
    title: 'Streams of 500 chunks, direct → through the gateway',
    note: [
      'Sent as fast as they are taken; the client did not ask for usage, so its chunk is asked for and taken out.',
    ],
    heads: ['', 'first ms', '', 'p50 ms', '', 'p99 ms', '', 'streams/s', '', 'CPU µs a chunk', ''],
    rows: measured.map(streamRow),
  });
}

/** One cell after the other, each with processes of its own, so that none inherits the other's heap. */
async function measureAll(cells, rounds, roundMs) {
  const measured = [];
  for (const cell of cells) measured.push({ cell, ...(await measure(cell, rounds, roundMs)) });
  return measured;
}

function measure(cell, rounds, roundMs) {
  return withDirectory((directory) =>
    withUpstream(async (port) => {
      const direct = directClient(port);
      const through = budgetedClient(directory, port);
      try {
        return await interleave(direct, through, cell, rounds, roundMs);
      } finally {
        await Promise.all([direct.end(), through.end()]);
      }
    }),
  );
}

/** Both ways in turns, the first one changing, so that a slow moment of the machine meets both. */
async function interleave(direct, through, cell, rounds, roundMs) {
  const { kind, size, delay, callers } = cell;
  const question = { kind, size, delay, callers, ms: roundMs };
  const warm = { ...question, delay: 0, callers: 16, calls: 4_000, ms: 4_000 };
  await direct.ask(warm);
  await through.ask(warm);
  const pairs = [];
  let cpu = 0;
  for (let i = 0; i < rounds; i += 1) {
    const pair = {};
    for (const side of i % 2 ? ['through', 'direct'] : ['direct', 'through']) {
      const before = cpuTime(through.pid);
      pair[side] = await (side === 'direct' ? direct : through).ask(question);
      cpu += cpuTime(through.pid) - before;
    }
    pairs.push(pair);
  }
  return { pairs, cpu: (cpu * 1000) / pairs.reduce((sum, pair) => sum + pair.through.calls, 0) };
}

/** Medians of one figure, and of what the way through adds to it in the same round. */
function compare(pairs, figure) {
  return {
    direct: medianOf(pairs, ({ direct }) => direct[figure]),
    through: medianOf(pairs, ({ through }) => through[figure]),
    added: medianOf(pairs, ({ direct, through }) => through[figure] - direct[figure]),
  };
}

const arrow = ({ direct, through }, show) => [show(direct), `→ ${show(through)}`];

function callRow({ cell, pairs, cpu }) {
  const [p50, p99, rate] = ['p50', 'p99', 'rate'].map((figure) => compare(pairs, figure));
  const latencies = [p50, p99].flatMap((figure) => [...arrow(figure, fixed), signed(figure.added)]);
  return [cell.name, ...latencies, ...arrow(rate, whole), whole(cpu), aimOf(cell, p50.added, rate.through)];
}

function aimOf(cell, added, rate) {
  if (cell.added !== undefined) return aim(added < cell.added, `p50 +<${cell.added} ms`);
  return cell.rate === undefined ? '' : aim(rate >= cell.rate, `≥${whole(cell.rate)} calls/s`);
}

function streamRow({ cell, pairs, cpu }) {
  const [first, p50, p99, rate] = ['first', 'p50', 'p99', 'rate'].map((figure) => compare(pairs, figure));
  return [
    cell.name,
    ...arrow(first, fixed),
    ...arrow(p50, fixed),
    ...arrow(p99, fixed),
    ...arrow(rate, (value) => fixed(value, 1)),
    fixed(cpu / cell.size, 1),
    '',
  ];
}
