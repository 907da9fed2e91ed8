/** The run that metrics are logged onto: one that is there, or one of our own in an experiment. */
import { randomUUID } from 'node:crypto';
import type { RunMetrics } from '../domain/metrics.js';
import { call, once, retried, textIn, within, type Client, type Json } from './client.js';
import { AnswerError, DeletedError } from './failure.js';

/** An MLflow run. */
export interface Run {
  readonly id: string;
  readonly experimentId: string;
  /** Ours to end, since it was made here. */
  readonly own: boolean;
  readonly running: boolean;
  /** Where its artifacts go, by the server's word; empty where it says nothing. */
  readonly artifactUri: string;
}

/** Tells a run of our own from all others, when it is unknown whether the server has made it. */
const MARK = 'token_budget.id';

/** The run of that id, as the server knows it. */
export async function givenRun(client: Client, id: string): Promise<Run> {
  const { run } = await call(client, { method: 'GET', path: 'runs/get', data: { run_id: id } });
  return runIn({ run }, false);
}

/** A new run, begun when the command was. */
export async function ownRun(client: Client, experiment: string, payload: RunMetrics): Promise<Run> {
  const experimentId = await experimentOf(client, experiment);
  const mark = randomUUID();
  const tags = [...payload.tags, { name: MARK, value: mark }].map(({ name, value }) => ({ key: name, value }));
  const data = { experiment_id: experimentId, run_name: 'token-budget', start_time: payload.startedAt, tags };
  // A server that failed may have made the run all the same: a second one would stay running for ever.
  return retried(client, async (tried) => {
    const made = tried === 0 ? undefined : await markedRun(client, experimentId, mark);
    return made ?? runIn(await once(client, { method: 'POST', path: 'runs/create', data }), true);
  });
}

/** Ends a run. */
export async function endRun(client: Client, run: Run, status: 'FINISHED' | 'FAILED', endedAt: number): Promise<void> {
  await call(client, { method: 'POST', path: 'runs/update', data: { run_id: run.id, status, end_time: endedAt } });
}

async function markedRun(client: Client, experimentId: string, mark: string): Promise<Run | undefined> {
  const data = { experiment_ids: [experimentId], filter: `tags.\`${MARK}\` = '${mark}'`, max_results: 1 };
  const { runs } = await once(client, { method: 'POST', path: 'runs/search', data });
  const [run] = Array.isArray(runs) ? (runs as unknown[]) : [];
  return run === undefined ? undefined : runIn({ run }, true);
}

async function experimentOf(client: Client, name: string): Promise<string> {
  const found = await experimentNamed(client, name);
  if (found !== undefined) return found;
  try {
    return textIn(await call(client, { method: 'POST', path: 'experiments/create', data: { name } }), 'experiment_id');
  } catch (error) {
    // Another job was faster, or our own first try had come through.
    const known = error instanceof AnswerError && error.code === 'RESOURCE_ALREADY_EXISTS';
    const late = known ? await experimentNamed(client, name) : undefined;
    if (late === undefined) throw error;
    return late;
  }
}

async function experimentNamed(client: Client, name: string): Promise<string | undefined> {
  try {
    const data = { experiment_name: name };
    const experiment = within(
      await call(client, { method: 'GET', path: 'experiments/get-by-name', data }),
      'experiment',
    );
    if (experiment.lifecycle_stage === 'deleted') throw new DeletedError('the experiment is deleted');
    return textIn(experiment, 'experiment_id');
  } catch (error) {
    if (error instanceof AnswerError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
}

function runIn(json: Json, own: boolean): Run {
  const info = within(within(json, 'run'), 'info');
  const { status, artifact_uri: uri } = info;
  return {
    id: textIn(info, 'run_id'),
    experimentId: textIn(info, 'experiment_id'),
    own,
    running: status === 'RUNNING',
    artifactUri: typeof uri === 'string' ? uri : '',
  };
}
