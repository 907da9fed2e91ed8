/** However a command, what it started, or we ourselves come to an end: nothing goes on spending, and the end is told. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { readJournal } from '../../src/ledger/journal.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import {
  CLI,
  policyFor,
  PROGRAMS,
  readReport,
  runCli,
  runProgram,
  runUnder,
  startCli,
  until,
  workspace,
} from './harness.js';

const open: Upstream[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const NODE = process.execPath;
const ROWS = join(PROGRAMS, 'rows.mjs');
/** Neither an interrupt nor a request to end moves it; it says when it is ready. */
const STUBBORN = `trap '' INT TERM HUP; echo "ready $$"; while :; do sleep 0.1; done`;

async function withUpstream(delayMs = 0): Promise<Upstream> {
  const upstream = await startUpstream({ delayMs });
  open.push(upstream);
  return upstream;
}

/** Starts a command under a roomy policy; what it prints so far, and whether a process of it lives. */
function begin(policy: string, command: readonly string[]) {
  const place = workspace(policy);
  const { child, ended } = startCli(['run', '--policy', place.policy, '--report-dir', place.report, '--', ...command]);
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return { child, ended, report: place.report, printed: () => printed };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const ROOMY = 'version: 1\nlimits: { tokens: 1M }\n';

describe('a command that ignores signals', () => {
  test('is killed by halt after two graces, and the run says exceeded', async () => {
    const { origin, billed } = await withUpstream();
    const script = `trap '' INT TERM; "${NODE}" "${ROWS}" 2; while :; do sleep 0.1; done`;
    const started = performance.now();
    const policy = policyFor(origin, 'limits: { calls: 1 }\non_exceed: halt');
    const run = await runUnder(policy, ['bash', '-c', script]);
    expect(run).toMatchObject({ status: 3, report: { verdict: 'exceeded', command: { signal: 'SIGKILL' } } });
    expect(billed.calls).toBe(1);
    expect(performance.now() - started).toBeGreaterThan(10_000);
  });

  test('is killed soon after a second signal, and the report is written', async () => {
    const run = begin(ROOMY, ['bash', '-c', STUBBORN]);
    await until(() => run.printed().includes('ready'));
    run.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    run.child.kill('SIGTERM');
    expect((await run.ended).status).toBe(137);
    expect(readReport(run.report).command).toMatchObject({ signal: 'SIGKILL' });
  });

  test('does not outlive us either when we are killed outright', async () => {
    const run = begin(ROOMY, ['bash', '-c', STUBBORN]);
    await until(() => run.printed().includes('ready'));
    const pid = Number(/ready (\d+)/.exec(run.printed())?.[1]);
    run.child.kill('SIGKILL');
    await until(() => !alive(pid));
  });

  test('but stays in the background of one that ends is killed with it', async () => {
    const { status, stdout } = await runUnder(ROOMY, [
      'bash',
      '-c',
      `(${STUBBORN.replace('$$', '$BASHPID')}) & sleep 0.3`,
    ]);
    expect(status).toBe(0);
    await until(() => !alive(Number(/ready (\d+)/.exec(stdout)?.[1])));
  });
});

test('halt leaves a command the time to put its work away', async () => {
  const { origin } = await withUpstream();
  const file = join(mkdtempSync(join(tmpdir(), 'tb-halt-')), 'halting.mjs');
  writeFileSync(
    file,
    `process.on('SIGINT', () => setTimeout(() => { console.log('put away'); process.exit(0); }, 1000));
    await import(${JSON.stringify(ROWS)});`,
  );
  const run = await runUnder(policyFor(origin, 'limits: { calls: 2 }\non_exceed: halt'), [NODE, file, '1000']);
  expect(run.stdout).toContain('put away');
  expect(run).toMatchObject({ status: 3, report: { command: { exit_code: 0, signal: null } } });
  expect(run.report.notices.map(({ code }) => code)).toContain('halted');
});

test.each([
  ['it', 'SIGKILL', 137],
  ['it', 'SIGTERM', 143],
  ['us', 'SIGINT', 130],
] as const)(
  'a command that is ended by a signal to %s (%s) leaves its call to be counted as it is billed',
  async (...row) => {
    const [to, signal, expected] = row;
    const { origin, billed, seen } = await withUpstream(1_000);
    const script = `echo "pid $$"; exec "${NODE}" "${join(PROGRAMS, 'slow.mjs')}"`;
    const run = begin(policyFor(origin, 'limits: { tokens: 1M }'), ['sh', '-c', script]);
    await until(() => seen.length === 1);
    if (to === 'us') run.child.kill(signal);
    else process.kill(Number(/pid (\d+)/.exec(run.printed())?.[1]), signal);
    expect((await run.ended).status).toBe(expected);
    const { totals, calls } = readReport(run.report);
    expect(billed.calls).toBe(1);
    expect(totals.total_tokens).toBe(billed.input + billed.output);
    expect(calls).toMatchObject([{ usage_source: 'reported' }]);
  },
);

test('an error of ours that nothing foresaw ends the command too, with 4, and the journal gives the report', async () => {
  const { origin, billed } = await withUpstream();
  const file = join(mkdtempSync(join(tmpdir(), 'tb-bug-')), 'bug.mjs');
  const ours = "process.argv[1]?.endsWith('cli.js') && process.argv[2] === 'run'";
  writeFileSync(file, `if (${ours}) process.on('SIGUSR2', () => { throw new Error('a bug'); });`);
  const place = workspace(policyFor(origin, 'limits: { tokens: 1M }'));
  const command = ['sh', '-c', `echo "pid $$"; exec "${NODE}" "${ROWS}" 10000`];
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', ...command];
  const { child, ended } = startCli(args, { env: { NODE_OPTIONS: `--import=${file}` } });
  await until(() => billed.calls >= 3);
  child.kill('SIGUSR2');
  const { status, stdout, stderr } = await ended;
  expect(status).toBe(4);
  expect(stderr).toContain('a bug');
  await until(() => !alive(Number(/pid (\d+)/.exec(stdout)?.[1])));
  expect((await runCli(['report', place.report])).status).toBe(0);
  expect(readReport(place.report).totals.total_tokens).toBeGreaterThanOrEqual(billed.input + billed.output);
});

describe('a command that puts a process out of our reach, in a session of its own', () => {
  test('and ends: that process lives on, and none of its calls gets through any more', async () => {
    const { origin, seen, billed } = await withUpstream();
    const file = join(mkdtempSync(join(tmpdir(), 'tb-daemon-')), 'log');
    const command = [NODE, join(PROGRAMS, 'daemon.mjs'), file, 'end', NODE, ROWS, '100000'];
    const run = await runUnder(policyFor(origin, 'limits: { tokens: 1M }'), command);
    expect(run.status).toBe(0);
    await expectCutOff(file, seen);
    expect(run.report.totals.total_tokens).toBe(billed.input + billed.output);
  });

  test('and we are killed outright: none of its calls gets through any more', async () => {
    const { origin, seen } = await withUpstream();
    const file = join(mkdtempSync(join(tmpdir(), 'tb-daemon-')), 'log');
    const command = [NODE, join(PROGRAMS, 'daemon.mjs'), file, 'stay', NODE, ROWS, '100000'];
    const run = begin(policyFor(origin, 'limits: { tokens: 1M }'), command);
    await until(() => seen.length >= 3);
    run.child.kill('SIGKILL');
    await run.ended;
    await expectCutOff(file, seen);
    expect((await runCli(['report', run.report])).status).toBe(0);
    expect(readReport(run.report).totals.calls).toBe(seen.length);
  });
});

test('a reader of our output who leaves early changes neither the status nor the report', async () => {
  const place = workspace(ROOMY);
  const args = [
    'run',
    '--policy',
    place.policy,
    '--report-dir',
    place.report,
    '--',
    'sh',
    '-c',
    'echo one; sleep 1; exit 7',
  ];
  const script = '{ "$@"; echo $? >status; } 2>&1 | head -1; until [ -s status ]; do sleep 0.1; done; cat status';
  const { stdout } = await runProgram('bash', ['-c', `cd "${place.dir}"; ${script}`, 'bash', NODE, CLI, ...args]);
  expect(stdout).toBe('one\n7\n');
  expect(readReport(place.report).command.exit_code).toBe(7);
});

test('a clock that is set back and forth by days changes nothing: times in the journal only go on', async () => {
  const { origin } = await withUpstream(50);
  const directory = mkdtempSync(join(tmpdir(), 'tb-clock-'));
  const file = join(directory, 'clock.mjs');
  writeFileSync(
    file,
    `const Real = Date;
    let days = 3e8;
    const leap = () => (days = -days);
    globalThis.Date = class extends Real {
      constructor(...words) { super(...(words.length === 0 ? [Real.now() + leap()] : words)); }
      static now() { return Real.now() + leap(); }
    };`,
  );
  const policy = policyFor(origin, 'limits: { calls: 1, models: { "gpt-*": { cost_usd: 1 } } }\nreserve: { wait: 2s }');
  const env = { NODE_OPTIONS: `--import=${file}` };
  // The second of two calls at once waits for the first, and is refused when that has taken the last call.
  const run = await runUnder(policy, [NODE, join(PROGRAMS, 'parallel.mjs'), '2'], { env });
  expect(JSON.parse(run.stdout)).toEqual({ ok: 1, '402 token_budget_exceeded': 1 });
  const times = readJournal(run.directory).flatMap((entry) => ('ms' in entry ? [entry.ms] : []));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.abs(Date.parse(run.report.started_at) - Date.now())).toBeGreaterThan(2e8);
  expect(run.report.duration_ms).toBeGreaterThan(0);
  expect(run.report.duration_ms).toBeLessThan(60_000);
  for (const { waited_ms, duration_ms } of run.report.calls) {
    expect(waited_ms).toBeLessThan(10_000);
    expect(duration_ms ?? 0).toBeLessThan(10_000);
  }
});

/** The process that is out of reach goes on and fails at each call. */
async function expectCutOff(file: string, seen: Upstream['seen']): Promise<void> {
  const log = () => readFileSync(file, 'utf8');
  const pid = Number(/pid (\d+)/.exec(log())?.[1]);
  onTestFinished(() => {
    if (alive(pid)) process.kill(pid, 'SIGKILL');
  });
  const failed = () => log().split('fetch failed').length - 1;
  await until(() => failed() >= 1);
  const reached = seen.length;
  const before = failed();
  await until(() => failed() >= before + 5);
  expect(alive(pid)).toBe(true);
  expect(seen).toHaveLength(reached);
  expect(log().split('fetch failed').at(-1)).not.toContain('ok');
}
