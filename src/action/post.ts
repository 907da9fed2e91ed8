import * as core from '@actions/core';
import type { ActionIo } from './io.js';
import { conclude, STATE } from './run.js';
import { masked, maskOf } from './mask.js';
import { evalsOf, logRun, planIn, type MlflowPlan } from './mlflow.js';
import type { Entry } from '../domain/entry.js';
import { readInputs } from './inputs.js';
import { readEvent } from '../github/event.js';
import { readJournal } from '../ledger/journal.js';
import { readPayload } from '../github/event.js';
import { buildReport } from '../report/build.js';
import { takeOver } from '../run/restart/handover.js';

takeOver(process.env);

/** Publishes from the journal what main was cancelled or killed before it could. */
async function recover(): Promise<void> {
  const reportDir = core.getState(STATE.reportDir);
  const published = core.getState(STATE.published) === 'true';
  if (reportDir === '' || (published && core.getState(STATE.logged) === 'true')) return;
  const plan = planIn(core.getState(STATE.mlflow));
  const facts = {
    report: buildReport(entriesOf(reportDir, plan)),
    inputs: readInputs((name) => core.getInput(name)),
    event: readEvent(process.env, readPayload(process.env.GITHUB_EVENT_PATH)),
    reportDir,
  };
  const io: ActionIo = masked({
    core,
    env: process.env,
    startOverWithout: undefined,
    payload: undefined,
    assets: import.meta.dirname,
    write: (text) => void process.stdout.write(text),
  });
  if (published) {
    if (plan) await logRun(io, plan, facts);
    return;
  }
  core.info('The main step was cut short. Publishing what its journal recorded.');
  const notices = JSON.parse(core.getState(STATE.notices) || '[]') as readonly string[];
  await conclude(io, { ...facts, notices, session: undefined, cancelled: false, plan });
}

function entriesOf(reportDir: string, plan: MlflowPlan | undefined): readonly Entry[] {
  const entries = readJournal(reportDir);
  const last = entries.at(-1);
  if (!plan || last === undefined || last.event === 'close') return entries;
  const evals = evalsOf(plan, last.event === 'open' ? 0 : last.ms);
  return [...entries, ...evals.map((entry) => maskOf({ env: process.env }).entry(entry))];
}

await recover().catch((error: unknown) => {
  core.warning(`Could not recover the run: ${error instanceof Error ? error.message : String(error)}`);
});
process.exit();
