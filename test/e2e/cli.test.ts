import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startUpstream, type Upstream } from '../support/upstream.js';
import {
  CLI,
  NODES,
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

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

const ROOMY = 'version: 1\nlimits: { tokens: 1M }\n';
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test.each(NODES)(
  'the demo shows a budget that holds, from dist on Node %s, without a key or a network',
  async (_, node) => {
    const report = join(mkdtempSync(join(tmpdir(), 'tb-demo-')), 'report');
    const { status, stdout, stderr } = await runCli(['demo', '--report-dir', report], { node });
    expect(status).toBe(0);
    expect(stdout).toMatch(/row {2}1 {2}ok/);
    expect(stdout).toMatch(/FAILED {2}402 token-budget: this call does not fit in what is left of the budget/);
    const { verdict, totals, limits } = readReport(report);
    expect(verdict).toBe('exceeded');
    expect(limits.every(({ used, ceiling }) => used <= ceiling)).toBe(true);
    expect(stderr).toContain(`The stand-in provider answered ${totals.calls} calls`);
    expect(stderr).toContain(report);
  },
);

test('a command that rewrites its own record ends the run with 4, whatever it wrote', async () => {
  const place = workspace(ROOMY);
  const script = `: > "${join(place.report, 'journal.ndjson')}"`;
  const { status, stderr } = await runCli([
    'run',
    '--policy',
    place.policy,
    '--report-dir',
    place.report,
    '--',
    'sh',
    '-c',
    script,
  ]);
  expect(status).toBe(4);
  expect(stderr).toContain('was changed');
});

test("the command's own status, output and input pass through", async () => {
  const script = 'process.stdin.on("data", (d) => process.stdout.write("in:" + d)).on("end", () => process.exit(7))';
  const place = workspace(ROOMY);
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', process.execPath, '-e', script];
  const { status, stdout } = await runCli(args, { stdin: 'hello' });
  expect({ status, stdout }).toEqual({ status: 7, stdout: 'in:hello' });
});

test('a command that a signal ends gives the status that shells give', async () => {
  const { status, report } = await runUnder(ROOMY, [process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")']);
  expect(status).toBe(137);
  expect(report.command).toMatchObject({ exit_code: null, signal: 'SIGKILL' });
});

test('a command that cannot be started says so and ends with 127', async () => {
  const { status, stderr } = await runUnder(ROOMY, ['no-such-program']);
  expect(status).toBe(127);
  expect(stderr).toContain('no-such-program');
});

test("the policy's own `run` line goes through a shell that stops at the first failure", async () => {
  const place = workspace(`${ROOMY}run: |\n  echo one\n  false | true\n  echo two\n`);
  const { status, stdout } = await runCli(['run', '--policy', place.policy, '--report-dir', place.report], {
    cwd: place.dir,
  });
  expect(stdout).toBe('one\n');
  expect(status).toBe(1);
});

test.each([
  [['run', '--policy', 'nowhere.yml'], 'nowhere.yml'],
  [['run'], 'there is no token-budget.yml here'],
  [['frobnicate'], 'unknown command frobnicate. See token-budget --help'],
  [['chek'], 'unknown command chek. Did you mean check? See'],
  [['run', '--frobnicate'], 'unknown option --frobnicate. See'],
  [['run', '--polcy', 'x.yml'], 'unknown option --polcy. Did you mean --policy? See'],
  [['report'], 'report needs the directory of a run'],
  [['report', 'nowhere'], 'there is no journal.ndjson in nowhere. Pass the --report-dir of a run'],
  [['check', 'extra'], 'unexpected argument extra'],
  [[], 'a command is missing'],
])('%j is a wrong use: status 2, and what to do', async (args, words) => {
  const { status, stderr } = await runCli(args, { cwd: mkdtempSync(join(tmpdir(), 'tb-empty-')) });
  expect(status).toBe(2);
  expect(stderr).toContain(words);
});

test('a bad policy ends with 2 before anything is started, all its problems at once with their places', async () => {
  const place = workspace('version: 1\nlimits: { tokns: 5 }\non_exceed: explode\n');
  const marker = join(place.dir, 'started');
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', 'touch', marker];
  const { status, stderr } = await runCli(args);
  expect(status).toBe(2);
  expect(stderr).toMatch(/token-budget\.yml:2:\d+: limits\.tokns/);
  expect(stderr).toContain('tokens');
  expect(stderr).toMatch(/token-budget\.yml:3:\d+: on_exceed/);
  expect(existsSync(marker)).toBe(false);
});

test('a report directory that cannot be written ends with 4 before anything is started', async () => {
  const place = workspace(ROOMY);
  writeFileSync(place.report, 'a file in the way');
  const marker = join(place.dir, 'started');
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', 'touch', marker];
  const { status, stderr } = await runCli(args);
  expect(status).toBe(4);
  expect(stderr).toContain(place.report);
  expect(existsSync(marker)).toBe(false);
});

test('a disk that fills up during the run ends all spending, and the run with 4', async () => {
  upstream = await startUpstream();
  const place = workspace(policyFor(upstream.origin, 'limits: { tokens: 1M }'));
  const program = [process.execPath, join(PROGRAMS, 'rows.mjs'), '120'];
  const args = [CLI, 'run', '--policy', place.policy, '--report-dir', place.report, '--', ...program];
  // No file may grow beyond 16 KiB: as on a full disk the last write is a short one, and the next fails.
  const run = await runProgram('bash', ['-c', 'ulimit -f 16; exec "$@"', 'bash', process.execPath, ...args]);
  expect(run.status).toBe(4);
  expect(run.stderr).toContain('The budget could not be enforced');
  expect(run.stdout).toContain('row 120 402');
  expect(upstream.billed.calls).toBeLessThan(120);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s reaches the whole process group, and the report is still written',
  async (signal) => {
    const place = workspace(ROOMY);
    const script = 'sh -c "sleep 300 & echo grandchild $!; wait" & wait';
    const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', 'bash', '-c', script];
    const { child, ended } = startCli(args);
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await until(() => printed.includes('grandchild'));
    child.kill(signal);
    const { status } = await ended;
    expect(status).toBeGreaterThan(128);
    await until(() => !alive(Number(/grandchild (\d+)/.exec(printed)?.[1])));
    expect(readReport(place.report).verdict).toBe('within');
  },
);

test('the command dies with us even when we are killed outright, and the journal gives the report', async () => {
  // No more than the calls' bounds: what is in flight at the kill is charged by these.
  upstream = await startUpstream({ usage: () => ({ input: 80, output: 50 }) });
  const place = workspace(policyFor(upstream.origin, 'limits: { tokens: 1M }'));
  const program = [process.execPath, join(PROGRAMS, 'rows.mjs'), '10000'];
  const { child, ended } = startCli(['run', '--policy', place.policy, '--report-dir', place.report, '--', ...program]);
  await until(() => (upstream?.billed.calls ?? 0) >= 3);
  const pid = Number(execFileSync('pgrep', ['-P', String(child.pid), '-f', 'rows.mjs'], { encoding: 'utf8' }).trim());
  child.kill('SIGKILL');
  await ended;
  await until(() => !alive(pid));
  const rebuilt = await runCli(['report', place.report]);
  expect(rebuilt.status).toBe(0);
  const report = readReport(place.report);
  expect(report.incomplete).toBe(true);
  expect(report.totals.calls).toBeGreaterThanOrEqual(3);
  const { billed } = upstream;
  expect(report.totals.total_tokens).toBeGreaterThanOrEqual(billed.input + billed.output);
});

test('report builds the very same files from the journal alone', async () => {
  upstream = await startUpstream();
  const policy = policyFor(upstream.origin, 'limits: { calls: 2 }');
  const run = await runUnder(policy, [process.execPath, join(PROGRAMS, 'rows.mjs'), '4']);
  const files = ['report.json', 'report.md', 'report.html'].map((name) => join(run.directory, name));
  const before = files.map((file) => readFileSync(file, 'utf8'));
  for (const file of files) rmSync(file);
  expect((await runCli(['report', run.directory])).status).toBe(0);
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});

test('a journal that was cut before its first line gives no report, and says why in one line', async () => {
  const place = workspace(ROOMY);
  mkdirSync(place.report);
  writeFileSync(join(place.report, 'journal.ndjson'), '{"event":"op');
  const { status, stderr } = await runCli(['report', place.report]);
  expect(status).toBe(4);
  expect(stderr).toMatch(/^token-budget: The journal has no "open" entry[^\n]+\n$/);
});

test('a command without a single LLM call is told so, since a hook that reached nothing looks the same', async () => {
  const { status, stderr } = await runUnder(ROOMY, [process.execPath, '-e', '0']);
  expect(status).toBe(0);
  expect(stderr).toMatch(/No model call was seen/);
});

test('init writes a policy and a workflow that check finds nothing wrong with, and overwrites nothing', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'tb-init-'));
  expect((await runCli(['init'], { cwd })).status).toBe(0);
  expect(existsSync(join(cwd, '.github/workflows/token-budget.yml'))).toBe(true);
  const checked = await runCli(['check'], { cwd });
  expect(checked).toMatchObject({ status: 0, stderr: '' });
  expect(checked.stdout).toContain('tokens');
  writeFileSync(join(cwd, 'token-budget.yml'), 'mine');
  await runCli(['init'], { cwd });
  expect(readFileSync(join(cwd, 'token-budget.yml'), 'utf8')).toBe('mine');
});

test('a prompt, an answer and a key that pass through are in no file and no output of ours', async () => {
  upstream = await startUpstream({
    intercept: (seen, response) => {
      if (seen.text.includes('CANARY-PROMPT-2')) response.writeHead(400).end('{"error":{"message":"CANARY-ANSWER"}}');
      return seen.text.includes('CANARY-PROMPT-2');
    },
  });
  const policy = policyFor(upstream.origin, 'limits: { calls: 2 }');
  const script = `for q in 1 2 3; do "${process.execPath}" "${join(PROGRAMS, 'ask.mjs')}" gpt-4o CANARY-PROMPT-$q >/dev/null; done`;
  const env = { OPENAI_API_KEY: 'sk-canary-0123456789abcdef' };
  const run = await runUnder(policy, ['bash', '-c', script], { env });
  expect(upstream.seen[0]?.headers.authorization).toContain(env.OPENAI_API_KEY);
  expect(run.report.calls.map(({ outcome }) => outcome)).toEqual(['settled', 'voided', 'settled']);
  const kept = readdirSync(run.directory).map((name) => readFileSync(join(run.directory, name), 'utf8'));
  expect(kept).toHaveLength(4);
  for (const text of [...kept, run.stdout, run.stderr]) {
    expect(text).not.toMatch(/CANARY-PROMPT-\d|CANARY-ANSWER|Paris|sk-canary/);
  }
});

test('prices are printed with their tiers, their day and their source', async () => {
  const { status, stdout } = await runCli(['prices', 'gpt-6-sol', 'claude-haiku-5-5', 'gemini-2.5-flash']);
  expect(status).toBe(0);
  expect(stdout).toContain('genai-prices 0.2.3, 2026-11-10, and corrections');
  expect(stdout).toMatch(/gpt-6-sol +2\.00 +10\.00 +0\.20 +2\.50 +2\.50 {2}openai$/m);
  expect(stdout).toMatch(/above 272,000 input +4\.00 +15\.00/);
  expect(stdout).toMatch(/flex ×0\.5, batch ×0\.5, regional ×1\.1, .*priority ×2/);
  expect(stdout).toMatch(/claude-haiku-5-5 +0\.10 +0\.50 .*anthropic$/m);
  expect(stdout).toMatch(/audio +1\.00 +0\.10$/m);
  expect(stdout).toContain('0.01 USD per search');
  expect(stdout).toMatch(/Service tiers: openai\.com\/api-priority-processing, 2026-11-24/);
});

test('a model that no list knows ends `prices` with 2, and the others are printed all the same', async () => {
  const { status, stdout, stderr } = await runCli(['prices', 'no-such-model', 'gpt-4o', '--provider', 'azure']);
  expect(status).toBe(2);
  expect(stdout).toMatch(/gpt-4o +2\.50/);
  expect(stderr).toBe('token-budget: no price is known for no-such-model at azure\n');
});

test('prices without a model is a mistake in its use', async () => {
  const { status, stderr } = await runCli(['prices']);
  expect(status).toBe(2);
  expect(stderr).toContain('needs the name of a model');
});
