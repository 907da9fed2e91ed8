/** Under `keys: gateway` the command works as ever and can read no key, by the built command line and the built action. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStand } from '../action/stand.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { canReplaceItself, NODES, policyFor, PROGRAMS, runCli, runUnder, workspace } from './harness.js';

let upstream: Upstream;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => {
  upstream.close();
});

const SNOOP = [process.execPath, join(PROGRAMS, 'snoop.mjs')];
const newKey = () => `sk-real-${randomBytes(16).toString('hex')}`;
const custody = () => policyFor(upstream.origin, 'limits: { tokens: 10k }\nkeys: gateway');
const [oldest] = NODES;
const able = NODES.filter(([, path]) => canReplaceItself(path));
const seenIn = (stdout: string) => JSON.parse(stdout) as { found: string[]; ancestors: boolean; key: string };

test.each(able)('on Node %s the official clients work with placeholders, each at its own provider', async (_, node) => {
  const env = { OPENAI_API_KEY: newKey(), ANTHROPIC_API_KEY: newKey() };
  const { stdout, stderr, status } = await runUnder(custody(), [process.execPath, join(PROGRAMS, 'keyed.mjs')], {
    env,
    node,
  });
  expect(stderr).not.toContain('ExperimentalWarning');
  expect({ status, lines: stdout.trim().split('\n') }).toEqual({
    status: 0,
    lines: [
      'openai Paris.',
      'anthropic Paris.',
      'wrong 403 token-budget: a request with the placeholder of ANTHROPIC_API_KEY was not sent: it is not a key for api.openai.com',
      'own 0',
    ],
  });
  expect(upstream.seen.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${env.OPENAI_API_KEY}`,
    `Bearer ${env.ANTHROPIC_API_KEY}`,
    'Bearer sk-brought-along',
  ]);
});

test.each(able)('on Node %s no process shows a key to the command', async (_, node) => {
  const env = { OPENAI_API_KEY: newKey(), COPY_OF_IT: '' };
  env.COPY_OF_IT = `key=${env.OPENAI_API_KEY}`;
  const { stdout, report } = await runUnder(custody(), SNOOP, { env, node });
  expect(seenIn(stdout)).toEqual({
    found: [],
    ancestors: true,
    key: expect.stringMatching(/^sk-[0-9a-f]{64}$/) as string,
  });
  expect(report.notices.filter(({ code }) => code === 'keys')).toEqual([]);
});

test('without custody the same command finds the key where it should not be', async () => {
  const env = { OPENAI_API_KEY: newKey() };
  const { stdout } = await runUnder(policyFor(upstream.origin, 'limits: { tokens: 10k }'), SNOOP, { env });
  expect(seenIn(stdout)).toEqual({
    found: ['own environment', 'environ of a process'],
    ancestors: true,
    key: env.OPENAI_API_KEY,
  });
});

test.runIf(!('execve' in process))(
  'a Node that cannot replace itself refuses to run with keys in its environment',
  async () => {
    const place = workspace(custody());
    const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', ...SNOOP];
    const key = newKey();
    const { status, stdout, stderr } = await runCli(args, { env: { OPENAI_API_KEY: key } });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('OPENAI_API_KEY');
    expect(stderr).toContain('--keys FILE');
    expect(stderr).not.toContain(key);
  },
);

test.each(NODES)('on Node %s keys can come through a pipe instead, and no process shows one', async (_, node) => {
  const place = workspace(custody());
  const own = ['run', '--policy', place.policy, '--report-dir', place.report, '--keys', '-', '--'];
  const stdin = `# from the vault\nOPENAI_API_KEY=${newKey()}\nexport ANTHROPIC_API_KEY="${newKey()}"\n`;
  const snooped = await runCli([...own, ...SNOOP], { stdin, node });
  expect(seenIn(snooped.stdout)).toMatchObject({ found: [], ancestors: true });
  const called = await runCli([...own, process.execPath, join(PROGRAMS, 'keyed.mjs')], { stdin, node });
  expect(called.stdout).toMatch(/^openai Paris\.\nanthropic Paris\./);
});

test('no debugger of our own process opens to the command', async () => {
  const place = workspace(custody());
  const signal = 'trap "" USR1; for i in 1 2 3; do kill -USR1 $PPID; sleep 0.1; done; echo sent';
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--keys', '-', '--', 'sh', '-c', signal];
  const { status, stdout, stderr } = await runCli(args, { stdin: `OPENAI_API_KEY=${newKey()}` });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'sent\n' });
  expect(stderr).not.toContain('Debugger');
});

test.each(able)('options of Node %s that open a debugger reach the command alone', async (_, node) => {
  const env = { OPENAI_API_KEY: newKey(), NODE_OPTIONS: '--inspect=127.0.0.1:0' };
  const { stdout, stderr } = await runUnder(custody(), ['sh', '-c', 'echo "$NODE_OPTIONS"'], { env, node });
  expect(stdout).toContain('--inspect=127.0.0.1:0');
  // Once: in the process that was replaced before anything was in its memory but its own start.
  expect(stderr.match(/Debugger listening/g) ?? []).toHaveLength(1);
});

test('a key that a parent still shows is named in the report', async () => {
  const place = workspace(custody());
  const key = newKey();
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--keys', '-', '--', ...SNOOP];
  // The harness's own child is the parent here: its environment holds what its child is given by the pipe.
  const script = `const { spawnSync } = require('node:child_process');
    const { TOKEN, ...env } = process.env;
    spawnSync(process.execPath, ${JSON.stringify([join(import.meta.dirname, '../../dist/cli.js'), ...args])},
      { env, input: 'OPENAI_API_KEY=' + TOKEN, stdio: ['pipe', 'inherit', 'inherit'] });`;
  const { spawnSync } = await import('node:child_process');
  const { stdout } = spawnSync(oldest?.[1] ?? '', ['-e', script], {
    env: { PATH: process.env.PATH ?? '', TOKEN: key },
    encoding: 'utf8',
  });
  expect(seenIn(stdout).found).toEqual(['environ of a process']);
  const markdown = readFileSync(join(place.report, 'report.md'), 'utf8');
  expect(markdown).toContain('the command can still read the key in OPENAI_API_KEY');
  expect(markdown).not.toContain(key);
});

test.each([
  ['--keys without keys: gateway', 'version: 1\n', 'OPENAI_API_KEY=x', 'needs `keys: gateway`'],
  ['a line that is none', 'version: 1\nkeys: gateway\n', 'A=1\nsk-secret-of-a-line', '-:2 is not a line'],
])('%s is a wrong use, and nothing is run', async (_, policy, stdin, words) => {
  const place = workspace(policy);
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--keys', '-', '--', 'echo', 'ran'];
  const { status, stdout, stderr } = await runCli(args, { stdin });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('sk-secret');
});

test('a key among the words of the command is refused, and named by its variable alone', async () => {
  const place = workspace(custody());
  const key = newKey();
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--keys', '-', '--', 'echo', key];
  const { status, stdout, stderr } = await runCli(args, { stdin: `OPENAI_API_KEY=${key}` });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('Let the command read the variable instead');
  expect(stderr).not.toContain(key);
});

test('credentials that stay with the command are named in the report', async () => {
  const env = { AWS_SECRET_ACCESS_KEY: newKey(), GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };
  const { report } = await runUnder('version: 1\nkeys: gateway\n', ['true'], { env });
  expect(report.notices.filter(({ code }) => code === 'keys').map(({ text }) => text)).toEqual([
    "GOOGLE_APPLICATION_CREDENTIALS stays in the command's environment: Google clients make tokens of it",
    "AWS_SECRET_ACCESS_KEY stays in the command's environment: AWS clients sign each request with it",
  ]);
});

test('in the action no process shows a key or the token of the workflow, and calls have their key', async () => {
  const { run, upstream: provider, workspace: directory, writePolicy } = await openStand();
  writePolicy('limits: { tokens: 10k }\nkeys: gateway');
  const key = newKey();
  const call = `fetch('https://api.openai.com/v1/models', { headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY } })`;
  const script = `"${process.execPath}" "${join(PROGRAMS, 'snoop.mjs')}" > seen.json\n"${process.execPath}" -e "${call}"\nenv`;
  const result = await run({ inputs: { run: script }, env: { OPENAI_API_KEY: key }, token: `ghs_${key.slice(3)}` });
  expect(result.outcome).toBe('success');
  const { found, key: placeholder } = seenIn(readFileSync(join(directory, 'seen.json'), 'utf8'));
  expect(found).toEqual([]);
  expect(provider.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`]);
  expect(result.masks).toEqual(expect.arrayContaining([key, placeholder]));
  const log = result.lines.join('\n');
  expect(log).toContain('OPENAI_API_KEY=***');
  expect(log).not.toContain(key);
  expect(log).not.toContain(placeholder);
  expect(result.main.orphans).toEqual([]);
});
