// An eval of 10,000 rows as MLflow makes its calls: 40 workers, each asking again as soon as it has its answer. How much
// longer it takes under a budget, what memory that takes, and whether the report's totals are what the upstream billed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peakOf } from './memory.mjs';
import { budgetedClient, directClient, withDirectory, withUpstream } from './setting.mjs';
import { aim, fixed, printTable, whole } from './table.mjs';

const WORKERS = 40;
const ROWS = 10_000;
/** Of a quick model, in ms. */
const ANSWER_MS = 100;
/** What bench/upstream.mjs reports of each answer. */
const USAGE = { input: 250, output: 50 };
const MOST_MB = 150;

export async function evaluate({ quick }) {
  const rows = quick ? ROWS / 10 : ROWS;
  const round = { kind: 'json', size: 1024, delay: ANSWER_MS, callers: WORKERS, calls: rows };
  await withUpstream(async (port) => {
    const direct = await timed(directClient(port), round);
    await withDirectory(async (directory) => {
      const client = budgetedClient(directory, port);
      const peak = watched(() => peakOf(client.pid));
      const budgeted = { ...(await timed(client, round)), peak: peak() };
      const { totals } = JSON.parse(readFileSync(join(directory, 'report', 'report.json'), 'utf8'));
      print(rows, direct, budgeted, totals);
    });
  });
}

/** The last that `look` could tell of a process, which may have ended since: it builds its report at its end. */
function watched(look) {
  let last = NaN;
  const timer = setInterval(() => {
    const now = look();
    if (!Number.isNaN(now)) last = now;
  }, 20);
  return () => {
    clearInterval(timer);
    return last;
  };
}

/** Seconds of one round, after a first call that opens what stays open. */
async function timed(client, round) {
  try {
    await client.ask({ ...round, callers: 1, calls: 1 });
    const { calls, rate } = await client.ask(round);
    return { seconds: calls / rate };
  } finally {
    await client.end();
  }
}

function print(rows, direct, budgeted, { calls, input_tokens: input, output_tokens: output }) {
  const billed = { calls: rows + 1, input: (rows + 1) * USAGE.input, output: (rows + 1) * USAGE.output };
  const exact = calls === billed.calls && input === billed.input && output === billed.output;
  const ratio = budgeted.seconds / direct.seconds;
  printTable({
    title: `An eval of ${whole(rows)} rows, ${WORKERS} workers, answers after ${ANSWER_MS} ms`,
    note: ['The peak is of the token-budget process, to its end: its report is built and written.'],
    heads: ['', 'direct', 'under a budget', 'aim'],
    rows: [
      ['seconds', fixed(direct.seconds, 1), fixed(budgeted.seconds, 1), ''],
      ['ratio', '1', fixed(ratio), aim(ratio < 1.1, '<1.1')],
      ['peak MB', '', fixed(budgeted.peak, 1), aim(budgeted.peak < MOST_MB, `<${MOST_MB} MB`)],
      ['tokens', whole(billed.input + billed.output), whole(input + output), aim(exact, 'equal')],
    ],
  });
}
