/** The command line keeps its process small, and stays the process that was started. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, NODES, runCli, workspace } from './harness.js';

/** Prints the words of the process that started it, and its id. */
const PARENT = `
  const words = require('node:fs').readFileSync('/proc/' + process.ppid + '/cmdline', 'utf8').split('\\0').slice(0, -1);
  console.log(JSON.stringify({ pid: process.ppid, words }));
`;
const LIMITS = ['--max-semi-space-size=4', '--heap-growing-percent=20', '--no-concurrent-recompilation'];

test.each(NODES)('on Node %s', async (_, node) => {
  const { policy, report } = workspace('version: 1\n');
  const own = ['run', '--policy', policy, '--report-dir', report, '--', process.execPath, '-e', PARENT];
  const child = spawn(node, ['--no-warnings', CLI, ...own], { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(0);
  const { pid, words } = JSON.parse(out) as { pid: number; words: string[] };
  expect(pid).toBe(child.pid);
  const canStartOver = node !== process.execPath || 'execve' in process;
  expect(words).toEqual([node, ...(canStartOver ? LIMITS : []), '--no-warnings', CLI, ...own]);
});

test('what loads no gateway starts once', async () => {
  const [, newest = NODES[0]] = NODES.toReversed();
  const trace = join(import.meta.dirname, 'programs', 'no-execve.cjs');
  const ended = await runCli(['--version'], {
    node: newest?.[1] ?? process.execPath,
    env: { NODE_OPTIONS: `-r ${trace}` },
  });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
});
