/**
 * What the Python hook tells of MLflow: runs that began and evaluations that ended. The file is the command's to write,
 * so nothing in it is trusted: a line that is not whole or not in order is passed over, and what is left can name a run
 * and a store, and state numbers, but not more.
 */
import { closeSync, constants, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenRun, StatedEval, StatedTokens } from '../domain/mlflow.js';
import type { Policy } from '../domain/policy.js';
import type { MlflowHook } from '../hook/config.js';

const MOST_BYTES = 2 ** 20;
const MOST_RUNS = 1_000;
const MOST_EVALS = 100;
/** More tokens than any eval has, and far from where sums lose digits. */
const MOST_COUNT = 1e12;

/** The file that the hook tells of runs in, in a directory that is the run's own. */
export function runsFileIn(directory: string): string {
  return join(directory, 'mlflow-runs.ndjson');
}

/**
 * What the hook is told of MLflow: undefined where the policy leaves MLflow out. Makes the file that the hook writes to,
 * in a directory that is the run's own.
 */
export function mlflowHook(mlflow: Policy['mlflow'], directory: string): MlflowHook | undefined {
  if (mlflow === 'off') return undefined;
  const runs = runsFileIn(directory);
  writeFileSync(runs, '', { flag: 'wx', mode: 0o600 });
  return { runs, scorers: mlflow?.scorers ?? 'auto' };
}

/** The runs in the order in which they were told, each once, as `evaluate` where it was ever told so; empty where none. */
export function readSeenRuns(file: string): readonly SeenRun[] {
  const seen = new Map<string, SeenRun>();
  for (const line of firstBytes(file).split('\n')) {
    const run = runIn(line);
    if (!run || (seen.size >= MOST_RUNS && !seen.has(run.runId))) continue;
    const known = seen.get(run.runId);
    seen.set(run.runId, known?.kind === 'evaluate' ? known : run);
  }
  return [...seen.values()];
}

/** The evaluations that ended, in the order in which they were told; the first hundred. */
export function readEvals(file: string): readonly StatedEval[] {
  const evals = firstBytes(file)
    .split('\n')
    .map(evalIn)
    .filter((each) => each !== undefined);
  return evals.slice(0, MOST_EVALS);
}

/**
 * The run that the metrics belong to: the last that an eval logged to, or else the first that was begun, which holds
 * the later ones where they are nested.
 */
export function runToLogTo(seen: readonly SeenRun[]): SeenRun | undefined {
  return seen.findLast(({ kind }) => kind === 'evaluate') ?? seen[0];
}

function firstBytes(file: string): string {
  try {
    // The command may have put a pipe in its place, which must not be waited for.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, MOST_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function runIn(line: string): SeenRun | undefined {
  const { event, run_id: runId, tracking_uri: trackingUri, kind, python } = membersOf(line);
  if (event !== 'mlflow_run' || !isId(runId) || !isPlain(trackingUri)) return undefined;
  if (kind !== 'evaluate' && kind !== 'start_run') return undefined;
  return { runId, trackingUri, kind, ...(isPlain(python) && python.startsWith('/') ? { python } : {}) };
}

function evalIn(line: string): StatedEval | undefined {
  const { event, run_id: runId, rows, failed_rows: failedRows, traced, judged } = membersOf(line);
  if (event !== 'mlflow_eval' || !isId(runId) || !isCount(rows) || !isCount(failedRows)) return undefined;
  return { runId, rows, failedRows, traced: tokensIn(traced), judged: tokensIn(judged) };
}

/** MLflow states tokens only where its tracing saw any. */
function tokensIn(value: unknown): StatedTokens {
  const { input_tokens: input, output_tokens: output } = objectOf(value);
  return { input: isCount(input) ? input : 0, output: isCount(output) ? output : 0 };
}

function membersOf(line: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST_COUNT;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

/** Of a length that a path or an address has, without control characters and the like. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4096 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value);
}
