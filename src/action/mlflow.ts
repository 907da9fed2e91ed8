/** The action's part of MLflow: what main knows of the run's place there, and the logging of it, by main or by post. */
import { join } from 'node:path';
import type { EvalEntry } from '../domain/entry.js';
import type { Policy } from '../domain/policy.js';
import type { Report } from '../generated/report.generated.js';
import { hookFilesIn, type Environment } from '../hook/env.js';
import type { Inputs } from './inputs.js';
import type { EventContext } from '../github/event.js';
import { originOf } from '../mlflow/origin.js';
import { outcomeText, publishToMlflow } from '../mlflow/publish.js';
import { readEvals, readSeenRuns, runToLogTo } from '../run/seen-runs.js';

/** What is left for post, as JSON in the step's state. */
export interface MlflowPlan {
  readonly mlflow: Policy['mlflow'] | null;
  /** The file that the hook tells of runs in; empty where it was told of nothing. */
  readonly runs: string;
  /** Where the command ran. */
  readonly cwd: string;
}

/** The plan that main left; undefined where it came to none. Only main writes the state. */
export function planIn(state: string): MlflowPlan | undefined {
  return state === '' ? undefined : (JSON.parse(state) as MlflowPlan);
}

/** The evaluations of a run whose main was killed before it could write them to the journal. */
export function evalsOf({ runs }: MlflowPlan, ms: number): EvalEntry[] {
  return readEvals(runs).map((each) => ({ event: 'eval', ms, ...each }));
}

interface Io {
  readonly core: Pick<typeof import('@actions/core'), 'info' | 'warning'>;
  readonly env: Environment;
  readonly assets: string;
}

/** Logs the run; what goes wrong is a warning. */
export async function logRun(
  { core, env, assets }: Io,
  { mlflow, runs, cwd }: MlflowPlan,
  { report, reportDir, inputs, event }: { report: Report; reportDir: string; inputs: Inputs; event: EventContext },
): Promise<void> {
  const outcome = await publishToMlflow({
    report,
    reportDir,
    mlflow: mlflow ?? undefined,
    seen: runToLogTo(readSeenRuns(runs)),
    origin: originOf(event, inputs.prNumber ?? event.pr?.number),
    env,
    cwd,
    script: hookFilesIn(join(assets, 'hook')).mlflowLog,
  });
  if (!outcome) return;
  const { action, warning } = outcome;
  if (warning !== undefined && action !== 'skipped') core.warning(outcomeText(outcome), { title: 'Token Budget' });
  else core.info(outcomeText(outcome));
}
