import type { EventContext } from '../github/event.js';
import { originOf } from '../mlflow/origin.js';
import { outcomeText } from '../mlflow/publish.js';
import { logToMlflow, type Logged } from '../run/mlflow.js';
import type { Inputs } from './inputs.js';
import type { ActionIo } from './io.js';

/** Logs the run to MLflow; what goes wrong is a warning. */
export async function logRun(
  { core, env, assets }: ActionIo,
  run: Pick<Logged, 'plan' | 'report' | 'reportDir'>,
  { inputs, event }: { readonly inputs: Inputs; readonly event: EventContext },
): Promise<void> {
  const origin = originOf(event, inputs.prNumber ?? event.pr?.number);
  const outcome = await logToMlflow({ ...run, origin, env, assets });
  if (!outcome) return;
  const { action, warning } = outcome;
  if (warning !== undefined && action !== 'skipped') core.warning(outcomeText(outcome), { title: 'Token Budget' });
  else core.info(outcomeText(outcome));
}
