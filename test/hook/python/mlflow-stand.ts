/** Evals of a real MLflow under the hook, before a real gateway and a provider on loopback that answers judges too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { HookConfig, MlflowHook } from '../../../src/hook/config.js';
import { startGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { isJudges, JUDGED, judgement } from '../../support/judge.js';
import { startUpstream, type Upstream } from '../../support/upstream.js';
import {
  newDatabase,
  readMlflow,
  STAY_HERE,
  type MlflowReader,
  type MlflowRow,
  type MlflowRun,
} from '../../support/mlflow.js';
import { program, runPython, type Ended } from './python.js';
import { venvPython, type VenvName } from './venv.js';

/** Tokens that the provider bills for a call that is no judge's. */
export const PREDICTED = { input: 100, output: 50 };

export interface EvalStand {
  readonly gateway: TestGateway;
  readonly upstream: Upstream;
  /** The venv's Python. */
  readonly python: string;
  /** A directory of the test's own. */
  readonly folder: string;
  hook(mlflow?: Partial<MlflowHook> | 'off'): HookConfig;
  /** The URI of a sqlite store in the folder. */
  readonly sqlite: string;
  /** Runs `programs/mlflow_eval.py`, with kinds of evals that are separated by commas. */
  evaluate(kinds: string, uri: string, rows: number, options?: EvalOptions): Promise<Ended>;
  /** What the hook told of runs and evals. */
  told(): Record<string, unknown>[];
  read(uri: string, run: string): Promise<ReadRun>;
  close(): Promise<void>;
}

export interface EvalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
  readonly mlflow?: Partial<MlflowHook> | 'off';
}

/** What `programs/mlflow_eval.py` prints at the end of each eval. */
export interface Evaluated {
  readonly run_id: string;
  readonly columns: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  /** Input tokens, output tokens and calls as the class counted them; null without it. */
  readonly used: readonly number[] | null;
}

/** A run with its rows. */
export interface ReadRun extends MlflowRun {
  readonly rows: readonly MlflowRow[];
}

/** One for each environment, until the file of tests ends. */
const readers = new Map<string, MlflowReader>();
afterAll(() => {
  for (const reader of readers.values()) reader.close();
});

function readerOf(python: string): MlflowReader {
  const reader = readers.get(python) ?? readMlflow(python);
  readers.set(python, reader);
  return reader;
}

export async function startEvals(
  venv: VenvName,
  options: Omit<TestGatewayOptions, 'origin'> & { readonly delayMs?: number } = {},
): Promise<EvalStand> {
  const python = await venvPython(venv);
  const folder = mkdtempSync(join(tmpdir(), 'tb-evals-'));
  await newDatabase(venv, join(folder, 'mlflow.db'));
  const upstream = await startUpstream({
    delayMs: options.delayMs ?? 0,
    usage: (seen) => (isJudges(seen) ? JUDGED : PREDICTED),
    intercept: (seen, response) => {
      if (!isJudges(seen)) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end(judgement(seen));
      return true;
    },
  });
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  const runs = join(folder, 'runs.ndjson');
  writeFileSync(runs, '');
  const hook: EvalStand['hook'] = (mlflow = {}) => ({
    port: gateway.port,
    secret: gateway.secret,
    tls: ['api.openai.com'],
    plain: [],
    ...(mlflow === 'off' ? {} : { mlflow: { runs, scorers: 'auto', ...mlflow } }),
  });
  const env = {
    HOME: folder,
    MLFLOW_ALLOW_FILE_STORE: 'true',
    ...STAY_HERE,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    OPENAI_API_KEY: 'sk-test',
  };
  return {
    gateway,
    upstream,
    python,
    folder,
    sqlite: `sqlite:///${folder}/mlflow.db`,
    hook,
    evaluate: (kinds, uri, rows, { env: own = {}, more = [], mlflow = {} } = {}) =>
      runPython({
        python,
        args: [program('mlflow_eval.py'), kinds, uri, String(rows), ...more],
        hook: hook(mlflow),
        env: { ...env, ...own },
        cwd: folder,
        timeoutMs: 180_000,
      }),
    told: () =>
      readFileSync(runs, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    read: async (uri, run) => {
      const store = readerOf(python).at(uri);
      return { ...(await store.readRun(run)), rows: await store.readRows(run) };
    },
    close: async () => {
      await gateway.close();
      upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a program said of its evals, in their order. Throws with its stderr where it did not end well. */
export function evaluations({ status, stdout, stderr }: Ended): readonly Evaluated[] {
  if (status !== 0) throw new Error(`status ${status}\n${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"run_id"'));
  return lines.map((line) => JSON.parse(line) as Evaluated);
}

/** The only one that a program made. */
export function evaluated(ended: Ended): Evaluated {
  const [only, ...more] = evaluations(ended);
  if (!only || more.length > 0) throw new Error(`not one eval\n${ended.stdout}`);
  return only;
}

/** How often each purpose was told: `predict tr-1` → 1. Of the rows of one run, or else of all. */
export function purposes({ gateway }: EvalStand, run?: ReadRun): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { phase, row } of gateway.reserved()) {
    if (run && !run.rows.some(({ id }) => id === row)) continue;
    const purpose = [phase, row].filter((word) => word !== undefined).join(' ');
    counts[purpose] = (counts[purpose] ?? 0) + 1;
  }
  return counts;
}

/** The purposes of so many calls for each row. */
export function expected(rows: readonly { id: string }[], predict: number, judge: number): Record<string, number> {
  const each = rows.flatMap(({ id }): [string, number][] => [
    [`predict ${id}`, predict],
    [`judge ${id}`, judge],
  ]);
  return Object.fromEntries(each);
}
