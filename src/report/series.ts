/** A run over time: what was spent by when, and when calls were refused. */
import type { NanoUsd } from '../domain/money.js';
import type { CallUse, Report } from '../generated/report.generated.js';
import { breaks } from './limits.js';
import { isSettled } from './sums.js';

/** What all calls settled up to a moment had used. */
export interface Spent {
  /** From the start of the run. */
  readonly ms: number;
  readonly tokens: number;
  readonly cost: NanoUsd;
}

/**
 * The spending of a run from nothing at its start to its totals at its end, one point for each settled call. A call
 * counts from its end on; one whose end was not recorded counts from the end of the run.
 */
export function spending(report: Report): Spent[] {
  const start = Date.parse(report.started_at);
  const end = Math.max(report.duration_ms, 1);
  const settled = report.calls
    .filter(isSettled)
    .map((call) => ({ call, ms: call.duration_ms === null ? end : within(endOf(call) - start, end) }))
    .sort((a, b) => a.ms - b.ms);
  const points: Spent[] = [{ ms: 0, tokens: 0, cost: 0 }];
  let last: Spent = { ms: 0, tokens: 0, cost: 0 };
  for (const { call, ms } of settled) {
    last = { ms, tokens: last.tokens + call.usage.total_tokens, cost: last.cost + call.cost_nano_usd };
    points.push(last);
  }
  return [...points, { ...last, ms: end }];
}

/** When calls were refused because of the budget, in ms from the start, ascending. */
export function refusalTimes(report: Report): number[] {
  const start = Date.parse(report.started_at);
  return report.calls
    .filter(breaks)
    .map((call) => within(Date.parse(call.started_at) - start, Math.max(report.duration_ms, 1)))
    .sort((a, b) => a - b);
}

function endOf(call: CallUse): number {
  return Date.parse(call.started_at) + (call.duration_ms ?? 0);
}

/** A time of the run; one that cannot be read counts as its end. */
function within(ms: number, end: number): number {
  return Number.isNaN(ms) ? end : Math.min(Math.max(ms, 0), end);
}
