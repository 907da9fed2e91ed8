import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/generated/report.generated.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** The built command line, as users start it. */
export const CLI = join(ROOT, 'dist', 'cli.js');
export const PROGRAMS = join(import.meta.dirname, 'programs');

/** The Node versions to run dist on: this one, and those the registry's packages brought. */
export const NODES: readonly (readonly [name: string, path: string])[] = [
  [process.version, process.execPath] as const,
  ...['node22', 'node24'].map(
    (name) => [name, join(ROOT, 'test', 'runtimes', 'node_modules', name, 'bin', 'node')] as const,
  ),
].filter(([, path]) => existsSync(path));

/** Whether this Node can replace its process by another program. */
export const canReplaceItself = (node: string) => node !== process.execPath || 'execve' in process;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly node?: string;
  readonly stdin?: string;
}

/** A directory for one test: a policy, a report. */
export function workspace(policy: string): { dir: string; policy: string; report: string } {
  const dir = mkdtempSync(join(tmpdir(), 'tb-e2e-'));
  const file = join(dir, 'token-budget.yml');
  writeFileSync(file, policy);
  return { dir, policy: file, report: join(dir, 'report') };
}

/** Starts the command line and lets the test talk to it. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  return start(options.node ?? process.execPath, [CLI, ...args], options);
}

function start(program: string, args: readonly string[], options: CliOptions) {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...options.env };
  const child = spawn(program, args, { env, cwd: options.cwd ?? tmpdir() });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  if (options.stdin !== undefined) child.stdin.end(options.stdin);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => {
      resolve({ status, signal, stdout, stderr });
    });
  });
  return { child, ended };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

/** Runs another program, one that starts the command line in its turn. */
export function runProgram(program: string, args: readonly string[]): Promise<Ended> {
  return start(program, args, {}).ended;
}

export function readReport(directory: string): Report {
  return JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as Report;
}

/** Runs a command under a policy and reads its report. */
export async function runUnder(
  policy: string,
  command: readonly string[],
  options: CliOptions = {},
): Promise<Ended & { report: Report; directory: string; markdown: string }> {
  const place = workspace(policy);
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', ...command];
  const ended = await runCli(args, { cwd: place.dir, ...options });
  const file = join(place.report, 'report.json');
  if (!existsSync(file)) throw new Error(`no report; status ${ended.status}\n${ended.stdout}\n${ended.stderr}`);
  const report = readReport(place.report);
  return { ...ended, report, directory: place.report, markdown: readFileSync(join(place.report, 'report.md'), 'utf8') };
}

export async function until(condition: () => boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A policy whose calls go to an upstream on loopback instead of to the providers. */
export function policyFor(origin: string, rest: string): string {
  return `version: 1
upstreams:
  api.openai.com: { forward_to: "${origin}" }
  api.anthropic.com: { forward_to: "${origin}" }
  generativelanguage.googleapis.com: { forward_to: "${origin}" }
  "*aiplatform.googleapis.com": { forward_to: "${origin}" }
${rest}`;
}
