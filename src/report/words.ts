/** The words that every rendering of a report shares. Names from outside pass through `name`, which escapes them. */
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
  exhausted: 'could have exceeded what was left',
  held: 'the rest of the budget was reserved by calls in flight',
  call_too_large: 'this call alone could exceed the limit',
  unpriced: 'no known price for the model',
  unmetered: 'cannot be metered',
  abandoned: 'the caller gave up while the call waited',
  stopped: 'the run was ending',
};

/** Why a call was refused. */
export interface Why {
  readonly reason: RefusalReason;
  /** What has no known price, where that is not the model. */
  readonly part?: string | undefined;
  /** Whether jobs reserved the rest, whose results were not fetched yet. */
  readonly jobs?: boolean | undefined;
}

/** Why a call was refused, in words for somebody who has never read the policy. */
export function reasonWords({ reason, part, jobs }: Why, name: Name): string {
  if (jobs) return 'the rest of the budget was reserved by jobs whose results were not fetched';
  return part === undefined ? REASON_WORDS[reason] : `no known price for ${name(part)}`;
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

/** How a run went, as far as icon, colour and first words go. */
export interface Standing {
  readonly tone: 'good' | 'warning' | 'bad';
  readonly words: string;
}

/** The verdict in a few words, true to what happened: passed a limit, stopped at it, blocked, cut short. */
export function standing(report: Report): Standing {
  if (report.verdict === 'within') return withinStanding(report);
  const warnOnly = report.policy.on_exceed === 'warn';
  return { tone: warnOnly ? 'warning' : 'bad', words: `${breachWords(report)}${warnOnly ? ' (warning only)' : ''}` };
}

/** Refusals keep a run at its limits, so most runs that break the budget have not used more than it. */
function breachWords({ limits, calls }: Report): string {
  if (limits.some((limit) => limit.used > limit.ceiling)) return 'Over budget';
  const blocked = calls.filter(breaks);
  if (blocked.some(isShortOfBudget)) return 'Stopped at the budget';
  if (blocked.every(({ reason }) => reason === 'unpriced')) return 'Blocked: no known price';
  if (blocked.every(({ reason }) => reason === 'unmetered')) return 'Blocked: cannot be metered';
  return 'Blocked: no known price, or cannot be metered';
}

/** The verdict, how many calls were refused, and the numbers: "Stopped at the budget: 3 of 9 calls refused · …". */
export function title(report: Report): string {
  const { words } = standing(report);
  const { calls, refused, voided } = report.totals;
  const isBreach = report.verdict === 'exceeded' && refused > 0;
  const refusals = isBreach ? [`${count(refused)} of ${plural(calls + refused + voided, 'call')} refused`] : [];
  return `${words}${words.includes(':') ? ' · ' : ': '}${[...refusals, headline(report)].join(' · ')}`;
}

function withinStanding(report: Report): Standing {
  if (report.incomplete) return { tone: 'warning', words: 'Cut short, within budget so far' };
  if (report.limits.length === 0) return { tone: 'good', words: 'Metered, no limit set' };
  return report.totals.calls === 0 && report.totals.voided === 0
    ? { tone: 'warning', words: 'No model call was seen' }
    : { tone: 'good', words: 'Within budget' };
}

/** Whether a limit was too low: it was passed, or a call did not fit. A call that was blocked does not count. */
export function ranShort(limit: LimitUse, calls: readonly CallUse[]): boolean {
  const isRefusedBy = ({ limit: name }: CallUse): boolean =>
    name?.dimension === limit.dimension && name.scope === limit.scope;
  return limit.used > limit.ceiling || calls.some((call) => isRefusedBy(call) && isShortOfBudget(call));
}

/** The state of a limit: bad where it was too low, warning near it (or where it matched no call), else good. */
export function limitTone(limit: LimitUse, report: Report): Standing['tone'] {
  if (ranShort(limit, report.calls)) return 'bad';
  const isNear = limit.used > 0 && limit.used >= limit.ceiling * report.policy.warn_at;
  return isNear || limit.exceeded || coversNothing(limit, report.calls) ? 'warning' : 'good';
}

/** Whether a call was refused because a limit was too low, not because it could not be priced or metered. */
export function isShortOfBudget(call: CallUse): boolean {
  return call.reason === 'exhausted' || call.reason === 'held' || call.reason === 'call_too_large';
}

/** Tokens, cost and calls, each against the run's limit where it has one. */
function headline(report: Report): string {
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
