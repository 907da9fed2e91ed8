/** A real MLflow server for tests, on a free port with its store in a directory of its own, and MLflow's own reading of it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bytecodeOf, venvPython, type VenvName } from '../hook/python/venv.js';

const READER = join(dirname(fileURLToPath(import.meta.url)), 'mlflow_read.py');
const START_MS = 120_000;

/**
 * Keeps MLflow on this machine. A judge looks up its model in a catalogue on GitHub, and where it can not be reached tries
 * again for seconds; without an address it takes the one that MLflow brings.
 */
export const STAY_HERE = { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true', MLFLOW_MODEL_CATALOG_URI: '' };

/** MLflow's own client on one store. */
export interface MlflowStore {
  /** A run as MLflow's own client reads it. */
  readRun(id: string): Promise<MlflowRun>;
  /** What the run traced, and how it was scored. */
  readRows(id: string): Promise<readonly MlflowRow[]>;
  /** Ids of all runs of an experiment, the newest first. */
  runsOf(experiment: string): Promise<readonly string[]>;
  /** A new, running run in the experiment, as an eval makes it. */
  startRun(experiment: string): Promise<string>;
  deleteExperiment(experiment: string): Promise<void>;
}

/** One process of Python for any number of stores. */
export interface MlflowReader {
  at(uri: string): MlflowStore;
  close(): void;
}

export interface MlflowServer extends MlflowStore {
  readonly uri: string;
  readonly python: string;
  readonly reader: MlflowReader;
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

/** A trace of an eval. */
export interface MlflowRow {
  readonly id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of all scores, in order; twice where one was given twice. */
  readonly scored: readonly string[];
  readonly scores: Readonly<Record<string, MlflowScore>>;
}

export interface MlflowScore {
  readonly value: unknown;
  readonly error: string | null;
  readonly rationale: string | null;
  readonly source: string;
}

/** Starts the server and waits until it answers. Rejects where it ends before, or within two minutes does not answer. */
export async function startMlflow(venv: VenvName = 'mlflow'): Promise<MlflowServer> {
  const python = await venvPython(venv);
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-'));
  await newDatabase(venv, join(folder, 'mlflow.db'));
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const child = serve(python, folder, port);
  const reader = readMlflow(python);
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
  return { ...reader.at(uri), uri, python, reader, close };
}

/** Reads stores by the MLflow of an environment. Questions are asked one after the other. */
export function readMlflow(python: string): MlflowReader {
  // MLflow puts what belongs to an experiment that a database has not seen before below its directory.
  const cwd = mkdtempSync(join(tmpdir(), 'mlflow-reader-'));
  const env = { ...environment(python), MLFLOW_ALLOW_FILE_STORE: 'true' };
  const child = spawn(python, ['-W', 'ignore', READER], { env, cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (...question: readonly string[]): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error('the reader ended');
    return JSON.parse(answer.value) as unknown;
  };
  return {
    at: (uri) => ({
      readRun: async (id) => (await ask(uri, 'run', id)) as MlflowRun,
      readRows: async (id) => (await ask(uri, 'rows', id)) as MlflowRow[],
      runsOf: async (experiment) => (await ask(uri, 'runs', experiment)) as string[],
      startRun: async (experiment) => (await ask(uri, 'start', experiment)) as string,
      deleteExperiment: async (experiment) => {
        await ask(uri, 'delete', experiment);
      },
    }),
    close: () => {
      child.kill('SIGKILL');
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

/** A sqlite store with nothing in it, at `path`. Making its tables takes MLflow seconds, so it is done once for each release. */
export async function newDatabase(venv: VenvName, path: string): Promise<void> {
  const python = await venvPython(venv);
  const template = join(dirname(python), '..', 'new.db');
  if (!existsSync(template)) {
    const place = mkdtempSync(`${template}-`);
    const code = 'import sys, mlflow; mlflow.MlflowClient(tracking_uri=sys.argv[1]).search_experiments()';
    const options = { cwd: place, env: environment(python) };
    await promisify(execFile)(python, ['-c', code, `sqlite:///${join(place, 'new.db')}`], options);
    renameSync(join(place, 'new.db'), template);
    rmSync(place, { recursive: true });
  }
  copyFileSync(template, path);
}

function serve(python: string, folder: string, port: number): ChildProcess {
  const store = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`];
  const artifacts = ['--artifacts-destination', join(folder, 'artifacts')];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  return spawn(python, ['-m', 'mlflow', 'server', ...store, ...artifacts, ...where], {
    cwd: folder,
    // Runners of jobs that no test asks for: eight more processes, which start when the tests do.
    env: { ...environment(python), MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
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
function environment(python: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(MLFLOW_|TOKEN_BUDGET_|PYTHON)/.test(name));
  return { ...Object.fromEntries(own), ...bytecodeOf(python), ...STAY_HERE };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
