import { spawn, type ChildProcess } from 'node:child_process';
import type { Environment } from '../lib/environment.js';
import { watch } from './watchdog.js';

/** How a command ended. */
export interface CommandEnd {
  /** Its own status; null where a signal ended it, 127 where it could not be started. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly failure?: string;
}

/** A running command in a process group of its own, so that all of it can be told to stop. */
export interface RunningCommand {
  readonly end: Promise<CommandEnd>;
  /** Passes a signal to the whole group. */
  signal(signal: NodeJS.Signals): void;
  /** SIGINT, then SIGTERM, then SIGKILL, each after a grace period in ms; returns when the command has ended. */
  stop(graceMs: number): Promise<void>;
  /** Ends what the command left behind in its group: without enforcement it must not go on. */
  sweep(): Promise<void>;
}

/** Starts a command with our own standard streams. It dies with this process. */
export function startCommand(argv: readonly string[], env: Environment, cwd?: string): RunningCommand {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'inherit', detached: true, env, cwd });
  const end = endOf(child);
  const watchdog = child.pid === undefined ? undefined : watch(child.pid);
  void end.then(() => watchdog?.cancel());
  const signal: Signal = (name) => signalGroup(child, name);
  return {
    end,
    signal: (name) => void signal(name),
    stop: (graceMs) => stopGroup(end, signal, graceMs),
    sweep: () => sweepGroup(signal),
  };
}

/** Time that what was left behind has between SIGTERM and SIGKILL, in ms. */
const SWEEP_MS = 1_000;

function endOf(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: 127, signal: null, failure: error.message });
    });
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
}

/** Signal 0 only asks whether anyone is there. Returns whether there was anyone to signal. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, name);
  } catch {
    return false;
  }
}

type Signal = (name: NodeJS.Signals | 0) => boolean;

async function stopGroup(end: Promise<CommandEnd>, signal: Signal, graceMs: number): Promise<void> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    signal(name);
    if (await endsWithin(end, graceMs)) return;
  }
}

async function sweepGroup(signal: Signal): Promise<void> {
  if (!signal('SIGTERM')) return;
  const until = performance.now() + SWEEP_MS;
  while (signal(0) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  signal('SIGKILL');
}

function endsWithin(end: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(false);
    }, ms);
    void end.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
