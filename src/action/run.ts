/** The action: inputs → policy → run → what is told of it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PolicyError } from '../domain/errors.js';
import { readEvent, type EventContext } from '../github/event.js';
import { systemWords } from '../lib/system-error.js';
import { plural } from '../report/format.js';
import { mlflowPlan } from '../run/mlflow.js';
import { namesToWithhold } from '../run/restart/handover.js';
import { run } from '../run/run.js';
import { annotate, problemAnnotations } from './annotations.js';
import { commandOf, privateFiles, runQuietly } from './command.js';
import { conclude } from './conclude.js';
import { readInputs, type Inputs } from './inputs.js';
import type { ActionIo } from './io.js';
import { maskOf, masked } from './mask.js';
import { choosePolicy } from './policy.js';
import { saveState } from './state.js';
import { refuseLinkOut } from './workspace-path.js';

/** Time that the command has after each signal, in ms: the runner kills a cancelled step after ten seconds. */
const GRACE_MS = 1_500;

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
  const { core, env, assets } = io;
  const workspace = resolve(env.GITHUB_WORKSPACE ?? process.cwd());
  const { policy, warnings, lines, notices } = await choosePolicy(workspace, inputs, event);
  // Nothing was said yet: a process that is started over says all of it once.
  const names = namesToWithhold(policy, env);
  if (names.length > 0) io.startOverWithout?.(names);
  annotate(core, problemAnnotations('warning', warnings));
  for (const line of lines) core.info(line);
  const reportDir = resolve(workspace, inputs.reportDir);
  refuseLinkOut(workspace, reportDir, `report-dir ${inputs.reportDir}`);
  const scratch = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), 'token-budget-'));
  const cwd = resolve(workspace, inputs.workingDirectory);
  const shown = notices.map((notice) => maskOf(io).text(notice));
  const plan = mlflowPlan(policy, scratch, cwd);
  const state = { reportDir, notices: shown, mlflow: plan, published: false, logged: false };
  saveState(core, state);
  const cancelled = watchForCancel();
  const options = {
    ...{ policy, cwd, assets, reportDir, scratch },
    argv: commandOf(io, policy, inputs, scratch),
    env: { ...env, ...privateFiles(scratch) },
    graceMs: GRACE_MS,
    screen: { isTTY: false, size: () => ({ rows: 0, columns: 0 }), write: io.write.bind(io) },
  };
  const outcome = await runQuietly(io, (onSecrets) => run({ ...options, onSecrets }));
  await conclude(io, { outcome, inputs, event, state, cancelled: cancelled() });
}

/** Tells whether the runner has asked this step to end since. */
function watchForCancel(): () => boolean {
  let cancelled = false;
  const onCancel = () => (cancelled = true);
  process.on('SIGINT', onCancel).on('SIGTERM', onCancel);
  return () => cancelled;
}

function explain({ core }: ActionIo, error: unknown): void {
  if (error instanceof PolicyError) {
    annotate(core, problemAnnotations('error', error.problems));
    core.setFailed(`The policy has ${plural(error.problems.length, 'problem')}, so nothing was run`);
    return;
  }
  core.setFailed(`token-budget: ${systemWords(error) ?? (error instanceof Error ? error.message : String(error))}`);
}
