import type { Entry } from '../domain/entry.js';
import { exitStatusOf } from './exit-status.js';
import type { Report } from '../generated/report.generated.js';
import { buildReport } from '../report/build.js';
import { oneLine } from '../report/escape.js';
import { reasonWords, refusalGroups, title } from '../report/words.js';

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

/** What was seen of a run's end beside its journal. */
interface Seen {
  /** Why enforcement failed, where it did. */
  readonly broken?: Error | undefined;
  /** Why the command could not be started, where it could not. */
  readonly notStarted?: string | undefined;
}

/** The outcome of a run, by its journal and what else was seen of its end: nothing, where it is told of afterwards. */
export function outcomeOf(entries: readonly Entry[], { broken, notStarted }: Seen = {}): Outcome {
  const report = buildReport(entries);
  const failure =
    failureOf('enforcement', 'The budget could not be enforced, so calls were refused', broken?.message) ??
    overBudget(report) ??
    failureOf('not_started', 'The command could not be started', notStarted) ??
    commandFailure(report);
  return { report, failure, status: exitStatusOf(failure?.kind, report.command) };
}

function failureOf(kind: Failure['kind'], what: string, why: string | undefined): Failure | undefined {
  return why === undefined ? undefined : { kind, text: `${what}: ${why}` };
}

/** The verdict, and for whom most calls were refused. */
function overBudget(report: Report): Failure | undefined {
  if (report.verdict !== 'exceeded' || report.policy.on_exceed === 'warn') return undefined;
  const [most] = refusalGroups(report.calls);
  const refused = most ? ` (${oneLine(most.target)}: ${reasonWords(most, oneLine)})` : '';
  return { kind: 'exceeded', text: `${title(report)}${refused}. See the job summary` };
}

function commandFailure({ command, incomplete }: Report): Failure | undefined {
  if (incomplete) return { kind: 'cut_short', text: 'The run was cut short. Its report was built from the journal' };
  const { exit_code: status, signal } = command;
  if (status === 0) return undefined;
  return { kind: 'command', text: `The command ended with ${signal ?? `status ${status ?? '?'}`}` };
}
