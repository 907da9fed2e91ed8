/**
 * A run's metrics onto an MLflow tracking server. Whatever goes wrong here ends in one warning: it never changes a
 * verdict. All calls together keep to one deadline.
 */
import type { MetricPoint, NamedText, RunMetrics } from '../domain/metrics.js';
import { beforeDeadline, startDeadline, type Deadline } from '../lib/deadline.js';
import type { MlflowOptions, MlflowOutcome } from './outcome.js';
import { keepArtifacts } from './artifacts.js';
import { call, type Client } from './client.js';
import { signedIn } from './databricks.js';
import { AnswerError, failureText } from './failure.js';
import { endRun, givenRun, ownRun, type Run } from './runs.js';
import { serverOf, type Server } from './server.js';

const DEADLINE_MS = 30_000;
/** Part of the time that is kept for ending a run of our own which could not be filled. */
const PART_TO_END = 0.2;
/** MLflow's own ceilings for one batch; by them and by the length of every value a batch stays far below 1 MB. */
const MOST_METRICS = 900;
const MOST_TEXTS = 100;

/** Logs onto the given run, or onto a tagged run of its own. Never rejects. */
export async function logToMlflow(options: MlflowOptions): Promise<MlflowOutcome> {
  let server: Server | undefined;
  try {
    server = serverOf(options.uri, options.env);
  } catch (error) {
    return { action: 'failed', warning: failureText(error, undefined) };
  }
  if (!server) return { action: 'skipped', warning: notHttp(options.uri) };
  const all = startDeadline(options.deadlineMs ?? DEADLINE_MS);
  const deadline = startDeadline(all.ms * (1 - PART_TO_END));
  try {
    const client = { server, deadline, all, secondMs: options.secondMs ?? 1000 };
    return await beforeDeadline(all, logTo(client, options));
  } catch (error) {
    return { action: 'failed', warning: failureText(error, server) };
  } finally {
    all.clear();
    deadline.clear();
  }
}

/** A store's address may hold a password: only its scheme is named. */
function notHttp(uri: string): string {
  const scheme = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(uri.trim())?.[1];
  const what = uri.trim() === '' ? 'no tracking URI is set' : `the tracking URI is ${scheme ?? 'a path'}, not http(s)`;
  return `Could not log the metrics to an MLflow server: ${what}. Set MLFLOW_TRACKING_URI to a server's address.`;
}

/** A way to the server, with some time left behind its deadline. */
type Logger = Client & { readonly all: Deadline };

async function logTo(nobody: Logger, options: MlflowOptions): Promise<MlflowOutcome> {
  const client = { ...nobody, server: await signedIn(nobody) };
  const { experiment, runId = '', payload } = options;
  const run = runId === '' ? await ownRun(client, experiment || 'Default', payload) : await givenRun(client, runId);
  const warnings = await fill(client, run, options);
  const url = `${client.server.pages}${run.experimentId}/runs/${run.id}`;
  const outcome = { action: 'logged', runId: run.id, url } as const;
  return warnings.length === 0 ? outcome : { ...outcome, warning: warnings.join(' ') };
}

/** Logs and, where the run is ours, ends it: one that stays running would look like work that never ends. */
async function fill(client: Logger, run: Run, options: MlflowOptions): Promise<string[]> {
  const { payload, failed = false, artifacts = [] } = options;
  try {
    await logValues(client, run, payload);
    const params = await logParams(client, run, payload.params);
    const files = await keepArtifacts(client, run, artifacts);
    if (run.own) await endRun(client, run, 'FINISHED', payload.endedAt);
    else if (failed && run.running) await endRun(client, run, 'FAILED', payload.endedAt);
    return [params, files].filter((warning) => warning !== undefined);
  } catch (error) {
    if (run.own) {
      const end = endRun({ ...client, deadline: client.all }, run, 'FAILED', payload.endedAt);
      await end.catch(() => undefined);
    }
    throw error;
  }
}

async function logValues(client: Client, run: Run, { series, metrics, tags }: RunMetrics): Promise<void> {
  const points = [...series, ...metrics];
  for (let from = 0; from < points.length; from += MOST_METRICS) {
    const data = {
      run_id: run.id,
      metrics: points.slice(from, from + MOST_METRICS).map(metricOf),
      tags: from === 0 ? tags.slice(0, MOST_TEXTS).map(textOf) : [],
    };
    await call(client, { method: 'POST', path: 'runs/log-batch', data });
  }
}

/** After all else, since MLflow refuses a batch whose param the run already has with another value. */
async function logParams(client: Client, run: Run, params: readonly NamedText[]): Promise<string | undefined> {
  try {
    for (let from = 0; from < params.length; from += MOST_TEXTS) {
      const data = { run_id: run.id, params: params.slice(from, from + MOST_TEXTS).map(textOf) };
      await call(client, { method: 'POST', path: 'runs/log-batch', data });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof AnswerError) || error.status !== 400) throw error;
    return 'The metrics were logged to MLflow without the limits: the run already has params with these names and other values.';
  }
}

function metricOf({ name, value, step, timestamp }: MetricPoint) {
  return { key: name, value, step, timestamp };
}

function textOf({ name, value }: NamedText) {
  return { key: name, value };
}
