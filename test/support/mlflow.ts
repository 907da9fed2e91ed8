/** A real MLflow server for tests, on a free port with its store in a directory of its own, and MLflow's own reading of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { venvPython } from '../hook/python/venv.js';

const READER = join(dirname(fileURLToPath(import.meta.url)), 'mlflow_read.py');
const START_MS = 120_000;

/** MLflow's own client on one store. */
export interface MlflowReader {
  /** A run as MLflow's own client reads it. */
  readRun(id: string): Promise<MlflowRun>;
  /** Ids of all runs of an experiment. */
  runsOf(experiment: string): Promise<readonly string[]>;
  /** A new, running run in the experiment, as an eval makes it. */
  startRun(experiment: string): Promise<string>;
  deleteExperiment(experiment: string): Promise<void>;
  close(): void;
}

export interface MlflowServer extends Omit<MlflowReader, 'close'> {
  readonly uri: string;
  readonly python: string;
  close(): Promise<void>;
}

export interface MlflowRun {
  readonly experiment: string;
  readonly status: string;
  readonly start_time: number;
  readonly end_time: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  /** Each metric's points in the order of MLflow's UI. */
  readonly history: Readonly<Record<string, readonly { step: number; value: number; timestamp: number }[]>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Starts the server and waits until it answers. Rejects where it ends before, or within two minutes does not answer. */
export async function startMlflow(): Promise<MlflowServer> {
  const python = await venvPython('mlflow');
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-'));
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const child = serve(python, folder, port);
  const reader = readMlflow(python, uri, folder);
  const close = async () => {
    reader.close();
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(uri, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...reader, uri, python, close };
}

/**
 * Reads the store at a tracking URI. Questions are asked one after the other. MLflow puts what belongs to an experiment
 * that a database has not seen before below `cwd`.
 */
export function readMlflow(python: string, uri: string, cwd: string): MlflowReader {
  const env = { ...environment(), MLFLOW_ALLOW_FILE_STORE: 'true' };
  const child = spawn(python, [READER, uri], { env, cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (...question: readonly string[]): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error('the reader ended');
    return JSON.parse(answer.value) as unknown;
  };
  return {
    readRun: async (id) => (await ask('run', id)) as MlflowRun,
    runsOf: async (experiment) => (await ask('runs', experiment)) as string[],
    startRun: async (experiment) => (await ask('start', experiment)) as string,
    deleteExperiment: async (experiment) => {
      await ask('delete', experiment);
    },
    close: () => {
      child.kill('SIGKILL');
    },
  };
}

function serve(python: string, folder: string, port: number): ChildProcess {
  const store = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`];
  const artifacts = ['--artifacts-destination', join(folder, 'artifacts')];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  return spawn(python, ['-m', 'mlflow', 'server', ...store, ...artifacts, ...where], {
    cwd: folder,
    env: environment(),
    stdio: 'ignore',
    // Its workers are processes of their own and end with the group.
    detached: true,
  });
}

async function untilItAnswers(uri: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`mlflow server ended with status ${child.exitCode}`);
    const answer = await fetch(`${uri}/health`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error('mlflow server does not answer');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

/** Nothing of the machine's own MLflow settings, nor of a hook that the tests run under. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(MLFLOW_|TOKEN_BUDGET_|PYTHONPATH$)/.test(name));
  return { ...Object.fromEntries(own), MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
