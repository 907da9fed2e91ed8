/** A run that is killed outright, at whatever moment, has lost nothing of which its command had an answer. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Report } from '../../src/generated/report.generated.js';
import { readJournal } from '../../src/ledger/journal.js';
import { buildReport } from '../../src/report/build.js';
import { startUpstream, type Seen, type Upstream } from '../support/upstream.js';
import { policyFor, PROGRAMS, readReport, runCli, startCli, workspace } from './harness.js';
import { LONG } from '../support/sample.js';

/** `npm run test:long` kills more: 60 meet each state that a run can be in several times over. */
const KILLS = LONG ? 400 : 60;
/** The report of every sixth run is built by the command line, those of the others by the same code in this process. */
const BY_COMMAND = 6;
/** So many runs side by side; the moments at which they are killed differ all the more. */
const LANES = 4;
/** Every fourth is killed while it starts, within so many ms; the others within so many after their first call. */
const START_MS = 600;
const STORM_MS = 400;

let upstream: Upstream | undefined;
afterAll(() => upstream?.close());

interface Usage {
  readonly input: number;
  readonly output: number;
}

/** What the upstream billed, by run. No two calls of a run have the same usage, so an answer tells its call. */
const billed = new Map<number, Usage[]>();

function bill({ text }: Seen): Usage {
  const [, run, call] = (/run (\d+) call (\d+)/.exec(text) ?? []).map(Number);
  const usage = { input: call ?? 0, output: 1 + (((call ?? 0) * 7) % 60) };
  billed.set(run ?? 0, [...(billed.get(run ?? 0) ?? []), usage]);
  return usage;
}

test(`${KILLS} SIGKILLs at random moments lose no answered call, and what was in flight counts at its hold`, async () => {
  upstream = await startUpstream({ delayMs: 10, usage: bill });
  const { origin } = upstream;
  const counts = { kills: 0, beforeAnyCall: 0, answered: 0, inFlight: 0 };
  let next = 0;
  const lane = async () => {
    for (let run = next++; run < KILLS; run = next++) {
      const { answered, inFlight } = await killOnce(run, origin);
      counts.kills += 1;
      counts.beforeAnyCall += billed.has(run) ? 0 : 1;
      counts.answered += answered;
      counts.inFlight += inFlight;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  expect(counts.kills).toBe(KILLS);
  expect(counts.answered).toBeGreaterThan(KILLS / 2);
  expect(counts.inFlight).toBeGreaterThan(KILLS / 2);
}, 1_200_000);

async function killOnce(run: number, origin: string): Promise<{ answered: number; inFlight: number }> {
  const place = workspace(policyFor(origin, 'limits: { tokens: 1000M }'));
  const notes = join(place.dir, 'answers');
  const program = [process.execPath, join(PROGRAMS, 'storm.mjs'), String(run), notes];
  const { child, ended } = startCli(['run', '--policy', place.policy, '--report-dir', place.report, '--', ...program]);
  if (run % 4 === 0) await sleep(Math.random() * START_MS);
  else {
    while (!billed.has(run) && child.exitCode === null) await sleep(2);
    await sleep(Math.random() * STORM_MS);
  }
  child.kill('SIGKILL');
  // The command has our output too, so this is its end as well.
  expect(await ended).toMatchObject({ status: null, signal: 'SIGKILL' });
  // What had reached the upstream is billed, whoever is gone.
  await sleep(50);
  const answered = answersIn(notes);
  const inFlight = await expectKept(run, place.report, answered);
  rmSync(place.dir, { recursive: true });
  return { answered: answered.length, inFlight };
}

function answersIn(file: string): Usage[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => line.split(' ').map(Number)).map(([input = NaN, output = NaN]) => ({ input, output }));
}

/** @returns how many calls the journal has without an end */
async function expectKept(run: number, directory: string, answered: readonly Usage[]): Promise<number> {
  const file = join(directory, 'journal.ndjson');
  const journal = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (journal === '') {
    // It was killed before it had begun to write: nothing was sent either.
    expect({ answered, billed: billed.get(run) }).toEqual({ answered: [], billed: undefined });
    return 0;
  }
  expect(journal.endsWith('\n')).toBe(true);
  expect(readJournal(directory)).toHaveLength(journal.split('\n').length - 1);
  const report = run % BY_COMMAND === 0 ? await rebuilt(directory) : buildReport(readJournal(directory));
  return expectCounted(report, answered, billed.get(run) ?? []);
}

async function rebuilt(directory: string): Promise<Report> {
  expect(await runCli(['report', directory])).toMatchObject({ status: 0, stderr: '' });
  return readReport(directory);
}

function expectCounted(report: Report, answered: readonly Usage[], truth: readonly Usage[]): number {
  const settled = report.calls.filter(({ usage_source }) => usage_source === 'reported');
  const open = report.calls.filter(({ usage_source }) => usage_source === 'held');
  expect(settled.length + open.length).toBe(report.calls.length);
  const known = new Set(settled.map(({ usage }) => `${usage.input_tokens} ${usage.output_tokens}`));
  expect(known.size).toBe(settled.length);
  expect(answered.filter(({ input, output }) => !known.has(`${input} ${output}`))).toEqual([]);
  for (const { usage, cost_nano_usd } of settled) {
    // gpt-4o: $2.50 and $10 a million.
    expect(cost_nano_usd).toBe(usage.input_tokens * 2_500 + usage.output_tokens * 10_000);
  }
  const spent = sum(truth.map(({ input, output }) => input + output));
  expect(sum(settled.map(({ usage }) => usage.total_tokens))).toBeLessThanOrEqual(spent);
  expect(spent).toBeLessThanOrEqual(report.totals.total_tokens);
  for (const { usage, hold } of open) {
    expect(usage).toMatchObject({ input_tokens: hold.input_tokens, output_tokens: hold.output_tokens });
  }
  expect(report.incomplete).toBe(true);
  return open.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
