import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventContext } from '../github/event.js';
import { publish, type Texts } from '../github/publish.js';
import { causeWords } from '../lib/system-error.js';
import { writeReport } from '../report/files.js';
import { renderTerminal } from '../report/terminal.js';
import type { Outcome } from '../run/outcome.js';
import { annotate, reportAnnotations } from './annotations.js';
import type { Inputs } from './inputs.js';
import type { ActionIo } from './io.js';
import { logRun } from './mlflow.js';
import { outputsOf } from './outputs.js';
import { saveState, type StepState } from './state.js';

/** How long publishing may take once the run was cancelled, in ms: the runner kills what is left after ten seconds. */
const CANCELLED_MS = 2_000;

/** A run that has come to its end, and where it is told of. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly inputs: Inputs;
  readonly event: EventContext;
  readonly state: StepState;
  readonly cancelled: boolean;
}

/** Files, outputs, log, summary, comment, MLflow, and the verdict last: what is published never changes it. */
export async function conclude(io: ActionIo, conclusion: Conclusion): Promise<void> {
  const { core } = io;
  const { outcome, inputs, state, cancelled } = conclusion;
  const { report, failure } = outcome;
  const { reportDir } = state;
  const unwritten = writeReport(report, reportDir);
  if (unwritten !== undefined) core.warning(unwritten, { title: 'Token Budget' });
  const paths = { json: join(reportDir, 'report.json'), html: join(reportDir, 'report.html') };
  for (const [name, value] of Object.entries(outputsOf(report, paths))) core.setOutput(name, value);
  core.info(renderTerminal(report, { color: false, reportDir }));
  annotate(core, reportAnnotations(report));
  const comment = await comments(io, conclusion);
  saveState(core, { ...state, published: true });
  // A cancelled step has no time for it, but post has.
  if (!cancelled) {
    await logRun(io, { plan: state.mlflow, report, reportDir }, conclusion);
    saveState(core, { ...state, published: true, logged: true });
  }
  if (failure !== undefined) core.setFailed(failure.text);
  else if (comment.action === 'failed' && inputs.publish === 'required')
    core.setFailed(comment.warning ?? 'The comment could not be written');
}

/** Writes the summary and the comment, and says in the log what came of them. */
async function comments(io: ActionIo, { outcome, inputs, event, state, cancelled }: Conclusion) {
  const { core } = io;
  const written = ({ summary, body }: Texts) => {
    core.setOutput('comment-body', body);
    writeSummary(io, summary);
  };
  const { comment, remarks } = await publish({
    ...{ report: outcome.report, failed: outcome.failure !== undefined },
    ...{ options: inputs, event, notices: state.notices, written },
    ...(cancelled && { deadlineMs: CANCELLED_MS }),
  });
  core.setOutput('comment-id', comment.id === null ? '' : String(comment.id));
  for (const remark of remarks) core.info(remark);
  if (comment.notice !== undefined) core.info(comment.notice);
  if (comment.warning !== undefined) core.warning(comment.warning, { title: 'Token Budget' });
  return comment;
}

function writeSummary(io: ActionIo, text: string): void {
  const file = io.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  try {
    writeFileSync(file, `${text}\n`, { flag: 'a' });
  } catch (error) {
    io.core.warning(`Could not write the job summary: ${causeWords(error)}`);
  }
}
