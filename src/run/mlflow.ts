import { join } from 'node:path';
import type { Policy } from '../domain/policy.js';
import type { Report } from '../generated/report.generated.js';
import { hookFilesIn } from '../hook/env.js';
import type { Environment } from '../lib/environment.js';
import type { MlflowOutcome } from '../mlflow/outcome.js';
import { publishToMlflow } from '../mlflow/publish.js';
import { readSeenRuns, runToLogTo, runsFileIn } from '../mlflow/seen-runs.js';
import type { Origin } from '../domain/metrics.js';

/** What a run's place in MLflow depends on, known before the command runs. Plain data: it may outlive a process. */
export interface MlflowPlan {
  readonly mlflow: Policy['mlflow'];
  /** The file that the hook tells of runs in. */
  readonly runs: string;
  /** Where the command runs: paths in a tracking URI are below it. */
  readonly cwd: string;
}

/** The plan of a run with this directory of its own. */
export function mlflowPlan({ mlflow }: Policy, scratch: string, cwd: string): MlflowPlan {
  return { mlflow, runs: runsFileIn(scratch), cwd };
}

/** A run to log, and where from. */
export interface Logged {
  readonly plan: MlflowPlan;
  readonly report: Report;
  /** Where report.json and report.html are, absolute. */
  readonly reportDir: string;
  readonly origin: Origin;
  /** The command's, for MLflow's own variables. */
  readonly env: Environment;
  /** Where the built files lie. */
  readonly assets: string;
}

/** Logs a run to MLflow; undefined where nothing asks for it. Never rejects, and changes no verdict. */
export function logToMlflow({ plan, assets, ...run }: Logged): Promise<MlflowOutcome | undefined> {
  const { mlflow, runs, cwd } = plan;
  return publishToMlflow({
    ...{ ...run, mlflow, cwd },
    seen: runToLogTo(readSeenRuns(runs)),
    script: hookFilesIn(join(assets, 'hook')).mlflowLog,
  });
}
