/**
 * The MLflow runs that the Python hook saw begin. The file is the command's to write, so nothing in it is trusted: a line
 * that is not whole or not in order is passed over, and what is left can name a run and a store but not more.
 */
import { closeSync, constants, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeenRun } from '../domain/mlflow.js';
import type { Policy } from '../domain/policy.js';
import type { MlflowHook } from '../hook/config.js';

const MOST_BYTES = 2 ** 20;
const MOST_RUNS = 1_000;

/**
 * What the hook is told of MLflow: undefined where the policy leaves MLflow out. Makes the file that the hook writes to,
 * in a directory that is the run's own.
 */
export function mlflowHook(mlflow: Policy['mlflow'], directory: string): MlflowHook | undefined {
  if (mlflow === 'off') return undefined;
  const runs = join(directory, 'mlflow-runs.ndjson');
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

function membersOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

/** Of a length that a path or an address has, without control characters and the like. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 4096 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(value);
}
