/** The plain words that every rendering of a report shares. Outside names pass through `name`, as the medium needs it. */
import type { RefusalReason } from '../domain/call.js';
import { amountsOf, scopeNamed, type Dimension } from '../domain/limit.js';
import type { CallUse, Hold, LimitName, LimitUse, Report } from '../generated/report.generated.js';
import { atLeast, count, exactUsd, plural, spentUsd, usdBeside } from './format.js';
import { breaks, coversNothing } from './limits.js';

/** Makes an outside string safe for where it goes, cut to `max` characters. */
export type Name = (text: string, max?: number) => string;

const DIMENSION_WORDS: Readonly<Record<Dimension, string>> = {
  tokens: 'tokens',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  calls: 'calls',
  cost_usd: 'cost',
};

/** Why calls were refused, for somebody who has never read the policy. */
const REASON_WORDS: Readonly<Record<RefusalReason, string>> = {
  exhausted: 'might not have fit in what was left',
  held: 'the rest was held by calls in flight',
  call_too_large: 'too large for the limit by itself',
  unpriced: 'no price is known for the model',
  unmetered: 'cannot be metered',
  abandoned: 'the caller gave up waiting for room',
  stopped: 'the run was ending',
};

/** Why a call was refused. */
export interface Why {
  readonly reason: RefusalReason;
  /** What has no known price, where that is not the model. */
  readonly part?: string | undefined;
  /** Whether jobs held the room whose results nobody had asked for yet. */
  readonly jobs?: boolean | undefined;
}

export function reasonWords({ reason, part, jobs }: Why, name: Name): string {
  if (jobs) return 'the rest was held by jobs whose results had not been fetched';
  return part === undefined ? REASON_WORDS[reason] : `no price is known for ${name(part)}`;
}

/** A limit in words: "tokens", "cost per call", "cost of gpt-4o*", "cost at openai". */
export function limitWords(limit: LimitName, name: Name): string {
  const dimension = DIMENSION_WORDS[limit.dimension];
  const scope = scopeNamed(limit.scope);
  if ('pattern' in scope) return `${dimension} ${scope.kind === 'model' ? 'of' : 'at'} ${name(scope.pattern)}`;
  return scope.kind === 'run' ? dimension : `${dimension} per ${scope.kind}`;
}

/** The policy's own key of a limit: "limits.tokens", "limits.per_call.tokens", "limits.models.gpt-4o*.cost_usd". */
export function limitKey(limit: LimitName): string {
  return limit.scope === 'run' ? `limits.${limit.dimension}` : `limits.${limit.scope}.${limit.dimension}`;
}

/** A limit in words for a gauge: one per call shows the largest call, one per row the row that used most. */
export function gaugeWords(limit: LimitUse, name: Name): string {
  const words = limitWords(limit, name);
  if (limit.row !== undefined) return `${words} (most: ${name(limit.row)})`;
  return limit.scope === 'per_call' ? `${words} (largest)` : words;
}

/** What was used of a limit, or is left of it, in its unit. */
export function amountWords(limit: LimitUse, amount: number): string {
  return limit.unit === 'nano_usd' ? usdBeside(amount, limit.ceiling) : count(amount);
}

/** A limit's use against its ceiling: "31,204 of 50,000", "$0.42 of $1.50". */
export function usedOfCeiling(limit: LimitUse): string {
  const ceiling = limit.unit === 'nano_usd' ? exactUsd(limit.ceiling) : count(limit.ceiling);
  return `${atLeast(amountWords(limit, limit.used), limit.at_least === true)} of ${ceiling}`;
}

/** How a run stands, as far as icon, colour and first words go. */
export interface Standing {
  readonly tone: 'good' | 'warning' | 'bad';
  readonly words: string;
}

/** The verdict in a few words, true to what happened: passed, refused, refused for want of a price, cut short. */
export function standing(report: Report): Standing {
  if (report.verdict === 'within') return withinStanding(report);
  const blocked = report.calls.filter(breaks);
  const refusals = report.totals.refused > 0 ? `, ${plural(report.totals.refused, 'call')} refused` : '';
  const broke = report.limits.some((limit) => limit.used > limit.ceiling) || blocked.some(isShortOfBudget);
  const warnOnly = report.policy.on_exceed === 'warn';
  return {
    tone: warnOnly ? 'warning' : 'bad',
    words: `${broke ? 'Over budget' : 'Not covered by the budget'}${warnOnly ? ' (warning only)' : ''}${refusals}`,
  };
}

