/**
 * A run's metrics into a store that only MLflow's own client can write to: sqlite, files, other databases. Its script
 * runs in the Python of the user's command, for a bounded time and without what the runner keeps from commands.
 */
import { spawn } from 'node:child_process';
import type { RunMetrics } from '../domain/metrics.js';
import type { MlflowOptions, MlflowOutcome } from './outcome.js';
import { isRunnerOnly, type Environment } from '../lib/environment.js';

export interface PythonOptions extends MlflowOptions {
  /** An interpreter that has MLflow, as far as is known. */
  readonly python: string;
  /** The script. */
  readonly script: string;
  /** Where the command ran: paths in a tracking URI are below it. */
  readonly cwd: string;
}

/** Longer than for a server: Python and MLflow have to start first, which takes a busy machine tens of seconds. */
const DEADLINE_MS = 60_000;
const MOST_BYTES = 64 * 1024;
/** The step's own files, which the command has others in place of. */
const STEP_FILES = /^GITHUB_(OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$/i;

/** Logs onto the given run, or onto a run of its own. Never rejects. */
export async function logByPython(options: PythonOptions): Promise<MlflowOutcome> {
  const { answer, failure } = await answerOf(options);
  if (failure !== undefined) return failed(failure);
  const { run_id: runId, skipped, error } = answer;
  if (typeof error === 'string') return failed(remedied(error));
  if (typeof runId !== 'string') return failed('the logging script gave no valid answer. Check what MLflow printed.');
  const left = Array.isArray(skipped) ? skipped.filter((each) => typeof each === 'string') : [];
  const warning = `The run was logged to MLflow, but not completely: ${plain(left.join('; '))}`;
  return { action: 'logged', runId: plain(runId), ...(left.length > 0 && { warning }) };
}

interface Answered {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly failure?: string;
}

/** What the script answers goes in by its standard input, never by its arguments, which others on the machine can read. */
function answerOf(options: PythonOptions): Promise<Answered> {
  const { python, script, cwd, env, deadlineMs = DEADLINE_MS } = options;
  const child = spawn(python, [script], { cwd, env: commandEnvironment(env), stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    let text = '';
    const end = (answered: Answered) => {
      clearTimeout(timer);
      resolve(answered);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end({ answer: {}, failure: `${python} gave no answer within ${deadlineMs / 1000} s. Check the MLflow store.` });
    }, deadlineMs);
    child.on('error', () => {
      end({ answer: {}, failure: `${python} could not be started. Put a Python with MLflow on PATH.` });
    });
    child.stdout.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-MOST_BYTES)));
    child.on('close', () => {
      end({ answer: parsed(text) });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(payloadOf(options)));
  });
}

function payloadOf({ uri, experiment, runId, payload, failed, artifacts = [] }: PythonOptions) {
  return {
    tracking_uri: uri,
    experiment: experiment === '' ? null : experiment,
    run_id: runId ?? null,
    metrics: [...payload.series, ...payload.metrics].map(({ name, ...point }) => ({ key: name, ...point })),
    params: pairs(payload.params),
    tags: pairs(payload.tags),
    artifacts,
    status: runId !== undefined && failed ? 'FAILED' : null,
  };
}

function pairs(texts: RunMetrics['tags']): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map(({ name, value }) => [name, value]));
}

function commandEnvironment(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isRunnerOnly(name) && !STEP_FILES.test(name)));
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function remedied(error: string): string {
  const text = plain(error);
  return /No module named '?mlflow/.test(text)
    ? `${text}. Install mlflow there, or set MLFLOW_TRACKING_URI to the address of a server.`
    : text;
}

/** The script's words may quote MLflow's: they are cut to one plain line. */
function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').slice(0, 500);
}

function failed(why: string): MlflowOutcome {
  return { action: 'failed', warning: `Could not log the metrics to MLflow: ${why}` };
}
