import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../../domain/errors.js';
import type { Policy } from '../../domain/policy.js';
import { readEvent, readPayload } from '../../github/event.js';
import { Mask } from '../../mask/mask.js';
import { secretsIn } from '../../mask/secrets.js';
import { gitlabOrigin, originOf } from '../../mlflow/origin.js';
import { outcomeText } from '../../mlflow/publish.js';
import { writeReport } from '../../report/files.js';
import type { Origin } from '../../domain/metrics.js';
import { renderTerminal } from '../../report/terminal.js';
import { readKeysFile } from '../../run/keys-file.js';
import { logToMlflow, mlflowPlan } from '../../run/mlflow.js';
import { namesToWithhold, refuseKeysIn } from '../../run/restart/handover.js';
import { run as runUnderBudget } from '../../run/run.js';
import { argvOf } from '../../run/shell.js';
import type { Io } from '../io.js';
import { loadedFrom, policyFrom } from '../policy-file.js';

/** What `token-budget run` was asked to do. */
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
  const say = (text: string | undefined) => {
    if (text !== undefined) io.err(`token-budget: ${text}\n`);
  };
  const screen = { isTTY: io.errIsTTY, size: () => io.errSize(), write: io.err.bind(io) };
  try {
    const { env, assets, color } = io;
    const { report, failure, status } = await runUnderBudget({ policy, argv, env, assets, reportDir, scratch, screen });
    if (failure?.kind === 'not_started') say(failure.text);
    io.err(`${renderTerminal(report, { color, reportDir })}\n`);
    // A report that cannot be written changes no verdict, and neither does MLflow.
    say(writeReport(report, reportDir));
    const plan = mlflowPlan(policy, scratch, process.cwd());
    const logged = await logToMlflow({
      ...{ plan, report, env, assets },
      reportDir: resolve(reportDir),
      origin: originFrom(env),
    });
    say(logged && outcomeText(logged));
    if (failure?.kind === 'enforcement') say(failure.text);
    return status;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function originFrom(env: Io['env']): Origin {
  if ((env.GITHUB_RUN_ID ?? '') === '') return gitlabOrigin(env);
  return originOf(readEvent(env, readPayload(env.GITHUB_EVENT_PATH)));
}

function commandOf(policy: Policy, command: readonly string[]): readonly string[] {
  if (command.length > 0) return command;
  if (policy.run === undefined) {
    throw new UsageError(`nothing to run: ${policy.file} has no \`run\`. Add one, or put the command after --`);
  }
  return argvOf(policy.run, existsSync('/bin/bash') || existsSync('/usr/bin/bash'));
}