function withinStanding(report: Report): Standing {
  if (report.incomplete) return { tone: 'warning', words: 'Cut short, within budget until then' };
  if (report.limits.length === 0) return { tone: 'good', words: 'Measured, no limit set' };
  return report.totals.calls === 0 && report.totals.voided === 0
    ? { tone: 'warning', words: 'No model call was seen' }
    : { tone: 'good', words: 'Within budget' };
}

/** Whether a limit was too small: it was passed, or it had no room for a call. Want of a price or a meter is not that. */
export function ranShort(limit: LimitUse, calls: readonly CallUse[]): boolean {
  const isRefusedBy = ({ limit: name }: CallUse): boolean =>
    name?.dimension === limit.dimension && name.scope === limit.scope;
  return limit.used > limit.ceiling || calls.some((call) => isRefusedBy(call) && isShortOfBudget(call));
}

/** How a limit stands: too small, used up to its warning line (or in the way, or of no call), or fine. */
export function limitTone(limit: LimitUse, report: Report): Standing['tone'] {
  if (ranShort(limit, report.calls)) return 'bad';
  const isNear = limit.used > 0 && limit.used >= limit.ceiling * report.policy.warn_at;
  return isNear || limit.exceeded || coversNothing(limit, report.calls) ? 'warning' : 'good';
}

/** Whether a call was refused because something was too little, rather than because it could not be priced or metered. */
export function isShortOfBudget(call: CallUse): boolean {
  return call.reason === 'exhausted' || call.reason === 'held' || call.reason === 'call_too_large';
}

/** The three numbers a reader wants first: tokens, cost and calls, each against the run's limit where it has one. */
export function headline(report: Report): string {
  const { totals } = report;
  const against = (dimension: Dimension): LimitUse | undefined =>
    report.limits.find((limit) => limit.scope === 'run' && limit.dimension === dimension);
  const tokens = against('tokens');
  const cost = against('cost_usd');
  const calls = against('calls');
  return [
    tokens ? `${usedOfCeiling(tokens)} tokens` : plural(totals.total_tokens, 'token'),
    cost ? usedOfCeiling(cost) : spentUsd(totals.cost_nano_usd, totals.cost_incomplete_calls),
    calls ? `${usedOfCeiling(calls)} calls` : plural(totals.calls, 'call'),
  ].join(' · ');
}

/** Refused calls that have the same target, reason and limit. */
export interface RefusalGroup extends Why {
  /** The model, or the host where the request named none that could be read. */
  readonly target: string;
  readonly limit: LimitName | null;
  readonly calls: number;
  /** The most that one of them could have used, in the limit's unit; 0 where no limit refused them. */
  readonly most: number;
}

/** What was refused, the most frequent first. */
export function refusalGroups(calls: readonly CallUse[]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup>();
  for (const { model, host, reason, limit, hold, no_price_for: part, held_by_jobs: jobs } of calls) {
    if (reason === null) continue;
    const target = model === '' ? host : model;
    const key = JSON.stringify([target, reason, limit, part, jobs]);
    const group = groups.get(key) ?? { target, reason, limit, part, jobs, calls: 0, most: 0 };
    const most = Math.max(group.most, limit ? held(hold, limit.dimension) : 0);
    groups.set(key, { ...group, calls: group.calls + 1, most });
  }
  return [...groups.values()].sort((a, b) => b.calls - a.calls);
}

function held(hold: Hold, dimension: Dimension): number {
  return amountsOf({ input: hold.input_tokens, output: hold.output_tokens }, hold.cost_nano_usd)[dimension];
}

/** How the command ended. */
export function endWords(command: Report['command'], incomplete: boolean): string {
  if (incomplete) return 'its end was not recorded';
  if (command.signal !== null) return `ended by ${command.signal}`;
  return `exit status ${command.exit_code ?? 'unknown'}`;
}
