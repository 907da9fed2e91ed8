import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../../domain/errors.js';
import type { SeenRun } from '../../domain/mlflow.js';
import type { Policy } from '../../domain/policy.js';
import { hookFilesIn } from '../../hook/env.js';
import type { Report } from '../../generated/report.generated.js';
import { readEvent } from '../../github/event.js';
import { readPayload } from '../../github/event.js';
import { gitlabOrigin, originOf } from '../../mlflow/origin.js';
import { outcomeText, publishToMlflow } from '../../mlflow/publish.js';
import type { Origin } from '../../report/metrics.js';
import { buildReport } from '../../report/build.js';
import { progressLine } from '../../report/progress.js';
import { renderTerminal } from '../../report/terminal.js';
import { Mask } from '../../mask/mask.js';
import { secretsIn } from '../../mask/secrets.js';
import { argvOf, type CommandEnd } from '../../run/command.js';
import { namesToWithhold, refuseKeysIn } from '../../run/restart/handover.js';
import { readKeysFile } from '../../run/keys-file.js';
import { progressOn } from '../../run/progress.js';
import { mlflowHook, readSeenRuns, runToLogTo } from '../../run/seen-runs.js';
import { runSession } from '../../session/session.js';
import { signalStatus } from '../../run/signals.js';
import { VERSION } from '../../domain/version.js';
import { EXIT, type Io } from '../io.js';
import { loadedFrom, policyFrom } from '../policy-file.js';
import { writeReport } from '../../report/files.js';

export interface RunArguments {
  readonly policy: string | undefined;
  readonly reportDir: string;
  /** File with keys for the gateway to hold. */
  readonly keys: string | undefined;
  /** The command; the policy's `run` where it is empty. */
  readonly command: readonly string[];
}

/** `token-budget run`: the command under its policy, then the report. Returns the exit status. */
export async function run(io: Io, { policy: file, reportDir, keys, command }: RunArguments): Promise<number> {
  startClean(io, loadedFrom(file).policy);
  const policy = await policyFrom(io, file);
  if (keys !== undefined && policy.keys !== 'gateway')
    throw new UsageError('--keys needs `keys: gateway` in the policy');
  const env = keys === undefined ? io.env : { ...io.env, ...readKeysFile(keys) };
  const argv = commandOf(policy, command);
  refuseKeysIn(argv, policy, env);
  return runUnder(masking(io, env), policy, argv, reportDir);
}

/** What the keys file holds must not be printed either. */
function masking(io: Io, env: Io['env']): Io {
  const mask = new Mask(secretsIn(env));
  return {
    ...io,
    env,
    err: (text) => {
      io.err(mask.text(text));
    },
  };
}

/** Keys that the gateway is to hold must not stand in the environment of this process, which the command can read. */
function startClean(io: Io, policy: Policy): void {
  const names = namesToWithhold(policy, io.env);
  if (names.length > 0) io.startOverWithout?.(names);
}

/** Runs a command under a loaded policy and writes its report to the directory. Returns the exit status. */
export async function runUnder(io: Io, policy: Policy, argv: readonly string[], reportDir: string): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'token-budget-'));
  try {
    return await runWith(io, policy, argv, reportDir, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runWith(io: Io, policy: Policy, argv: readonly string[], reportDir: string, scratch: string) {
  const mlflow = mlflowHook(policy.mlflow, scratch);
  const { entries, end, failure } = await runSession({
    policy,
    argv,
    env: io.env,
    files: hookFilesIn(join(io.assets, 'hook')),
    counterFile: join(io.assets, 'counter', 'index.js'),
    reportDir,
    mlflow,
    tool: VERSION,
    progress: progressOn(
      {
        isTTY: io.errIsTTY,
        size: () => io.errSize(),
        write: (text) => {
          io.err(text);
        },
      },
      progressLine,
    ),
  });
  const report = buildReport(entries);
  if (end.failure !== undefined) io.err(`token-budget: the command could not be started: ${end.failure}\n`);
  io.err(`${renderTerminal(report, { color: io.color, reportDir })}\n`);
  saveReport(io, report, reportDir);
  await logToMlflow(io, { policy, report, reportDir, seen: mlflow && runToLogTo(readSeenRuns(mlflow.runs)) });
  if (failure) io.err(`token-budget: the budget could not be enforced: ${failure.message}\n`);
  return exitStatus(report, end, failure);
}

interface Logged {
  readonly policy: Policy;
  readonly report: Report;
  readonly reportDir: string;
  readonly seen: SeenRun | undefined;
}

async function logToMlflow(io: Io, { policy: { mlflow }, report, reportDir, seen }: Logged): Promise<void> {
  const outcome = await publishToMlflow({
    report,
    reportDir: resolve(reportDir),
    mlflow,
    seen,
    origin: originFrom(io.env),
    env: io.env,
    cwd: process.cwd(),
    script: hookFilesIn(join(io.assets, 'hook')).mlflowLog,
  });
  if (outcome) io.err(`token-budget: ${outcomeText(outcome)}\n`);
}

function originFrom(env: Io['env']): Origin {
  if ((env.GITHUB_RUN_ID ?? '') === '') return gitlabOrigin(env);
  return originOf(readEvent(env, readPayload(env.GITHUB_EVENT_PATH)));
}

/** A report that cannot be written changes no verdict. */
function saveReport(io: Io, report: Report, reportDir: string): void {
  const failure = writeReport(report, reportDir);
  if (failure !== undefined) io.err(`token-budget: ${failure}\n`);
}

/** A failed enforcement comes first, then the budget, then the command's own status. */
function exitStatus(report: Report, end: CommandEnd, failure: Error | undefined): number {
  if (failure) return EXIT.enforcement;
  if (report.verdict === 'exceeded' && report.policy.on_exceed !== 'warn') return EXIT.exceeded;
  return end.exitCode ?? signalStatus(end.signal);
}

function commandOf(policy: Policy, command: readonly string[]): readonly string[] {
  if (command.length > 0) return command;
  if (policy.run === undefined) {
    throw new UsageError(`nothing to run: ${policy.file} has no \`run\`. Add one, or put the command after --`);
  }
  return argvOf(policy.run, existsSync('/bin/bash') || existsSync('/usr/bin/bash'));
}
