import * as core from '@actions/core';
import { conclude, STATE } from './action.js';
import { readEvent, readInputs } from './inputs.js';
import { readJournal } from './ledger/journal.js';
import { readPayload } from './payload.js';
import { buildReport } from './report/build.js';
import { takeOver } from './run/handover.js';

takeOver(process.env);

/** Publishes from the journal where main was killed before it could. */
async function recover(): Promise<void> {
  const reportDir = core.getState(STATE.reportDir);
  if (reportDir === '' || core.getState(STATE.published) === 'true') return;
  const report = buildReport(readJournal(reportDir));
  core.info('The main step was cut short; what was spent is published from its journal.');
  await conclude(
    {
      core,
      env: process.env,
      startOverWithout: undefined,
      payload: undefined,
      assets: import.meta.dirname,
      write: (text) => void process.stdout.write(text),
    },
    {
      report,
      inputs: readInputs((name) => core.getInput(name)),
      event: readEvent(process.env, readPayload(process.env.GITHUB_EVENT_PATH)),
      notices: [],
      reportDir,
      session: undefined,
      cancelled: false,
    },
  );
}

await recover().catch((error: unknown) => {
  core.warning(`Nothing could be recovered: ${error instanceof Error ? error.message : String(error)}`);
});
process.exit();
