/** The action: policy → run → report → publish. What is published never changes the verdict. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commandOf, privateFiles, runQuietly } from './command.js';
import type { ActionIo } from './io.js';
import { logRun, type MlflowPlan } from './mlflow.js';
import { maskOf, masked } from './mask.js';
import { choosePolicy } from './policy.js';
import { writeReport } from '../report/files.js';
import { PolicyError } from '../domain/errors.js';
import { causeWords, systemWords } from '../lib/system-error.js';
import type { Report } from '../generated/report.generated.js';
import { hookFilesIn } from '../hook/env.js';
import { refuseLinkOut } from './workspace-path.js';
import { readInputs, type Inputs } from './inputs.js';
import { readEvent, type EventContext } from '../github/event.js';
import { problemAnnotations, reportAnnotations, type Annotation } from './annotations.js';
import { outputsOf } from './outputs.js';
import { publish, type Texts } from '../github/publish.js';
import { buildReport } from '../report/build.js';
import { progressLine } from '../report/progress.js';
import { renderTerminal } from '../report/terminal.js';
import { refusalGroups, reasonWords, title } from '../report/words.js';
import { oneLine } from '../report/escape.js';
import { plural } from '../report/format.js';
import { namesToWithhold } from '../run/restart/handover.js';
import { progressOn } from '../run/progress.js';
import type { SessionResult } from '../session/session.js';
import { mlflowHook } from '../run/seen-runs.js';
import { VERSION } from '../domain/version.js';

/** What `main` leaves for `post`. */
export const STATE = {
  reportDir: 'report-dir',
  notices: 'notices',
  published: 'published',
  mlflow: 'mlflow',
  /** MLflow has the run, or nothing asks for that. */
  logged: 'logged',
} as const;

/** How long publishing may take once the run was cancelled, in ms: the runner kills what is left after ten seconds. */
const CANCELLED_MS = 2_000;

/** Runs the action; every failure ends in `setFailed` with what to do. */
export async function runAction(io: ActionIo): Promise<void> {
  const safe = masked(io);
  try {
    const inputs = readInputs((name) => io.core.getInput(name));
    await runUnderInputs(safe, inputs, readEvent(io.env, io.payload));
  } catch (error) {
    explain(safe, error);
  }
}

async function runUnderInputs(io: ActionIo, inputs: Inputs, event: EventContext): Promise<void> {
  const { core } = io;
  const workspace = io.env.GITHUB_WORKSPACE ?? process.cwd();
  const { policy, warnings, lines, ...chosen } = await choosePolicy(workspace, inputs, event);
  const notices = chosen.notices.map((notice) => maskOf(io).text(notice));
  // Nothing was said yet: a process that is started over says all of it once.
  const names = namesToWithhold(policy, io.env);
  if (names.length > 0) io.startOverWithout?.(names);
  annotate(io, problemAnnotations('warning', warnings));
  for (const line of lines) core.info(line);
  const reportDir = resolve(workspace, inputs.reportDir);
  refuseLinkOut(resolve(workspace), reportDir, `report-dir ${inputs.reportDir}`);
  core.saveState(STATE.reportDir, reportDir);
  core.saveState(STATE.notices, JSON.stringify(notices));
  const scratch = mkdtempSync(join(io.env.RUNNER_TEMP ?? tmpdir(), 'token-budget-'));
  const mlflow = mlflowHook(policy.mlflow, scratch);
  const cwd = resolve(workspace, inputs.workingDirectory);
  const plan = { mlflow: policy.mlflow ?? null, runs: mlflow?.runs ?? '', cwd };
  core.saveState(STATE.mlflow, JSON.stringify(plan));
  let cancelled = false;
  const onCancel = () => (cancelled = true);
  process.on('SIGINT', onCancel).on('SIGTERM', onCancel);
  const session = await runQuietly(io, {
    policy,
    argv: commandOf(io, policy, inputs, scratch),
    cwd,
    env: { ...io.env, ...privateFiles(scratch) },
    files: hookFilesIn(join(io.assets, 'hook')),
    counterFile: join(io.assets, 'counter', 'index.js'),
    reportDir,
    mlflow,
    tool: VERSION,
    graceMs: 1_500,
    progress: progressOn(
      {
        isTTY: false,
        size: () => ({ rows: 0, columns: 0 }),
        write: (text) => {
          io.write(text);
        },
      },
      progressLine,
    ),
  });
  const report = buildReport(session.entries);
  await conclude(io, { report, inputs, event, notices, reportDir, session, cancelled, plan });
}

