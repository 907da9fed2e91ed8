/** One step's process, and how the runner ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openLog, takeLine, type Log } from './commands.js';

/** The runner's cancel sequence: SIGINT to Node alone, then SIGTERM to it, then the end of all its processes. */
export interface Cancel {
  /** A line of output upon which the run is cancelled. */
  readonly upon: RegExp;
  /** From SIGINT to SIGTERM in ms; 7,500 as the runner has it. */
  readonly termAfterMs?: number;
  /** From SIGTERM to the kill in ms; 2,500 as the runner has it. */
  readonly killAfterMs?: number;
}

/** A bare SIGKILL of Node upon a line, as when memory runs out. */
export interface Kill {
  readonly upon: RegExp;
}

export interface StepOptions {
  readonly node: string;
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cancel?: Cancel;
  readonly kill?: Kill;
  readonly timeoutMs: number;
}

export interface StepResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  /** Of a cancelled step, from SIGINT to its end. */
  readonly cancelledForMs?: number;
  /** What was sent to it, in order. */
  readonly sent: readonly string[];
  readonly log: Log;
  /** Ids of processes of the step that outlived it; the runner ends them with the job, and so does this. */
  readonly orphans: readonly number[];
}

/** By this variable the runner knows which processes a job has left. */
export const TRACKING = 'RUNNER_TRACKING_ID';

export async function runStep(options: StepOptions): Promise<StepResult> {
  const start = performance.now();
  const child = spawn(options.node, [options.script], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = openLog();
  const ending = endings(child, options);
  const closed = new Promise((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      takeLine(log, line);
      ending.saw(line);
    });
  }
  const [exitCode, signal] = await exited(child);
  const durationMs = performance.now() - start;
  const orphans = tracked(options.env).filter((pid) => pid !== child.pid);
  killAll(orphans);
  ending.clear();
  // What outlived the step unseen may hold its output open.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  const cancelledForMs = ending.since === undefined ? {} : { cancelledForMs: start + durationMs - ending.since };
  return { exitCode, signal, durationMs, sent: ending.sent, log, orphans, ...cancelledForMs };
}

function exited(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve([code, signal]);
    });
  });
}

function endings(child: ChildProcess, { cancel, kill, timeoutMs, env }: StepOptions) {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => void timers.push(setTimeout(act, ms));
  const killTree = (why: string) => {
    state.sent.push(why);
    killAll(tracked(env));
  };
  const send = (signal: NodeJS.Signals) => {
    state.sent.push(signal);
    child.kill(signal);
  };
  const startCancel = ({ termAfterMs = 7500, killAfterMs = 2500 }: Cancel) => {
    state.since = performance.now();
    send('SIGINT');
    after(termAfterMs, () => {
      send('SIGTERM');
    });
    after(termAfterMs + killAfterMs, () => {
      killTree('kill');
    });
  };
  const state = {
    sent: [] as string[],
    since: undefined as number | undefined,
    saw: (line: string) => {
      if (state.sent.length > 0) return;
      if (cancel?.upon.test(line) === true) startCancel(cancel);
      if (kill?.upon.test(line) === true) send('SIGKILL');
    },
    clear: () => {
      timers.forEach(clearTimeout);
    },
  };
  after(timeoutMs, () => {
    killTree('timeout');
  });
  return state;
}

/** Processes that carry the tracking id of this run in their environment. */
function tracked(env: Readonly<Record<string, string>>): number[] {
  const mark = `${TRACKING}=${env[TRACKING] ?? ''}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && environmentOf(pid).includes(mark));
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

/** Whether a process runs, or is only not yet taken note of by its parent. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
