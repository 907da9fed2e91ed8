// What a measurement stands on: an upstream, a policy that leads to it and never refuses, and clients on both ways.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineProgram } from './child.mjs';

export const ROOT = join(import.meta.dirname, '..');
export const CLI = join(ROOT, 'dist', 'cli.js');
export const MAIN = join(ROOT, 'dist', 'main.js');
const HERE = import.meta.dirname;

/** This Node, and those that the optional dependencies brought. */
export const NODES = [
  [process.version, process.execPath],
  ...['node22', 'node24'].map((name) => [name, join(ROOT, 'test', 'runtimes', 'node_modules', name, 'bin', 'node')]),
].filter(([, file]) => existsSync(file));

/** Limits as a real policy has them, far above what a benchmark uses. */
const policyFor = (port) => `version: 1
limits:
  tokens: 4_000_000_000_000
  cost_usd: 1_000_000
  per_call: { tokens: 10M }
  models: { "gpt-4o*": { cost_usd: 1_000_000 } }
upstreams:
  api.openai.com: { forward_to: "http://127.0.0.1:${port}" }
`;

/** A directory of its own for what `use` needs, gone afterwards. */
export async function withDirectory(use) {
  const directory = mkdtempSync(join(tmpdir(), 'token-budget-bench-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The arguments of Node that run a command under a policy which leads to a port. */
export function budgetArguments(directory, port, command) {
  const policy = join(directory, 'token-budget.yml');
  writeFileSync(policy, policyFor(port));
  return [CLI, 'run', '--policy', policy, '--report-dir', join(directory, 'report'), '--', ...command];
}

/** An upstream for the time of `use`, which gets its port. */
export async function withUpstream(use) {
  const upstream = new LineProgram(process.execPath, [join(HERE, 'upstream.mjs')]);
  try {
    return await use(Number(await upstream.line()));
  } finally {
    await upstream.end();
  }
}

const clientFor = (origin) => [process.execPath, join(HERE, 'client.mjs'), origin];

/** A client that calls the upstream itself. */
export function directClient(port) {
  const [file, ...args] = clientFor(`http://127.0.0.1:${port}`);
  return new LineProgram(file, args);
}

/** The same client under `token-budget run`, calling api.openai.com; its pid is that of token-budget, run by `node`. */
export function budgetedClient(directory, port, node = process.execPath) {
  return new LineProgram(node, budgetArguments(directory, port, clientFor('https://api.openai.com')));
}

/** Processor time that a process has used so far, in ms, to 10 ms; NaN where the system does not tell. */
export function cpuTime(pid) {
  try {
    // The name before the last bracket may hold anything; user and system time are the 12th and 13th figure after it.
    const figures = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(figures[11]) + Number(figures[12])) * 10;
  } catch {
    return NaN;
  }
}
