/**
 * A run seen as an eval: its parts and rows, and MLflow's own counts beside what was metered. MLflow's counts come from
 * the command: they can raise a question, but change no total.
 */
import type { Entry, EvalEntry } from '../domain/entry.js';
import type { CallUse, EvalUse, PhaseUse, Reconciliation, Report } from '../generated/report.generated.js';
import { breaks } from './limits.js';
import { isIncomplete, isSettled, totalsOf } from './sums.js';

const PHASES = ['preflight', 'predict', 'judge', 'other'] as const;

type EvalFields = Pick<Report, 'phases' | 'evals' | 'reconciliation' | 'partial'>;

/** The fields of a report that describe an eval; empty for most other runs. */
export function evalFields(entries: readonly Entry[], calls: readonly CallUse[]): EvalFields {
  const phases = phasesOf(calls);
  const evals = entries.filter((entry) => entry.event === 'eval').map(evalOf);
  const reconciliation = reconciled(evals, phases, calls);
  const isEval = phases.length > 0 || evals.length > 0;
  return {
    ...(phases.length > 0 && { phases }),
    ...(evals.length > 0 && { evals }),
    ...(reconciliation && { reconciliation }),
    ...(isEval && calls.some(breaks) && { partial: true }),
  };
}

/** Use by part, in the order in which an eval goes through them; empty where no call belongs to a known part. */
function phasesOf(calls: readonly CallUse[]): PhaseUse[] {
  if (calls.every((call) => call.phase === undefined)) return [];
  return PHASES.map((phase) => ({ phase, of: calls.filter((call) => (call.phase ?? 'other') === phase) }))
    .filter(({ of }) => of.length > 0)
    .map(({ phase, of }) => ({ phase, ...totalsOf(of) }));
}

function evalOf({ runId, rows, failedRows, traced, judged }: EvalEntry): EvalUse {
  return {
    run_id: runId,
    rows,
    failed_rows: failedRows,
    traced: { input_tokens: traced.input, output_tokens: traced.output },
    judged: { input_tokens: judged.input, output_tokens: judged.output },
  };
}

/**
 * A side on which MLflow reports nothing is not compared: it had no tracing there. Calls whose part is unknown may
 * belong to either side, so they are subtracted from the gap.
 */
function reconciled(
  evals: readonly EvalUse[],
  phases: readonly PhaseUse[],
  calls: readonly CallUse[],
): Reconciliation | undefined {
  const stated = (side: 'traced' | 'judged') =>
    evals.reduce((sum, each) => sum + each[side].input_tokens + each[side].output_tokens, 0);
  const metered = (phase: PhaseUse['phase']) => phases.find((each) => each.phase === phase)?.total_tokens ?? 0;
  const [traced, judged, predict, judge] = [stated('traced'), stated('judged'), metered('predict'), metered('judge')];
  if (traced + judged === 0) return undefined;
  const other = phases.length > 0 ? metered('other') : totalsOf(calls).total_tokens;
  const gap = Math.max(0, traced - predict) + Math.max(0, judged - judge);
  return {
    traced_tokens: traced,
    predict_tokens: predict,
    judged_tokens: judged,
    judge_tokens: judge,
    other_tokens: other,
    missing_tokens: Math.max(0, gap - other),
  };
}

/** What one row of the eval used, its judges included. */
export interface RowUse {
  readonly row: string;
  /** Settled calls. */
  readonly calls: number;
  readonly refused: number;
  /** Input and output. */
  readonly tokens: number;
  readonly cost_nano_usd: number;
  /** Calls whose cost leaves a part out. */
  readonly incomplete: number;
}

/** The rows whose calls are known, the dearest first, then those of most tokens; those alike in the order of their calls. */
export function rowUses(calls: readonly CallUse[]): RowUse[] {
  const rows = new Map<string, RowUse>();
  for (const call of calls) {
    if (call.row === undefined) continue;
    const use = rows.get(call.row) ?? {
      row: call.row,
      calls: 0,
      refused: 0,
      tokens: 0,
      cost_nano_usd: 0,
      incomplete: 0,
    };
    rows.set(call.row, {
      row: call.row,
      calls: use.calls + (isSettled(call) ? 1 : 0),
      refused: use.refused + (call.outcome === 'refused' ? 1 : 0),
      tokens: use.tokens + call.usage.total_tokens,
      cost_nano_usd: use.cost_nano_usd + call.cost_nano_usd,
      incomplete: use.incomplete + (isIncomplete(call) ? 1 : 0),
    });
  }
  return [...rows.values()].sort((a, b) => b.cost_nano_usd - a.cost_nano_usd || b.tokens - a.tokens);
}
