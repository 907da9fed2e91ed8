import type { Entry } from '../domain/entry.js';
import { EXIT, exitStatusOf } from './exit-status.js';
import type { Report } from '../generated/report.generated.js';
import { buildReport } from '../report/build.js';
import { oneLine } from '../report/escape.js';
import { reasonWords, refusalGroups, title } from '../report/words.js';
import type { CommandEnd } from './command.js';

/** Why a run failed, the first of these that holds. */
export interface Failure {
  /**
   * - `enforcement`: the budget could not be enforced to the end, so calls were refused.
   * - `exceeded`: the budget is exceeded, and the policy says that this fails a run.
   * - `not_started`: the command could not be started.
   * - `cut_short`: nobody saw the end; all that is known is the journal.
   * - `command`: the command itself failed.
   */
  readonly kind: 'enforcement' | 'exceeded' | 'not_started' | 'cut_short' | 'command';
  /** A sentence without its full stop. */
  readonly text: string;
}

/** How a run came out, whoever asked for it. */
export interface Outcome {
  readonly report: Report;
  /** Undefined where the run did what it should. */
  readonly failure: Failure | undefined;
  /** What a process that stands for the run exits with, 0 to 255. */
  readonly status: number;
}

/** What a session leaves. */
interface Kept {
  readonly entries: readonly Entry[];
  /** Why enforcement failed, where it did. */
  readonly failure: Error | undefined;
}

/** The outcome of a run whose end was seen. */
export function outcomeOf({ entries, failure }: Kept, end: CommandEnd): Outcome {
  const report = buildReport(entries);
  const broken = failure && {
    kind: 'enforcement' as const,
    text: `The budget could not be enforced, so calls were refused: ${failure.message}`,
  };
  const found = broken ?? overBudget(report) ?? notStarted(end) ?? commandFailure(report);
  return { report, failure: found, status: exitStatusOf(found?.kind, end) };
}

/** The outcome of a run of which only the journal is left. */
export function recoveredOutcome(entries: readonly Entry[]): Outcome {
  const report = buildReport(entries);
  const failure = overBudget(report) ?? cutShort(report) ?? commandFailure(report);
  return { report, failure, status: failure?.kind === 'exceeded' ? EXIT.exceeded : (report.command.exit_code ?? 1) };
}

/** The verdict, and for whom most calls were refused. */
function overBudget(report: Report): Failure | undefined {
  if (report.verdict !== 'exceeded' || report.policy.on_exceed === 'warn') return undefined;
  const [most] = refusalGroups(report.calls);
  const refused = most ? ` (${oneLine(most.target)}: ${reasonWords(most, oneLine)})` : '';
  return { kind: 'exceeded', text: `${title(report)}${refused}. See the job summary` };
}

function notStarted({ failure }: CommandEnd): Failure | undefined {
  return failure === undefined
    ? undefined
    : { kind: 'not_started', text: `The command could not be started: ${failure}` };
}

function cutShort({ incomplete }: Report): Failure | undefined {
  return incomplete
    ? { kind: 'cut_short', text: 'The run was cut short. Its report was built from the journal' }
    : undefined;
}

function commandFailure(report: Report): Failure | undefined {
  const { exit_code: status, signal } = report.command;
  if (report.incomplete) return cutShort(report);
  return status === 0
    ? undefined
    : { kind: 'command', text: `The command ended with ${signal ?? `status ${status ?? '?'}`}` };
}