interface Conclusion {
  readonly report: Report;
  readonly inputs: Inputs;
  readonly event: EventContext;
  readonly notices: readonly string[];
  readonly reportDir: string;
  /** Undefined where main was killed and only the journal is left. */
  readonly session: SessionResult | undefined;
  readonly cancelled: boolean;
  /** Undefined where main did not come to one. */
  readonly plan: MlflowPlan | undefined;
}

/** Files, outputs, log, summary, comment, and the verdict last. */
export async function conclude(io: ActionIo, conclusion: Conclusion): Promise<void> {
  const { core } = io;
  const { report, inputs, event, notices, reportDir, session, cancelled, plan } = conclusion;
  saveReport(io, report, reportDir);
  const paths = { json: join(reportDir, 'report.json'), html: join(reportDir, 'report.html') };
  for (const [name, value] of Object.entries(outputsOf(report, paths))) core.setOutput(name, value);
  core.info(renderTerminal(report, { color: false, reportDir }));
  annotate(io, reportAnnotations(report));
  const failure = failureOf(report, session);
  const deadline = cancelled ? { deadlineMs: CANCELLED_MS } : {};
  const written = ({ summary, body }: Texts) => {
    core.setOutput('comment-body', body);
    writeSummary(io, summary);
  };
  const publication = { report, options: inputs, event, notices, failed: failure !== undefined, ...deadline, written };
  const { comment, remarks } = await publish(publication);
  core.setOutput('comment-id', comment.id === null ? '' : String(comment.id));
  for (const remark of remarks) core.info(remark);
  if (comment.notice !== undefined) core.info(comment.notice);
  if (comment.warning !== undefined) core.warning(comment.warning, { title: 'Token Budget' });
  core.saveState(STATE.published, 'true');
  // A cancelled step has no time for it, but post has.
  if (plan && !cancelled) {
    await logRun(io, plan, conclusion);
    core.saveState(STATE.logged, 'true');
  }
  if (failure !== undefined) core.setFailed(failure);
  else if (comment.action === 'failed' && inputs.publish === 'required')
    core.setFailed(comment.warning ?? 'The comment could not be written');
}

/** Why the step fails: enforcement first, then the budget, then the command itself. Undefined where it does not. */
function failureOf(report: Report, session: SessionResult | undefined): string | undefined {
  if (session?.failure) return `The budget could not be enforced, so calls were refused: ${session.failure.message}`;
  if (report.verdict === 'exceeded' && report.policy.on_exceed !== 'warn') {
    return breachText(report);
  }
  const { exit_code: status, signal } = report.command;
  if (session?.end.failure !== undefined) return `The command could not be started: ${session.end.failure}`;
  if (report.incomplete) return 'The run was cut short. Its report was built from the journal';
  return status === 0 ? undefined : `The command ended with ${signal ?? `status ${status ?? '?'}`}`;
}

/** The verdict, and for whom most calls were refused. */
function breachText(report: Report): string {
  const [most] = refusalGroups(report.calls);
  const refused = most ? ` (${oneLine(most.target)}: ${reasonWords(most, oneLine)})` : '';
  return `${title(report)}${refused}. See the job summary`;
}

function saveReport(io: ActionIo, report: Report, reportDir: string): void {
  const failure = writeReport(report, reportDir);
  if (failure !== undefined) io.core.warning(failure, { title: 'Token Budget' });
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

function annotate({ core }: ActionIo, annotations: readonly Annotation[]): void {
  for (const { level, message, ...place } of annotations) core[level](message, place);
}

function explain(io: ActionIo, error: unknown): void {
  if (error instanceof PolicyError) {
    annotate(io, problemAnnotations('error', error.problems));
    io.core.setFailed(`The policy has ${plural(error.problems.length, 'problem')}, so nothing was run`);
    return;
  }
  io.core.setFailed(`token-budget: ${systemWords(error) ?? messageOf(error)}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
