/** How much of each limit was used, from the settled calls. */
import type { LimitEntry } from '../domain/entry.js';
import { amountsOf, coverageOf, scopeNamed, type Dimension } from '../domain/limit.js';
import { usdDecimal } from '../domain/money.js';
import type { CallUse, LimitName, LimitUse } from '../generated/report.generated.js';
import { isIncomplete, isSettled } from './sums.js';

/** One limit with its use. It is exceeded when its use passes the ceiling, or when a call was refused because of it. */
export function limitUse(limit: LimitEntry, calls: readonly CallUse[]): LimitUse {
  const covered = coveredBy(limit, calls);
  const { used, row } = usedOf(limit, covered);
  const refused = calls.filter((call) => breaks(call) && isSame(call.limit, limit)).length;
  const remaining = Math.max(0, limit.ceiling - used);
  return {
    dimension: limit.dimension,
    scope: limit.scope,
    ...(row !== undefined && { row }),
    at: limit.at,
    unit: unitOf(limit.dimension),
    ceiling: limit.ceiling,
    used,
    ...(limit.dimension === 'cost_usd' && covered.some(isIncomplete) && { at_least: true }),
    remaining,
    exceeded: used > limit.ceiling || refused > 0,
    refused,
    ...(limit.dimension === 'cost_usd' && {
      ceiling_usd: usdDecimal(limit.ceiling),
      used_usd: usdDecimal(used),
      remaining_usd: usdDecimal(remaining),
    }),
  };
}

/**
 * Whether a limit on models, providers or rows matched none of a run's calls: its name is likely misspelt, and it limited
 * nothing. False for a run without calls.
 */
export function coversNothing({ scope }: LimitName, calls: readonly CallUse[]): boolean {
  let found = idleScopes.get(calls);
  if (!found) idleScopes.set(calls, (found = new Map<string, boolean>()));
  const known = found.get(scope);
  if (known !== undefined) return known;
  const idle = isIdle(scope, calls);
  found.set(scope, idle);
  return idle;
}

/** Remembered results: a comment asks several times about each limit, and is rendered until it fits. */
const idleScopes = new WeakMap<readonly CallUse[], Map<string, boolean>>();

function isIdle(name: string, calls: readonly CallUse[]): boolean {
  const scope = scopeNamed(name);
  if (calls.length === 0 || scope.kind === 'run' || scope.kind === 'call') return false;
  const covers = coverageOf(scope);
  return !calls.some((call) => covers(call));
}

/** Whether a call was refused because of the budget; a caller that left and a run that ends are not a breach. */
export function breaks(call: CallUse): boolean {
  return call.outcome === 'refused' && call.reason !== 'stopped' && call.reason !== 'abandoned';
}

interface Used {
  readonly used: number;
  readonly row?: string;
}

/** The calls that count towards a limit. */
function coveredBy(limit: LimitEntry, calls: readonly CallUse[]): CallUse[] {
  const covers = coverageOf(scopeNamed(limit.scope));
  return calls.filter((call) => isSettled(call) && covers(call));
}

/** Over all calls the limit covers, in its unit: their sum, the largest of a limit per call, that of the row with most. */
function usedOf(limit: LimitEntry, covered: readonly CallUse[]): Used {
  const scope = scopeNamed(limit.scope);
  const amounts = (some: readonly CallUse[]) => some.map((call) => amountOf(call, limit.dimension));
  if (scope.kind === 'call') return { used: largest(amounts(covered)) };
  if (scope.kind !== 'row') return { used: sum(amounts(covered)) };
  return mostOf(covered.map((call) => ({ row: call.row ?? '', used: amountOf(call, limit.dimension) })));
}

/** The row that used most; of those alike, the one that came first. */
function mostOf(uses: readonly Required<Used>[]): Used {
  const rows = new Map<string, number>();
  for (const { row, used } of uses) rows.set(row, sum([rows.get(row) ?? 0, used]));
  return Array.from(rows, ([row, used]) => ({ row, used })).reduce<Used>(
    (most, each) => (most.row === undefined || each.used > most.used ? each : most),
    { used: 0 },
  );
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => Math.min(total + amount, Number.MAX_SAFE_INTEGER), 0);
}

function largest(amounts: readonly number[]): number {
  return amounts.reduce((most, amount) => Math.max(most, amount), 0);
}

function amountOf(call: CallUse, dimension: Dimension): number {
  const { input_tokens: input, output_tokens: output } = call.usage;
  return amountsOf({ input, output }, call.cost_nano_usd)[dimension];
}

function isSame(name: LimitName | null, limit: LimitEntry): boolean {
  return name?.dimension === limit.dimension && name.scope === limit.scope;
}

function unitOf(dimension: Dimension): LimitUse['unit'] {
  if (dimension === 'cost_usd') return 'nano_usd';
  return dimension === 'calls' ? 'calls' : 'tokens';
}
