/**
 * The one assembly of a run: a session is opened, the command runs in its environment, and what came of it is told. The
 * command line and the action are two faces of it.
 */
import { join } from 'node:path';
import type { Policy } from '../domain/policy.js';
import { VERSION } from '../domain/version.js';
import { hookFilesIn } from '../hook/env.js';
import { MemoryLedger } from '../ledger/ledger.js';
import type { Environment } from '../lib/environment.js';
import { mlflowHook, readEvals } from '../mlflow/seen-runs.js';
import { progressLine } from '../report/progress.js';
import { Session } from '../session/session.js';
import { startCommand, type CommandEnd } from './command.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { progressOn, type ProgressSink } from './progress.js';
import { forwardSignals } from './signals.js';

/** What is run, under what, and how it shows. */
export interface RunOptions {
  readonly policy: Policy;
  readonly argv: readonly string[];
  /** Where the command runs; the current directory where left out. */
  readonly cwd?: string;
  /** The command's environment, before the hooks are added and held keys are taken out. */
  readonly env: Environment;
  /** Where the built files lie: the hooks, the token counter's worker. */
  readonly assets: string;
  readonly reportDir: string;
  /** A directory that is this run's own. */
  readonly scratch: string;
  /** Time that the command has after each signal under `halt` and after a signal to us, in ms; 5,000 where left out. */
  readonly graceMs?: number;
  /** Shows how the budget stands while the command runs. */
  readonly screen: ProgressSink;
  /** Told, before the command starts, what must not be shown: the gateway's secret, keys and their placeholders. */
  readonly onSecrets?: (secrets: readonly string[]) => void;
}

const GRACE_MS = 5_000;

/**
 * Runs a command under a policy, and ends when it has ended and its calls are settled.
 * @throws EnforcementError before anything was started, where the journal or the gateway cannot be had
 */
export async function run(options: RunOptions): Promise<Outcome> {
  const { policy, scratch } = options;
  const mlflow = mlflowHook(policy.mlflow, scratch);
  const session = await openSession(options, mlflow);
  try {
    options.onSecrets?.(session.secrets);
    const end = await runCommand(session, options);
    // What MLflow states of its evaluations, for the report to set beside what was metered.
    const evals = mlflow ? readEvals(mlflow.runs) : [];
    for (const each of evals) session.note({ event: 'eval', ms: session.ms, ...each });
    const { entries, failure } = await session.close(end);
    return outcomeOf(entries, { broken: failure, notStarted: end.failure });
  } finally {
    await session.release();
  }
}

function openSession(options: RunOptions, mlflow: ReturnType<typeof mlflowHook>): Promise<Session> {
  const { policy, argv, env, assets, reportDir } = options;
  const { limits, onExceed, warnAt, reserve } = policy;
  // Node opens its debugger to whoever sends this signal, until somebody listens for it: keys would be readable there.
  if (policy.keys === 'gateway') process.on('SIGUSR1', () => undefined);
  return Session.open({
    ...{ policy, argv, env, reportDir, mlflow },
    ledger: (tools) => new MemoryLedger({ limits, onExceed, warnAt, waitMs: reserve.waitMs, ...tools }),
    files: hookFilesIn(join(assets, 'hook')),
    counterFile: join(assets, 'counter', 'index.js'),
    tool: VERSION,
  });
}

async function runCommand(session: Session, options: RunOptions): Promise<CommandEnd> {
  const { argv, cwd, screen, graceMs = GRACE_MS } = options;
  const command = startCommand(argv, session.environment, cwd);
  session.onHalt(() => void command.stop(graceMs));
  const stopSpending = () => {
    session.stopSpending();
  };
  const endForwarding = forwardSignals(command, stopSpending, graceMs);
  const endProgress = progressOn(screen, progressLine)(() => session.snapshot());
  const end = await command.end;
  endForwarding();
  await command.sweep();
  await session.drain();
  endProgress();
  return end;
}
