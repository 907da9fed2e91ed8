import * as core from '@actions/core';
import { readEvent, readPayload } from '../github/event.js';
import { recover } from '../run/recover.js';
import { takeOver } from '../run/restart/handover.js';
import { conclude } from './conclude.js';
import { readInputs } from './inputs.js';
import type { ActionIo } from './io.js';
import { masked, maskOf } from './mask.js';
import { logRun } from './mlflow.js';
import { savedState } from './state.js';

takeOver(process.env);

/** Publishes from the journal what main was cancelled or killed before it could. */
async function publishRest(): Promise<void> {
  const state = savedState(core);
  if (state === undefined || (state.published && state.logged)) return;
  const { env } = process;
  const inputs = readInputs((name) => core.getInput(name));
  const event = readEvent(env, readPayload(env.GITHUB_EVENT_PATH));
  const mask = maskOf({ env });
  const { reportDir, mlflow } = state;
  const outcome = recover(reportDir, { runs: mlflow.runs, clean: (entry) => mask.entry(entry) });
  const io: ActionIo = masked({
    ...{ core, env, startOverWithout: undefined, payload: undefined, assets: import.meta.dirname },
    write: (text) => void process.stdout.write(text),
  });
  if (state.published) {
    await logRun(io, { plan: mlflow, report: outcome.report, reportDir }, { inputs, event });
    return;
  }
  core.info('The main step was cut short. Publishing what its journal recorded.');
  await conclude(io, { outcome, inputs, event, state, cancelled: false });
}

await publishRest().catch((error: unknown) => {
  core.warning(`Could not recover the run: ${error instanceof Error ? error.message : String(error)}`);
});
process.exit();
