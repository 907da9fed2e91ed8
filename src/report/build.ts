/**
 * The report as a pure fold over the journal: the same entries give the same report, whether it is built at the end of
 * the run or after a crash from what reached the disk.
 */
import type { Verdict } from '../domain/call.js';
import type { Entry, NoticeEntry, OpenEntry } from '../domain/entry.js';
import type { CallUse, LimitUse, Notice, Report } from '../generated/report.generated.js';
import { callsOf, wholeMs } from './call-records.js';
import { evalFields } from './evals.js';
import { breaks, limitUse } from './limits.js';
import { aboveHoldOf, boundedOf, clampedOf, modelsOf, totalsOf, unboundedOf, unpricedOf } from './sums.js';

/** The journal is damaged: no report can be built from it. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/**
 * Builds the report of a run from its journal, which may be cut after any entry: a call without an end is charged its
 * full reservation, and a journal without its `close` entry makes the report `incomplete`.
 * @throws ReportError where the journal has no `open` entry
 */
export function buildReport(entries: readonly Entry[]): Report {
  const open = openOf(entries);
  const calls = callsOf(entries, Date.parse(open.at));
  const limits = open.limits.map((limit) => limitUse(limit, calls));
  const close = entries.find((entry) => entry.event === 'close');
  const durationMs = lastMs(entries);
  const clamped = clampedOf(calls);
  const aboveHold = aboveHoldOf(calls);
  return {
    schema_version: 1,
    tool: open.tool,
    started_at: new Date(open.at).toISOString(),
    duration_ms: durationMs,
    incomplete: close === undefined,
    policy: { file: open.policy.file, hash: open.policy.hash, on_exceed: open.onExceed, warn_at: open.warnAt },
    verdict: verdictOf(limits, calls),
    totals: totalsOf(calls),
    limits,
    models: modelsOf(calls),
    calls,
    unpriced: unpricedOf(calls),
    unbounded: unboundedOf(calls),
    bounded: boundedOf(calls),
    ...(clamped.length > 0 && { clamped }),
    ...(aboveHold.length > 0 && { above_hold: aboveHold }),
    notices: entries.filter((entry) => entry.event === 'notice').map(noticeOf),
    ...evalFields(entries, calls),
    command: {
      argv: [...open.argv],
      exit_code: close?.exitCode ?? null,
      signal: close?.signal ?? null,
      duration_ms: close ? wholeMs(close.ms) : durationMs,
    },
    prices: pricesOf(open),
  };
}

/** Days after which a price table is likely out of date: prices changed at least eight times within four months of 2026. */
const FRESH_DAYS = 45;

function pricesOf({ prices: { source, date }, at }: OpenEntry): Report['prices'] {
  const day = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : NaN;
  const days = Math.floor((Date.parse(at) - day) / 86_400_000);
  return { source, date, ...(days > FRESH_DAYS && { stale_days: days }) };
}

function openOf(entries: readonly Entry[]): OpenEntry {
  const open = entries.find((entry) => entry.event === 'open');
  if (open && !Number.isNaN(Date.parse(open.at))) return open;
  throw new ReportError(
    open
      ? `The journal's "open" entry has no valid start time (${open.at}). The journal is damaged; run the command again.`
      : 'The journal has no "open" entry, so the limits of the run are unknown. ' +
          'It was cut before its first line, or is not a journal. Check the report directory, or run the command again.',
  );
}

/** Ms from the start to the last thing recorded. */
function lastMs(entries: readonly Entry[]): number {
  return entries.reduce((last, entry) => (entry.event === 'open' ? last : Math.max(last, wholeMs(entry.ms))), 0);
}

function verdictOf(limits: readonly LimitUse[], calls: readonly CallUse[]): Verdict {
  return limits.some((limit) => limit.exceeded) || calls.some(breaks) ? 'exceeded' : 'within';
}

function noticeOf(entry: NoticeEntry): Notice {
  return {
    code: entry.code,
    limit: entry.limit ? { dimension: entry.limit.dimension, scope: entry.limit.scope } : null,
    text: entry.text,
    after_ms: wholeMs(entry.ms),
  };
}
