/**
 * Where a run's numbers go in MLflow: onto the run that the command itself made, by REST where that is on a server and
 * by the command's own Python where it is in a store; with no such run, onto one of our own where a store is named.
 */
import { join } from 'node:path';
import type { MlflowPolicy, SeenRun } from '../domain/mlflow.js';
import type { Report } from '../generated/report.generated.js';
import { runMetrics } from '../report/metrics.js';
import type { Origin } from '../domain/metrics.js';
import { logToMlflow } from './log.js';
import type { MlflowOptions, MlflowOutcome } from './outcome.js';
import { logByPython } from './python.js';
import type { Environment } from '../lib/environment.js';

/** A finished run, and all that says where to log it. */
export interface MlflowPublication {
  readonly report: Report;
  /** Where report.json and report.html are. */
  readonly reportDir: string;
  readonly mlflow: MlflowPolicy | 'off' | undefined;
  /** The run that the command made, where one was seen. */
  readonly seen: SeenRun | undefined;
  readonly origin: Origin;
  /** Of the command, for MLflow's own variables. */
  readonly env: Environment;
  /** Where the command ran. */
  readonly cwd: string;
  /** The script that writes to what only MLflow's own client can write to. */
  readonly script: string;
  /** For all of it, in ms; 30,000 where left out, by Python 60,000. */
  readonly deadlineMs?: number;
}

const ANY_PYTHON = 'python3';

/** Logs the run; undefined where nothing asks for it. Never rejects, and changes no verdict. */
export async function publishToMlflow(publication: MlflowPublication): Promise<MlflowOutcome | undefined> {
  const { mlflow, seen, env, deadlineMs, report } = publication;
  if (mlflow === 'off')
    return { action: 'skipped', warning: 'Nothing was logged to MLflow: the policy or an input sets `mlflow: off`.' };
  const named = mlflow ?? { trackingUri: '', experiment: '' };
  const uri = seen?.trackingUri ?? (named.trackingUri || (env.MLFLOW_TRACKING_URI ?? ''));
  if (uri === '') return mlflow && nowhere();
  const options: MlflowOptions = {
    uri,
    experiment: named.experiment || (env.MLFLOW_EXPERIMENT_NAME ?? ''),
    runId: seen?.runId,
    env,
    payload: runMetrics(report, publication.origin),
    failed: hasFailed(report),
    artifacts: ['report.json', 'report.html'].map((name) => join(publication.reportDir, name)),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
  const outcome = needsPlugin(env) ? undefined : await logToMlflow(options);
  if (outcome && outcome.action !== 'skipped') return outcome;
  return logByPython({ ...publication, ...options, python: seen?.python ?? ANY_PYTHON });
}

/** Requests that a plugin of MLflow's signs are made by MLflow alone. */
function needsPlugin({ MLFLOW_TRACKING_AUTH: plugin = '', MLFLOW_TRACKING_AWS_SIGV4: aws = '' }: Environment): boolean {
  return plugin !== '' || /^(1|true)$/i.test(aws);
}

function nowhere(): MlflowOutcome {
  return {
    action: 'skipped',
    warning: 'Nothing was logged to MLflow: the command created no run, and no tracking URI is set.',
  };
}

function hasFailed({ command, incomplete, notices }: Report): boolean {
  return incomplete || command.exit_code !== 0 || notices.some(({ code }) => code === 'halted');
}

/** How it went, in one sentence or two; a failure is for a warning, all else for the log. */
export function outcomeText({ action, runId, url, warning }: MlflowOutcome): string {
  const where = url === undefined ? '' : `: ${url}`;
  const logged = action === 'logged' ? [`The metrics are in the MLflow run ${runId ?? ''}${where}`] : [];
  return [...logged, ...(warning === undefined ? [] : [warning])].join('. ');
}
