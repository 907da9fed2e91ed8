/** Runs Python programs under the hook, as `token-budget run` would start them. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HOOK_VARIABLE, type HookConfig } from '../../../src/hook/config.js';
import { bytecodeOf } from './venv.js';

const here = dirname(fileURLToPath(import.meta.url));
export const HOOK_FOLDER = join(here, '..', '..', '..', 'src', 'hook', 'python');

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly python: string;
  readonly args: readonly string[];
  /** undefined runs without the hook; a string stands in the variable as it is. */
  readonly hook: HookConfig | string | undefined;
  /** Variables besides those of a bare environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** 60,000 where left out. */
  readonly timeoutMs?: number;
}

/** The path of a program in `programs/`. */
export function program(name: string): string {
  return join(here, 'programs', name);
}

export function runPython(start: Start): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: environment(start), cwd: start.cwd, timeout: start.timeoutMs ?? 60_000, maxBuffer: 2 ** 24 };
    execFile(start.python, [...start.args], options, (error, stdout, stderr) => {
      // A number is the program's own status; a text is why it could not be started.
      const status = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ status, stdout, stderr });
    });
  });
}

/** What a program printed as its last line, which these programs print as JSON. Throws with its stderr where it failed. */
export async function resultOf(start: Start): Promise<unknown> {
  const ended = await runPython(start);
  if (ended.status !== 0) throw new Error(`status ${ended.status}\n${ended.stdout}\n${ended.stderr}`);
  return JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '');
}

/** A program that answers each line of its input with one of its output, both JSON. */
export interface Conversation {
  /** One question after the other. Rejects where the program ends instead. */
  ask(question: unknown): Promise<unknown>;
  end(): void;
}

export function converse(start: Omit<Start, 'timeoutMs'>): Conversation {
  const child = spawn(start.python, start.args, {
    env: environment(start),
    cwd: start.cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const answer = await lines.next();
      if (answer.done === true) throw new Error(`${start.args.join(' ')} ended`);
      return JSON.parse(answer.value) as unknown;
    },
    end: () => void child.kill('SIGKILL'),
  };
}

function environment(start: Start): Record<string, string> {
  const bare = { PATH: process.env.PATH ?? '', HOME: homedir(), ...bytecodeOf(start.python) };
  if (start.hook === undefined) return { ...bare, ...start.env };
  const hook = typeof start.hook === 'string' ? start.hook : JSON.stringify(start.hook);
  const paths = [HOOK_FOLDER, start.env?.PYTHONPATH ?? ''].filter((path) => path !== '');
  return { ...bare, ...start.env, [HOOK_VARIABLE]: hook, PYTHONPATH: paths.join(delimiter) };
}

/** Every Python from 3.8 on that this machine has: on PATH, and what pyenv keeps. By version, one each. */
export function pythons(): ReadonlyMap<string, string> {
  const pyenv = join(homedir(), '.pyenv', 'versions');
  const folders = [
    ...(existsSync(pyenv) ? readdirSync(pyenv).map((version) => join(pyenv, version, 'bin')) : []),
    // A shim of pyenv answers for versions that are not chosen here, so its folder says nothing.
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('.pyenv')),
  ];
  const found = new Map<string, string>();
  for (const minor of [8, 9, 10, 11, 12, 13, 14]) {
    const name = `python3.${minor}`;
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder) found.set(`3.${minor}`, join(folder, name));
  }
  return found;
}
