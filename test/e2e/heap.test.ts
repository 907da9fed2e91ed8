/** The command line keeps its process small, and stays the process that was started. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canReplaceItself, CLI, NODES, PROGRAMS, runCli, workspace } from './harness.js';

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
  expect(words).toEqual([node, ...(canReplaceItself(node) ? LIMITS : []), '--no-warnings', CLI, ...own]);
});

test.each([
  ['run', 9],
  ['--version', 0],
])('%s ends with %i where starting over is the end', async (word, status) => {
  const node = NODES.at(-1)?.[1] ?? process.execPath;
  const env = { NODE_OPTIONS: `-r ${join(PROGRAMS, 'no-execve.cjs')}` };
  expect((await runCli([word], { node, env })).status).toBe(status);
});
